import { dirname, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { canonicalJson } from "../formats/canonical_json.ts";
import { listFiles } from "../store/disk.ts";
import type { CodeManifest } from "../store/record.ts";
import { sha256 } from "../store/sealed.ts";
import type { Store } from "../store/store.ts";
import { isModule, ModuleAnalyser, type ModuleSource } from "./module_source.ts";
import { Packages } from "./packages.ts";

/** Files behind some modules. */
interface Files {
  /** Path -> digest. */
  readonly modules: ReadonlyMap<string, string>;
  readonly packages: Set<string>;
  readonly passedOn: readonly PassedOn[];
}

/** A name that a module passes on from another. Paths are absolute. */
interface PassedOn {
  readonly by: string;
  readonly as: string;
  readonly name: string;
  readonly from: string;
}

/** The code behind a stage's module and the variants that it loads. */
export interface StageCode {
  readonly manifest: CodeManifest;
  /** SHA-256 of the manifest. */
  readonly digest: string;
  /** Where the modules of a user's stand on this machine: the folder of each by the role that it has. */
  readonly places: Readonly<Record<string, string>>;
}

/** Finds the module graph of stages and hashes it. Looks at each file once in its life. */
export class CodeHasher {
  /** The folder of `deno.json` and `deno.lock`. */
  readonly root: string;
  readonly #store: Store;
  readonly #packages: Packages;
  readonly #analyser: ModuleAnalyser;
  readonly #digests = new Map<string, Promise<string | undefined>>();
  readonly #sources = new Map<string, Promise<ModuleSource>>();
  readonly #codes = new Map<string, Promise<StageCode>>();

  /** @param analyser knows texts that were looked at before */
  constructor(root: string, store: Store, analyser?: ModuleAnalyser) {
    this.root = resolve(root);
    this.#store = store;
    this.#packages = new Packages(readJson(`${root}/deno.json`), readJson(`${root}/deno.lock`));
    this.#analyser = analyser ??
      new ModuleAnalyser(`${store.folder}/analyses.json`, this.#packages.versionOf("esbuild"));
  }

  /** One that looks at all files again. */
  again(): CodeHasher {
    return new CodeHasher(this.root, this.#store, this.#analyser);
  }

  /** The code that is reached from a stage's module and its variants, by their roles. */
  code(module: URL, variants: Readonly<Record<string, URL>> = {}): Promise<StageCode> {
    const id = JSON.stringify([module, variants]);
    let code = this.#codes.get(id);
    if (!code) this.#codes.set(id, code = this.#graph(module, variants));
    return code;
  }

  /** Keeps what was learnt for the next process. */
  save(): Promise<void> {
    return this.#analyser.save(this.#store.aside());
  }

  async #graph(module: URL, variants: Readonly<Record<string, URL>>): Promise<StageCode> {
    const paths = Object.entries(variants).map(([role, url]): [string, string] => [role, fileURLToPath(url)]);
    const isOurs = this.#projectOf(fileURLToPath(module));
    const ours = paths.filter(([, path]) => isOurs(path));
    const theirs = paths.filter(([, path]) => !isOurs(path));
    const files = await this.#filesBehind([fileURLToPath(module), ...ours.map(([, path]) => path)]);
    const modules = new Map([...files.modules].map(([path, digest]) => [this.#name(path), digest]));
    const packages = files.packages;
    const passedOn: Record<string, Record<string, { module: string; name: string }>> = {};
    // The files of a user's are named by what they are to the stage, wherever they lie.
    for (const [role, entry] of theirs) {
      const own = await this.#filesBehind([entry], isOurs);
      for (const [path, digest] of own.modules) {
        modules.set(isOurs(path) ? this.#name(path) : ownName(role, entry, path), digest);
      }
      for (const id of own.packages) packages.add(id);
      for (const { by, as, name, from } of own.passedOn) {
        (passedOn[this.#name(by)] ??= {})[as] = { module: this.#name(from), name };
      }
    }
    const manifest: CodeManifest = {
      entry: this.#name(fileURLToPath(module)),
      variants: Object.fromEntries(
        paths.map(([role, path]) => [role, isOurs(path) ? this.#name(path) : ownName(role, path, path)]),
      ),
      modules: Object.fromEntries(modules),
      ...(Object.keys(passedOn).length > 0 ? { passedOn } : {}),
      packages: Packages.versions(packages),
    };
    const places = Object.fromEntries(theirs.map(([role, path]) => [role, dirname(path)]));
    return { manifest, digest: sha256(canonicalJson(manifest)), places };
  }

  /** Whether a file belongs to the same project as a stage's module: lies in the same folder of the root. */
  #projectOf(module: string): (path: string) => boolean {
    const [folder, ...below] = relative(this.root, module).split("/");
    const start = below.length > 0 ? `${this.root}/${folder}/` : `${this.root}/`;
    return (path) => path.startsWith(start);
  }

  /**
   * All files that are reached from modules, with their digests, and the packages behind them.
   *
   * @param isOurs where the modules are a user's: of a file of the project's that passes on what others export, only
   * the names count that are asked for
   */
  async #filesBehind(
    entries: readonly string[],
    isOurs: (path: string) => boolean = () => true,
  ): Promise<Files> {
    const passedOn: PassedOn[] = [];
    const modules = new Map<string, string>();
    const assets = new Map<string, string>();
    const packages = new Set<string>();

    const addAsset = async (path: string) => {
      for (const file of filesAt(path)) {
        // A script may be read as text, comments and all, so its bytes count; a TypeScript file can only be run.
        if (/\.[mc]?tsx?$/.test(file)) await addModule(file);
        else {
          const digest = await this.#digest(file);
          if (digest === undefined || assets.has(file)) continue;
          assets.set(file, digest);
          if (isModule(file)) await addModule(file);
        }
      }
    };

    const addModule = async (path: string) => {
      if (modules.has(path)) return;
      const text = await this.#digest(path);
      if (text === undefined) return; // no such file: it cannot be loaded, or was no import at all
      if (!isModule(path)) {
        modules.set(path, text);
        return;
      }
      modules.set(path, "");
      const source = await this.#source(path, text);
      modules.set(path, source.digest);
      const imported: string[] = [];
      for (const specifier of [...source.imports, ...source.workers]) {
        const target = this.#packages.resolve(specifier) ?? specifier;
        if (target.startsWith("npm:")) { for (const id of this.#packages.closure(target)) packages.add(id); }
        for (const file of this.#localPath(target, target === specifier ? path : `${this.root}/deno.json`)) {
          const names = isOurs(path) || !isOurs(file) ? undefined : source.names[specifier];
          const passed = names && await this.#passedOn(file, names);
          if (passed) passedOn.push(...passed);
          imported.push(...passed ? passed.map(({ from }) => from) : [file]);
        }
      }
      await Promise.all([
        ...imported.map(addModule),
        ...source.assets.flatMap((specifier) => this.#localPath(specifier, path)).map(addAsset),
      ]);
    };

    await Promise.all(entries.map(addModule));
    const missing = entries.find((entry) => !modules.has(entry));
    if (missing !== undefined) throw new Error(`Cannot find the module of a stage: ${missing}`);
    // Where a script is run and read as text, the text counts.
    return { modules: new Map([...modules, ...assets]), packages, passedOn };
  }

  /** Where names come from that a module passes on; undefined where it does anything else. */
  async #passedOn(by: string, names: readonly string[]): Promise<PassedOn[] | undefined> {
    const text = await this.#digest(by);
    const { reexports } = text === undefined || !isModule(by) ? {} : await this.#source(by, text);
    return reexports && names.flatMap((as): PassedOn[] => {
      // A name that is none at run time is that of a type.
      if (!Object.hasOwn(reexports, as)) return [];
      const { from, name } = reexports[as]!;
      return this.#localPath(from, by).map((from) => ({ by, as, name, from }));
    });
  }

  #digest(path: string): Promise<string | undefined> {
    let digest = this.#digests.get(path);
    if (!digest) {
      digest = this.#store.digests.digest(path).catch((error) => {
        if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) {
          return undefined;
        }
        throw error;
      });
      this.#digests.set(path, digest);
    }
    return digest;
  }

  #source(path: string, textDigest: string): Promise<ModuleSource> {
    let source = this.#sources.get(path);
    if (!source) this.#sources.set(path, source = this.#analyser.analyse(path, textDigest));
    return source;
  }

  /** [] for what is no file of this machine: `node:fs`, `data:...`. */
  #localPath(specifier: string, from: string): string[] {
    if (!/^(?:\.{0,2}\/|file:)/.test(specifier)) return [];
    return [fileURLToPath(new URL(specifier, pathToFileURL(from)))];
  }

  #name(path: string): string {
    return relative(this.root, path).replaceAll("\\", "/");
  }
}

/** The name of a user's file in a manifest: `architecture:layers/attention.ts`. */
function ownName(role: string, entry: string, path: string): string {
  return `${role}:${relative(dirname(entry), path).replaceAll("\\", "/")}`;
}

/**
 * Where a file of a manifest lies.
 *
 * @param root folder of `deno.json`
 * @param places folders of the modules of a user's, by role
 */
export function pathOf(name: string, root: string, places: StageCode["places"]): string {
  const colon = name.indexOf(":");
  return colon < 0 ? resolve(root, name) : resolve(places[name.slice(0, colon)]!, name.slice(colon + 1));
}

/** Whether a file of a manifest is a user's. */
export function isOwnFile(name: string): boolean {
  return name.includes(":");
}

function filesAt(path: string): string[] {
  return path.endsWith("/") ? listFiles(path.slice(0, -1)).map((name) => path + name) : [path];
}

function readJson(path: string) {
  return JSON.parse(Deno.readTextFileSync(path));
}
