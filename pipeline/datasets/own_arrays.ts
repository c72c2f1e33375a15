import { z } from "zod";
import { arraysInFiles } from "../kinds/images/arrays/arrays_in_files.ts";
import { type ArrayDataset, arrayFields, namedFiles } from "../kinds/images/arrays/schema.ts";
import type { DatasetDefinition } from "./dataset.ts";
import { OWN_CREDITS, type OwnFiles } from "./own.ts";
import type { FileHasher } from "./sources/source.ts";
import { ownSource } from "./sources/sources.ts";
import { listNamedFiles } from "./sources/named_files.ts";

/** A user's own arrays. */
export const ownArrays = {
  schema: z.strictObject({
    name: z.literal("arrays"),
    source: ownSource("The folder of the files with the arrays."),
    ...arrayFields,
  }).describe("Arrays of your own, in NumPy's formats or in IDX."),
  title: "Arrays",
  nouns: { one: "example", many: "examples" },
  kind: "images",
  preparation: arraysInFiles,
  credits: OWN_CREDITS,
  places: { mirrors: [] },
  contents: (dataset: ArrayDataset & OwnFiles, digests: FileHasher) =>
    listNamedFiles(dataset.source.path!, namedFiles(dataset), digests),
} satisfies DatasetDefinition;
