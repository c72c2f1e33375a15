import { UserError } from "../../base/errors.ts";
import { isOfUse } from "../../base/package_files.ts";
import { entriesOf, listFiles, onDisk, readTextIfPresent, writeAtomically } from "../../store/disk.ts";
import type { CodeManifest } from "../../store/record.ts";
import { seal, sha256, unseal } from "../../store/sealed.ts";
import type { Store } from "../../store/store.ts";

/** A package of npm as Deno has it on the disk. */
interface InstalledPackage {
  /** `name@version`. */
  readonly id: string;
  /** Its folder among the installed ones, with links to what it depends on. */
  readonly place: string;
  /** Its files. */
  readonly folder: string;
}

/** What is known of packages: the digest of each, and what the files of a folder were like when they had it. */
interface Known {
  /** `name@version` -> SHA-256 of its files that can reach a result, here: others may have been left away. */
  readonly code: Readonly<Record<string, string>>;
  /** Folder -> SHA-256 of the inodes, sizes and times of its files. */
  readonly folders: Readonly<Record<string, string>>;
}

/** See `FileDigests`: a file that is written to while it is read may not show it in its times. */
const RESOLUTION_MS = 1000;

/** Types reach no result, and are half of all files. */
const DECLARATION = /\.d\.[cm]?ts$/;

/** Deno leaves one in a package, empty, when it has said for a project that the package's scripts are not run. */
const MARK = /^\.scripts-warned-\d+$/;

/**
 * Holds the packages in `node_modules` to what they were when a stage first used them. Deno checks a package against
 * the lock file when it fetches it and never again, and keys name packages by version: what is computed with a file
 * that was changed since would be kept as the result of the package as published.
 */
export class InstalledPackages {
  readonly #root: string;
  readonly #store: Store;
  /** Folders that are as they were: stages have packages in common. */
  readonly #verified = new Set<string>();

  /** @param root folder of `deno.json` */
  constructor(store: Store, root: string) {
    this.#store = store;
    this.#root = root;
  }

  /**
   * Looks at every file of the packages behind a stage, and reads those of packages with a file that changed.
   * @throws {UserError} where a package is not what it was
   */
  async verify(stage: string, { packages }: CodeManifest): Promise<void> {
    const known = this.#load();
    const learnt: Known[] = [];
    for (const installed of installedPackages(packages, this.#root)) {
      if (this.#verified.has(installed.folder)) continue;
      try {
        learnt.push(lookAt(installed, known));
      } catch (error) {
        refuse(stage, installed, error);
      }
      this.#verified.add(installed.folder);
    }
    await this.#keep(learnt);
  }

  get #path(): string {
    return `${this.#store.folder}/packages.json`;
  }

  /** A damaged file counts as empty. */
  #load(): Known {
    const value = unseal(readTextIfPresent(this.#path) ?? "") as Partial<Known> | null | undefined;
    return { code: Object(value?.code), folders: Object(value?.folders) };
  }

  #keep(learnt: readonly Known[]): Promise<void> {
    const count = (known: Known) => Object.keys(known.code).length + Object.keys(known.folders).length;
    if (learnt.every((known) => count(known) === 0)) return Promise.resolve();
    return onDisk("Cannot keep the digests of packages", () => {
      // Beside what other processes learnt meanwhile.
      const all = [this.#load(), ...learnt];
      const code = Object.assign({}, ...all.map(({ code }) => code));
      const folders = Object.assign({}, ...all.map(({ folders }) => folders));
      writeAtomically(this.#path, seal({ code, folders }), this.#store.aside());
    });
  }
}

/** @returns what was learnt @throws {Changed} where it is not what it was */
function lookAt({ id, folder }: InstalledPackage, known: Known): Known {
  const started = Date.now();
  const files = listFiles(folder)
    .filter((name) => isOfUse(name) && !DECLARATION.test(name))
    .map((name) => ({ name, info: Deno.statSync(`${folder}/${name}`) }))
    .filter(({ name, info }) => !(MARK.test(name) && info.size === 0));
  const state = sha256(
    files.map(({ name, info: { ino, size, mtime, ctime } }) =>
      [name, ino, size, mtime?.getTime(), ctime?.getTime()].join(" ")
    ).join("\n"),
  );
  if (Object.hasOwn(known.folders, folder) && known.folders[folder] === state) {
    return { code: {}, folders: {} };
  }
  const lines: string[] = [];
  // Thousands of small files: to wait for each would take half as long again.
  for (const { name } of files) lines.push(`${sha256(Deno.readFileSync(`${folder}/${name}`))} ${name}`);
  const digest = sha256(lines.join("\n"));
  const times = files.map(({ info }) => info.ctime?.getTime() ?? 0);
  const latest = times.reduce((most, time) => Math.max(most, time), 0);
  if (Object.hasOwn(known.code, id) && known.code[id] !== digest) {
    throw new Changed(files[times.indexOf(latest)]?.name ?? "a file");
  }
  const isLasting = latest + RESOLUTION_MS <= started;
  return { code: { [id]: digest }, folders: isLasting ? { [folder]: state } : {} };
}

/** @throws {UserError} */
function refuse(stage: string, { id, folder }: InstalledPackage, error: unknown): never {
  if (!(error instanceof Changed)) throw error;
  throw new UserError(
    `Cannot run stage ${stage}: the package ${id} is not what it was when it was first used`,
    {
      notes: [
        `${error.message} of ${folder} changed last.`,
        "Keys name packages by version, so what other code computes must not be kept under it.",
        "Next: rm -r node_modules; deno install --reload. To change a package on purpose, give it another version.",
      ],
    },
  );
}

/** Says which file it was. */
class Changed extends Error {}

/** Where Deno has packages, each for as many peers as it is there for. */
export function installedPackages(packages: CodeManifest["packages"], root: string): InstalledPackage[] {
  const all = `${root}/node_modules/.deno`;
  const installed = entriesOf(all);
  return Object.entries(packages).flatMap(([name, versions]) =>
    versions.split(", ").flatMap((version) => {
      const id = `${name.replace("/", "+")}@${version}`;
      // Where a package stands several times, for several peers, a number follows.
      const folders = installed.filter((folder) => folder === id || folder.startsWith(`${id}_`));
      return folders.map((folder) => ({
        id: `${name}@${version}`,
        place: `${all}/${folder}`,
        folder: `${all}/${folder}/node_modules/${name}`,
      }));
    })
  );
}
