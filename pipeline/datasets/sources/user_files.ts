import { join } from "node:path";
import { UserError } from "../../base/errors.ts";
import { printable } from "../../base/printable.ts";
import { count } from "../../base/words.ts";
import { NAME_THE_FOLDER } from "./folder_files.ts";
import type { FileHasher } from "./source.ts";
import type { Contents, DataFile, LeftOut, PassedOver } from "../../artifacts/source_json.ts";

/** Which files of a user's folder are data. */
export interface WantedFiles {
  /** "MIDI files" */
  readonly many: string;
  /** Whether a name, with its folders, is that of one. */
  readonly name: { test(name: string): boolean };
  /** What is said of other files, to be read after a name. */
  readonly otherwise: string;
  /** What is said of a folder that has none. */
  readonly emptyFolder: string;
  /** The most files: all of them are looked at whenever a run is planned. */
  readonly mostFiles: number;
  /** The most bytes of a file: a larger one is not read. */
  readonly mostBytes: number;
  /** Whether they may lie in the folder itself, and not in one of its folders. */
  readonly loose: boolean;
  /** What is said where there are none. */
  readonly none: string;
  /** What to do then. */
  readonly next: string;
}

/** Files and folders that are looked at for each file that there may be: links can make a small folder look endless. */
const ENTRIES_PER_FILE = 10;
/** The most characters of a file's name with its folders: the store takes no longer ones. */
const LONGEST_NAME = 1024;

/**
 * The files of a folder and the folders in it, by name, with the digests of what they hold now. Links are followed;
 * hidden files are no part of it.
 *
 * @throws {UserError} where there are none or too many, or where they lie outside a sub-folder and may not
 */
export async function listUserFiles(
  folder: string,
  wanted: WantedFiles,
  digests: FileHasher,
): Promise<Required<Pick<Contents, "files" | "leftOut" | "passedOver">>> {
  const listing = new Listing(folder, wanted);
  const files: DataFile[] = [];
  for (const name of listing.names) files.push(...await listing.read(name, digests));
  if (files.length === 0) {
    throw refusal(
      folder,
      wanted,
      wanted.none,
      ...listing.leftOut.map(({ name, reason }) => `${name}: ${reason}`),
      wanted.next,
    );
  }
  return { files, leftOut: listing.leftOut, passedOver: [...listing.passedOver.values()] };
}

class Listing {
  readonly #folder: string;
  readonly #wanted: WantedFiles;
  readonly names: string[] = [];
  readonly leftOut: LeftOut[] = [];
  /** By reason. */
  readonly passedOver = new Map<string, PassedOver>();
  #entries = 0;

  constructor(folder: string, wanted: WantedFiles) {
    this.#folder = folder;
    this.#wanted = wanted;
    let real;
    try {
      real = Deno.realPathSync(folder);
      this.#walk("", Deno.readDirSync(folder), [real]);
    } catch (error) {
      if (error instanceof UserError || error instanceof Deno.errors.NotCapable) throw error;
      throw refusal(folder, wanted, problem(error), NAME_THE_FOLDER);
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
    const mostEntries = ENTRIES_PER_FILE * this.#wanted.mostFiles;
    if (this.#entries > mostEntries) {
      throw this.#refusal(
        `with all links followed it holds more than ${mostEntries} files and folders`,
        "Take out links to folders that hold links to each other.",
      );
    }
    for (const entry of entries) {
      const name = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isFile && !this.#wanted.name.test(name)) this.#passOver(this.#wanted.otherwise, name);
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
      const isExpected = path === "" || this.#wanted.name.test(name);
      if (isExpected && this.names.length === before) this.#passOver(this.#wanted.emptyFolder, name);
      return;
    }
    if (!this.#wanted.name.test(name)) return this.#passOver(this.#wanted.otherwise, name);
    if (path === "" && !this.#wanted.loose) {
      throw this.#refusal(
        `${name} lies outside a sub-folder`,
        "Put each file in the folder of its class.",
      );
    }
    if (!info.isFile) throw new Unusable("it is not a regular file");
    const { mostBytes, mostFiles, many } = this.#wanted;
    if (info.size > mostBytes) throw new Unusable(`it has ${info.size} bytes; at most ${mostBytes} are read`);
    if (this.names.length === mostFiles) {
      throw this.#refusal(`it holds more than ${count(mostFiles)} ${many}`, "Name a folder with fewer.");
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

  #refusal(reason: string, ...next: readonly string[]): UserError {
    return refusal(this.#folder, this.#wanted, reason, ...next);
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

function refusal(
  folder: string,
  { many }: WantedFiles,
  reason: string,
  ...next: readonly string[]
): UserError {
  return new UserError(`Cannot take ${many} from ${folder}: ${reason}`, { notes: next, exitStatus: 2 });
}
