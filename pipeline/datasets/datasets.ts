import { isOwn } from "../base/own_module.ts";
import type { DatasetBase } from "../kinds/dataset_base.ts";
import type { About } from "../kinds/images/own/schema.ts";
import type { KindSpec } from "../kinds/kind.ts";
import { KINDS } from "../kinds/kinds.ts";
import { bachLute } from "./bach_lute.ts";
import type { DatasetDefinition } from "./dataset.ts";
import { ownArrays } from "./own_arrays.ts";
import { ownModule } from "./own_module.ts";
import { ownPictures } from "./own_pictures.ts";
import { jsbChorales } from "./jsb_chorales.ts";
import { midi } from "./midi.ts";
import { mnist } from "./mnist.ts";
import { pianoGenres } from "./piano_genres.ts";

/** The datasets that a spec can name as `dataset.name`. */
export const DATASETS = {
  "mnist": mnist,
  "piano-genres": pianoGenres,
  "bach-lute": bachLute,
  "jsb-chorales": jsbChorales,
  "midi": midi,
  "images": ownPictures,
  "arrays": ownArrays,
} satisfies Record<string, DatasetDefinition>;

/** All of them, and data that a module of the user's reads. */
export const DATA = { ...DATASETS, module: ownModule };

/** The variant that a spec names. */
export function datasetOf(dataset: { readonly name: string }): DatasetDefinition {
  const byName: Readonly<Record<string, DatasetDefinition>> = DATASETS;
  return isOwn(dataset) ? ownModule : byName[dataset.name]!;
}

/** What the data that a spec names are called, and who made them; of the user's own the spec says it. */
export function aboutOf(
  dataset: DatasetBase & { readonly about?: About },
): Pick<DatasetDefinition, "title" | "nouns" | "credits"> {
  const { title, nouns, credits } = datasetOf(dataset);
  const { about = {} } = dataset;
  return {
    title: about.title ?? title,
    nouns: about.noun === undefined ? nouns : { one: about.noun, many: about.nouns ?? `${about.noun}s` },
    credits: {
      authors: about.authors ?? credits.authors,
      licence: about.licence === undefined ? credits.licence : { name: about.licence, url: "" },
      url: about.url ?? credits.url,
    },
  };
}

/** The kind of the data that a spec names. */
export function kindOf(dataset: { readonly name: string }): KindSpec {
  return KINDS[datasetOf(dataset).kind];
}
