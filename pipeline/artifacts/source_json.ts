import { jsonArtifact } from "./artifact.ts";

/** What the downloaded files are, and who made them. */
export interface SourceInfo {
  readonly name: string;
  readonly title: string;
  readonly authors: readonly string[];
  readonly licence: { readonly name: string; readonly url: string };
  readonly url: string;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  /** Files of a user's folder that cannot be read. */
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

/** The provenance of the data. */
export const SOURCE_JSON = jsonArtifact<SourceInfo>("download/source.json");
