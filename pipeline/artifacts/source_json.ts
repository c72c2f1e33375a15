import { jsonArtifact } from "./artifact.ts";

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

/** A file that no example is made of. */
export interface LeftOut {
  /** With its folders, below the folder that the spec names. */
  readonly name: string;
  /** What is wrong, to be read after the name and a colon. */
  readonly reason: string;
}

/** Files and folders that are not of the kind that is looked for. */
export interface PassedOver {
  readonly reason: string;
  readonly count: number;
  /** Name of the first. */
  readonly example: string;
}

/** Who made a dataset, and under which conditions it may be used. */
export interface Credits {
  readonly authors: readonly string[];
  readonly licence: { readonly name: string; readonly url: string };
  readonly url: string;
}

/** What the downloaded files are, and who made them. */
export interface SourceInfo extends Credits, Contents {
  readonly name: string;
  readonly title: string;
}

/** The provenance of the data. */
export const SOURCE_JSON = jsonArtifact<SourceInfo>("download/source.json");
