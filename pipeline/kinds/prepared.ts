import type { Picture } from "../formats/png.ts";
import type { DatasetInfo, PartArrays, PartName } from "../artifacts/dataset.ts";

/** What a dataset's files become, before it is written. */
export interface Prepared {
  /** What `dataset.json` says; what only this kind has stands there under a name of its own. */
  readonly about: Omit<DatasetInfo, "name" | "licence" | "authors" | "url" | "parts"> & {
    readonly [name: string]: unknown;
  };
  /** Examples and labels. */
  readonly parts: Readonly<Record<PartName, PartArrays>>;
  /** The first training examples of each class, to look at. */
  readonly contactSheet: Picture;
  /** Further files, by name. */
  readonly texts: Readonly<Record<string, string>>;
  /** Sentences for the user. */
  readonly notices: readonly string[];
}

/** Reads one of the dataset's files, by its own name. */
export type ReadFile = (name: string) => Promise<Uint8Array<ArrayBuffer>>;
