import { z } from "zod";
import { examplesByModule } from "../kinds/images/module/examples_by_module.ts";
import { type OwnDataset, ownDatasetFields } from "../kinds/images/module/schema.ts";
import type { DatasetDefinition } from "./dataset.ts";
import { OWN_CREDITS, type OwnFiles } from "./own.ts";
import { listNamedFiles } from "./sources/named_files.ts";
import type { FileHasher } from "./sources/source.ts";
import { ownSource } from "./sources/sources.ts";

/** Files that a module of the user's makes examples of. */
export const ownModule = {
  schema: z.strictObject({
    name: z.literal("module"),
    source: ownSource("The folder of the files that the module reads."),
    ...ownDatasetFields,
  }).describe("Examples that a module of your own makes of files."),
  title: "Examples of a module",
  nouns: { one: "example", many: "examples" },
  kind: "images",
  preparation: examplesByModule,
  credits: OWN_CREDITS,
  places: { mirrors: [] },
  contents: (dataset: OwnDataset & OwnFiles, digests: FileHasher) =>
    listNamedFiles(dataset.source.path!, dataset.files, digests),
} satisfies DatasetDefinition;
