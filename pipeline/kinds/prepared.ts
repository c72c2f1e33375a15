import type { Picture } from "../formats/png.ts";
import type { DatasetInfo, PartName } from "../artifacts/dataset.ts";

/** What a dataset's files become, before it is written. */
export interface Prepared {
  readonly about: Omit<DatasetInfo, "name" | "licence" | "authors" | "url" | "parts">;
  /** Examples [n, ...shape] and labels [n]. */
  readonly parts: Readonly<Record<PartName, { readonly images: Uint8Array; readonly labels: Uint8Array }>>;
  readonly contactSheet: Picture;
  /** Further files, by name. */
  readonly texts: Readonly<Record<string, string>>;
  /** Sentences for the user. */
  readonly notices: readonly string[];
}

/** Reads one of the dataset's files, by its own name. */
export type ReadFile = (name: string) => Promise<Uint8Array<ArrayBuffer>>;
