import { z } from "zod";
import { piecesInFolders } from "../kinds/music/pieces_in_folders.ts";
import { musicFields } from "../kinds/music/schema.ts";
import type { DatasetDefinition } from "./dataset.ts";
import type { FileHasher, SourceSpec } from "./sources/source.ts";
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
  credits: {
    authors: [],
    licence: { name: "not stated: the user's own files", url: "" },
    url: "",
  },
  places: { mirrors: [] },
  contents: (source: SourceSpec & { readonly path?: string }, digests: FileHasher) =>
    listMidiFiles(source.path!, digests),
} satisfies DatasetDefinition;
