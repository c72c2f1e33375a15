import { join } from "node:path";
import { UserError } from "../../base/errors.ts";
import { printable } from "../../base/printable.ts";
import { NAME_THE_FOLDER } from "./folder_files.ts";
import type { FileHasher } from "./source.ts";
import type { Contents, DataFile, LeftOut, PassedOver } from "../../artifacts/source_json.ts";

const MOST_CLASSES = 256; // labels are bytes
/** The most MIDI files: all of them are looked at whenever a run is planned. */
const MOST_FILES = 10_000;
/** The most bytes of a file: a larger one holds no score, and is not read. */
const MOST_BYTES = 64 * 1024 * 1024;
/** The most files and folders that are looked at: links can make a small folder look endless. */
const MOST_ENTRIES = 100_000;

/** The most characters of a file's name with its folders: the store takes no longer ones. */
const LONGEST_NAME = 1024;

const EXTENSION = /\.(midi?|kar|rmi|smf)$/i;
const NOT_MIDI = "its name does not end in .mid, .midi, .kar, .rmi or .smf";
const NO_MIDI = "it is a folder without MIDI files";

/**
 * The MIDI files in the sub-folders of a folder and the folders in these, by name, with the digests of what they
 * hold now. The first folder of a name is its class. Links are followed; hidden files are no part of it.
 * @throws {UserError} where there are none, too many, or MIDI files lie outside a sub-folder.
 */
export async function listMidiFiles(folder: string, digests: FileHasher): Promise<Required<Contents>> {
  const listing = new Listing(folder);
  const classes = new Set(listing.names.map((name) => name.slice(0, name.indexOf("/"))));
  if (classes.size > MOST_CLASSES) {
    throw refusal(
      folder,
      `it has MIDI files in ${classes.size} sub-folders`,
      `Allowed: ${MOST_CLASSES} classes.`,
    );
  }
  const files: DataFile[] = [];
  for (const name of listing.names) files.push(...await listing.read(name, digests));
  if (files.length === 0) {
    throw refusal(
      folder,
      "no sub-folder of it holds a MIDI file that can be read",
      ...listing.leftOut.map(({ name, reason }) => `${name}: ${reason}`),
      "Make one sub-folder for each class, with .mid, .midi, .kar, .rmi or .smf files in it.",
    );
  }
  return { files, leftOut: listing.leftOut, passedOver: [...listing.passedOver.values()] };
}

class Listing {
  readonly #folder: string;
  readonly names: string[] = [];
  readonly leftOut: LeftOut[] = [];
  /** By reason. */
  readonly passedOver = new Map<string, PassedOver>();
  #entries = 0;

  constructor(folder: string) {
    this.#folder = folder;
    let real;
    try {
      real = Deno.realPathSync(folder);
      this.#walk("", Deno.readDirSync(folder), [real]);
    } catch (error) {
      if (error instanceof UserError || error instanceof Deno.errors.NotCapable) throw error;
      throw refusal(folder, problem(error), NAME_THE_FOLDER);
    }
  }

  /** A file as it is now; [] where it is left out. */
  async read(name: string, digests: FileHasher): Promise<DataFile[]> {
    const path = join(this.#folder, name);
    try {
      const sha256 = await digests.digest(path);
      return [{ name, bytes: Deno.statSync(path).size, sha256 }];
    } catch (error) {
      this.#leaveOut(name, error);
      return [];
    }
  }

  /** @param inside The real paths of the folder and of those that it lies in. */
  #walk(path: string, found: Iterable<Deno.DirEntry>, inside: readonly string[]): void {
    const entries = [...found].filter(({ name }) => !name.startsWith(".")).sort((a, b) =>
      a.name < b.name ? -1 : 1
    );
    this.#entries += entries.length;
    if (this.#entries > MOST_ENTRIES) {
      throw refusal(
        this.#folder,
        `with all links followed it holds more than ${MOST_ENTRIES} files and folders`,
        "Take out links to folders that hold links to each other.",
      );
    }
    for (const entry of entries) {
      const name = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isFile && !EXTENSION.test(name)) this.#passOver(NOT_MIDI, name);
      else {
        try {
          this.#enter(name, path, inside);
        } catch (error) {
          this.#leaveOut(name, error);
        }
      }
    }
  }

  #enter(name: string, path: string, inside: readonly string[]): void {
    const place = join(this.#folder, name);
    const info = Deno.statSync(place);
    if (/[\p{Cc}\\]/u.test(name) || name.length > LONGEST_NAME) {
      throw new Unusable(
        `its name holds control characters or a backslash, or is longer than ${LONGEST_NAME} characters`,
      );
    }
    if (info.isDirectory) {
      const real = Deno.realPathSync(place);
      if (inside.includes(real)) throw new Unusable("it is a link to a folder that it lies in: without end");
      const before = this.names.length;
      this.#walk(name, Deno.readDirSync(place), [...inside, real]);
      const isExpected = path === "" || EXTENSION.test(name);
      if (isExpected && this.names.length === before) this.#passOver(NO_MIDI, name);
      return;
    }
    if (!EXTENSION.test(name)) return this.#passOver(NOT_MIDI, name);
    if (path === "") {
      throw refusal(
        this.#folder,
        `${name} lies outside a sub-folder`,
        "Put each file in the folder of its class.",
      );
    }
    if (!info.isFile) throw new Unusable("it is not a regular file");
    if (info.size > MOST_BYTES) {
      throw new Unusable(`it has ${info.size} bytes; at most ${MOST_BYTES} are read`);
    }
    if (this.names.length === MOST_FILES) {
      throw refusal(this.#folder, `it holds more than ${MOST_FILES} MIDI files`, "Name a folder with fewer.");
    }
    this.names.push(name);
  }

  #leaveOut(name: string, error: unknown): void {
    if (error instanceof UserError || error instanceof Deno.errors.NotCapable) throw error;
    const reason = error instanceof Unusable ? error.message : this.#problemOf(name, error);
    this.leftOut.push({ name: printable(name), reason });
  }

  #problemOf(name: string, error: unknown): string {
    if (!(error instanceof Deno.errors.NotFound)) return problem(error);
    try {
      Deno.lstatSync(join(this.#folder, name));
      return "it is a link to something that is not there";
    } catch {
      // Deno shows what is not UTF-8 as U+FFFD, and cannot open such a name.
      return name.includes("\ufffd")
        ? "its name is not UTF-8: rename it"
        : "it vanished while the folder was read";
    }
  }

  #passOver(reason: string, name: string): void {
    const { count, example } = this.passedOver.get(reason) ?? { count: 0, example: printable(name) };
    this.passedOver.set(reason, { reason, count: count + 1, example });
  }
}

/** Why something in the folder cannot be used. */
class Unusable extends Error {}

/** What the system says, without paths: a report may show it. */
function problem(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such folder";
  if (error instanceof Deno.errors.NotADirectory) return "it is not a folder";
  if (error instanceof Deno.errors.PermissionDenied) return "this user may not read it";
  if (error instanceof Deno.errors.FilesystemLoop) return "it is a link that leads back to itself";
  const message = error instanceof Error ? error.message : String(error);
  return `it cannot be read: ${printable(message.replace(/ \(os error .*$/s, ""))}`;
}

function refusal(folder: string, reason: string, ...next: readonly string[]): UserError {
  return new UserError(`Cannot take MIDI files from ${folder}: ${reason}`, { notes: next, exitStatus: 2 });
}
