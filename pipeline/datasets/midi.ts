import { z } from "zod";
import { piecesInFolders } from "../kinds/music/pieces_in_folders.ts";
import { musicFields } from "../kinds/music/schema.ts";
import type { DatasetDefinition } from "./dataset.ts";
import { OWN_CREDITS, type OwnFiles } from "./own.ts";
import type { FileHasher } from "./sources/source.ts";
import { ownSource } from "./sources/sources.ts";
import { listMidiFiles } from "./sources/user_midi.ts";

/** A user's own MIDI files. What they are held to is what they were when the run was planned. */
export const midi = {
  schema: z.strictObject({
    name: z.literal("midi"),
    source: ownSource("A folder with one sub-folder of MIDI files for each class."),
    ...musicFields,
  }).describe("MIDI files of your own."),
  title: "MIDI files",
  nouns: { one: "piece", many: "pieces" },
  kind: "music",
  preparation: piecesInFolders({}),
  credits: OWN_CREDITS,
  places: { mirrors: [] },
  contents: ({ source }: OwnFiles, digests: FileHasher) => listMidiFiles(source.path!, digests),
} satisfies DatasetDefinition;
