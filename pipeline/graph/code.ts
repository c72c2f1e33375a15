import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { canonicalJson } from "../formats/canonical_json.ts";
import { listFiles } from "../store/disk.ts";
import type { CodeManifest } from "../store/record.ts";
import { sha256 } from "../store/sealed.ts";
import type { Store } from "../store/store.ts";
import { isModule, ModuleAnalyser, type ModuleSource } from "./module_source.ts";
import { Packages } from "./packages.ts";

/** The code behind a stage's module and the variants that it loads. */
export interface StageCode {
  readonly manifest: CodeManifest;
  /** SHA-256 of the manifest. */
  readonly digest: string;
}

/**
 * Finds the module graph of stages and hashes it. Looks at each file once in its life: make a new one to look again.
 */
export class CodeHasher {
  /** The folder of `deno.json` and `deno.lock`. */
  readonly root: string;
  readonly #store: Store;
  readonly #packages: Packages;
  readonly #analyser: ModuleAnalyser;
  readonly #digests = new Map<string, Promise<string | undefined>>();
  readonly #sources = new Map<string, Promise<ModuleSource>>();
  readonly #codes = new Map<string, Promise<StageCode>>();

  constructor(root: string, store: Store) {
    this.root = root;
    this.#store = store;
    this.#packages = new Packages(readJson(`${root}/deno.json`), readJson(`${root}/deno.lock`));
    this.#analyser = new ModuleAnalyser(`${store.folder}/analyses.json`, this.#packages.versionOf("esbuild"));
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
    const entries = [module, ...Object.values(variants)].map((url) => fileURLToPath(url));
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
        else {imported.push(
            ...this.#localPath(target, target === specifier ? path : `${this.root}/deno.json`),
          );}
      }
      await Promise.all([
        ...imported.map(addModule),
        ...source.assets.flatMap((specifier) => this.#localPath(specifier, path)).map(addAsset),
      ]);
    };

    await Promise.all(entries.map(addModule));
    const missing = entries.find((entry) => !modules.has(entry));
    if (missing !== undefined) throw new Error(`Cannot find the module of a stage: ${missing}`);
    const manifest: CodeManifest = {
      entry: this.#name(fileURLToPath(module)),
      variants: Object.fromEntries(
        Object.entries(variants).map(([role, url]) => [role, this.#name(fileURLToPath(url))]),
      ),
      // Where a script is run and read as text, the text counts.
      modules: Object.fromEntries(
        [...new Map([...modules, ...assets])].map(([path, digest]) => [this.#name(path), digest]),
      ),
      packages: Packages.versions(packages),
    };
    return { manifest, digest: sha256(canonicalJson(manifest)) };
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

function filesAt(path: string): string[] {
  return path.endsWith("/") ? listFiles(path.slice(0, -1)).map((name) => path + name) : [path];
}

function readJson(path: string) {
  return JSON.parse(Deno.readTextFileSync(path));
}
