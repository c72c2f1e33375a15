import type { KindSpec } from "../kinds/kind.ts";
import { KINDS } from "../kinds/kinds.ts";
import { bachLute } from "./bach_lute.ts";
import type { DatasetDefinition } from "./dataset.ts";
import { midi } from "./midi.ts";
import { mnist } from "./mnist.ts";
import { pianoGenres } from "./piano_genres.ts";

/** The datasets that a spec can name as `dataset.name`. */
export const DATASETS = {
  "mnist": mnist,
  "piano-genres": pianoGenres,
  "bach-lute": bachLute,
  "midi": midi,
} satisfies Record<string, DatasetDefinition>;

/** The variant that a spec names. */
export function datasetOf({ name }: { readonly name: string }): DatasetDefinition {
  const byName: Readonly<Record<string, DatasetDefinition>> = DATASETS;
  return byName[name]!;
}

/** The kind of the data that a spec names. */
export function kindOf(dataset: { readonly name: string }): KindSpec {
  return KINDS[datasetOf(dataset).kind];
}
