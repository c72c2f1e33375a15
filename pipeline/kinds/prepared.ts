import type { Picture } from "../formats/png.ts";
import type { DatasetInfo } from "../artifacts/dataset.ts";

/** What is said of a dataset's examples once they are made. */
export interface Prepared {
  /** What `dataset.json` says; what only this kind has stands there under a name of its own. */
  readonly about: Omit<DatasetInfo, "name" | "licence" | "authors" | "url" | "parts"> & {
    readonly [name: string]: unknown;
  };
  /** The first training examples of each class, to look at. */
  readonly contactSheet: Picture;
  /** Further files, by name. */
  readonly texts: Readonly<Record<string, string>>;
  /** Sentences for the user. */
  readonly notices: readonly string[];
}
