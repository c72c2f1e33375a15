import { z } from "zod";
import { picturesInFolders } from "../kinds/images/pictures/pictures_in_folders.ts";
import { type PictureDataset, pictureFields } from "../kinds/images/pictures/schema.ts";
import type { DatasetDefinition } from "./dataset.ts";
import { OWN_CREDITS, type OwnFiles } from "./own.ts";
import type { FileHasher } from "./sources/source.ts";
import { ownSource } from "./sources/sources.ts";
import { listPictures } from "./sources/user_pictures.ts";

/** A user's own pictures. */
export const ownPictures = {
  schema: z.strictObject({
    name: z.literal("images"),
    source: ownSource("A folder of pictures, PNG or JPEG, in one sub-folder for each class or in none."),
    ...pictureFields,
  }).describe("Pictures of your own."),
  title: "Pictures",
  nouns: { one: "picture", many: "pictures" },
  kind: "images",
  preparation: picturesInFolders,
  credits: OWN_CREDITS,
  places: { mirrors: [] },
  contents: ({ source, split }: PictureDataset & OwnFiles, digests: FileHasher) =>
    listPictures(source.path!, split.file, digests),
} satisfies DatasetDefinition;
