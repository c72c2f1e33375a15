import type { Contents } from "../../artifacts/source_json.ts";
import { UserError } from "../../base/errors.ts";
import type { FileHasher } from "./source.ts";
import { listUserFiles, type WantedFiles } from "./user_files.ts";

const MOST_CLASSES = 256; // labels are bytes

const MIDI_FILES: WantedFiles = {
  many: "MIDI files",
  name: /\.(midi?|kar|rmi|smf)$/i,
  otherwise: "its name does not end in .mid, .midi, .kar, .rmi or .smf",
  emptyFolder: "it is a folder without MIDI files",
  mostFiles: 10_000,
  mostBytes: 64 * 1024 * 1024,
  loose: false,
  none: "no sub-folder of it holds a MIDI file that can be read",
  next: "Make one sub-folder for each class, with .mid, .midi, .kar, .rmi or .smf files in it.",
};

/**
 * The MIDI files in the sub-folders of a folder and the folders in these. The first folder of a name is its class.
 *
 * @throws {UserError} where there are none, too many, or MIDI files lie outside a sub-folder
 */
export async function listMidiFiles(
  folder: string,
  digests: FileHasher,
): Promise<Required<Omit<Contents, "pack">>> {
  const contents = await listUserFiles(folder, MIDI_FILES, digests);
  const classes = new Set(contents.files.map(({ name }) => name.slice(0, name.indexOf("/"))));
  if (classes.size > MOST_CLASSES) {
    throw new UserError(
      `Cannot take MIDI files from ${folder}: it has MIDI files in ${classes.size} sub-folders`,
      { notes: [`Allowed: ${MOST_CLASSES} classes.`], exitStatus: 2 },
    );
  }
  return contents;
}
