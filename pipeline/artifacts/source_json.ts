import { jsonArtifact } from "./artifact.ts";

/** One file of a dataset, as it is after unpacking. */
export interface DataFile {
  /** With its folders before it, the first that of its class, where it is a piece of music. */
  readonly name: string;
  /** Its size. */
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** The files of a dataset, and what else is in a user's folder. */
export interface Contents {
  /** All that a source has to deliver. */
  readonly files: readonly DataFile[];
  /** The one file that they are delivered in, one after another, where they are many. */
  readonly pack?: string;
  /** Files, links and folders that cannot be read. Whether a run goes on without them, the spec says. */
  readonly leftOut?: readonly LeftOut[];
  /** What is no data, and is told as such. */
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
  /** What they have in common: "not MIDI". */
  readonly reason: string;
  /** How many. */
  readonly count: number;
  /** Name of the first. */
  readonly example: string;
}

/** Who made a dataset, and under which conditions it may be used. */
export interface Credits {
  /** Names, as they are to be cited. */
  readonly authors: readonly string[];
  /** Its name, and where its text stands. */
  readonly licence: { readonly name: string; readonly url: string };
  /** Where the data are described. */
  readonly url: string;
}

/** What the downloaded files are, and who made them. */
export interface SourceInfo extends Credits, Contents {
  readonly name: string;
  readonly title: string;
}

/** The provenance of the data. */
export const SOURCE_JSON = jsonArtifact<SourceInfo>("download/source.json");
