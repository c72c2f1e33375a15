import { jsonArtifact } from "./artifact.ts";

/** What the downloaded files are, and who made them. */
export interface SourceInfo {
  readonly name: string;
  readonly title: string;
  readonly authors: readonly string[];
  readonly licence: { readonly name: string; readonly url: string };
  readonly url: string;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

/** The provenance of the data. */
export const SOURCE_JSON = jsonArtifact<SourceInfo>("download/source.json");
