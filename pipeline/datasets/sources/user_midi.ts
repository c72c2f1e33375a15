import { createHash } from "node:crypto";
import { join } from "node:path";
import { UserError } from "../../base/errors.ts";
import type { DataFile } from "../origin.ts";

const MOST_CLASSES = 256; // labels are bytes
const MOST_FILES = 10_000;

/**
 * The MIDI files in the sub-folders of a folder, by name, with the digests of what they hold now. Hidden files and
 * those without `.mid` or `.midi` are passed over.
 * @throws {UserError} where there are none, or MIDI files lie outside a sub-folder.
 */
export function listMidiFiles(folder: string): DataFile[] {
  const classes = entries(folder, folder).filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  const loose = entries(folder, folder).find(({ name, isFile }) => isFile && isMidi(name));
  if (loose) {
    throw refusal(
      folder,
      `${loose.name} lies outside a sub-folder`,
      "Put each file in the folder of its class.",
    );
  }
  const names = classes.flatMap((label) =>
    entries(join(folder, label), folder)
      .filter(({ name, isFile }) => isFile && isMidi(name))
      .map(({ name }) => `${label}/${name}`)
  );
  if (names.length === 0) {
    throw refusal(
      folder,
      "no sub-folder of it holds a MIDI file",
      "Make one sub-folder for each class, with .mid or .midi files in it.",
    );
  }
  if (names.length > MOST_FILES || classes.length > MOST_CLASSES) {
    throw refusal(
      folder,
      `it holds ${names.length} MIDI files in ${classes.length} classes`,
      `Allowed: ${MOST_FILES} files, ${MOST_CLASSES} classes.`,
    );
  }
  return names.map((name) => {
    const bytes = Deno.readFileSync(join(folder, name));
    return { name, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
  });
}

function entries(path: string, folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(path)]
      .filter(({ name }) => !name.startsWith("."))
      .sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "there is no such folder"
      : error instanceof Deno.errors.NotADirectory
      ? "it is not a folder"
      : String(error);
    throw refusal(folder, reason, "dataset.source.path names the folder, relative to the spec.", error);
  }
}

function isMidi(name: string): boolean {
  return /\.midi?$/i.test(name);
}

function refusal(folder: string, reason: string, next: string, cause?: unknown): UserError {
  return new UserError(`Cannot take MIDI files from ${folder}: ${reason}`, {
    notes: [next],
    exitStatus: 2,
    cause,
  });
}
