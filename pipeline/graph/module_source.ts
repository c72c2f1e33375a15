import type { Loader } from "esbuild";
import { readTextIfPresent, writeAtomically } from "../store/disk.ts";
import { seal, sha256, unseal } from "../store/sealed.ts";

/** What the text of one module says, whatever its comments, types and formatting. */
export interface ModuleSource {
  /** SHA-256 of the code alone. */
  readonly digest: string;
  /** Specifiers of static, dynamic and re-exporting imports, as written. */
  readonly imports: readonly string[];
  /** What is imported by name, of the specifiers of which nothing else is asked: `import { a } from "./b.ts"`. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Where each export comes from, of a module that does nothing but re-export by name. */
  readonly reexports?: Readonly<Record<string, Reexport>>;
  /** Specifiers of `new Worker(new URL("...", import.meta.url))`. */
  readonly workers: readonly string[];
  /** Specifiers of other `new URL("...", import.meta.url)`: files and folders beside the code. */
  readonly assets: readonly string[];
}

/** A name that another module exports. */
export interface Reexport {
  readonly from: string;
  readonly name: string;
}

const LOADERS: Readonly<Record<string, Loader>> = {
  ts: "ts",
  mts: "ts",
  tsx: "tsx",
  js: "js",
  mjs: "js",
  jsx: "jsx",
};

/** Whether a file is code, and not data beside it. */
export function isModule(path: string): boolean {
  return extension(path) in LOADERS;
}

/**
 * Analyses modules with esbuild, and remembers the results by the digest of the text from one process to the
 * next: esbuild starts only where there is a text that was never seen.
 */
export class ModuleAnalyser {
  readonly #memoPath: string;
  readonly #known: Map<string, ModuleSource>;
  #isNew = false;

  /** @param version of esbuild: another one may print the same code differently */
  constructor(memoPath: string, readonly version: string) {
    this.#memoPath = memoPath;
    const text = readTextIfPresent(memoPath);
    this.#known = new Map(Object.entries((text && unseal(text) as Record<string, ModuleSource>) || {}));
  }

  /** @param textDigest SHA-256 of the file */
  async analyse(path: string, textDigest: string): Promise<ModuleSource> {
    const loader = LOADERS[extension(path)];
    if (!loader) throw new TypeError(`Cannot analyse ${path}: it is not a module`);
    const id = `${this.version} ${loader} names ${textDigest}`;
    let source = this.#known.get(id);
    if (!source) {
      const text = await Deno.readTextFile(path);
      source = await analyse(text, loader, path);
      this.#isNew = true;
      // One that was edited since it was digested is not remembered as what it was.
      if (sha256(text) === textDigest) this.#known.set(id, source);
    }
    return source;
  }

  /** Keeps what was learnt, and ends esbuild if it was started. */
  async save(aside: string): Promise<void> {
    if (!this.#isNew) return;
    writeAtomically(this.#memoPath, seal(Object.fromEntries(this.#known)), aside);
    this.#isNew = false;
    const { stop } = await import("esbuild");
    await stop();
  }
}

function extension(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

async function analyse(text: string, loader: Loader, path: string): Promise<ModuleSource> {
  const { transform } = await import("esbuild");
  const { code } = await transform(text, {
    loader,
    sourcefile: path,
    charset: "utf8",
    legalComments: "none",
    minifyWhitespace: true,
    // Deno loads what is imported without `type`, used or not.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  const find = (pattern: RegExp) => Array.from(code.matchAll(pattern), (match) => match[2]!);
  const workers = find(/\bnew Worker\(new URL\((["'`])([^"'`\n]+)\1,import\.meta\.url\)/g);
  const urls = find(/\bnew URL\((["'`])([^"'`\n]+)\1,import\.meta\.url\)/g);
  return {
    digest: sha256(code),
    // A string that happens to look like an import can only add a dependency, never hide one.
    imports: [...new Set(find(/\b(?:from|import)\s*\(?(["'`])([^"'`\n]+)\1/g))].sort(),
    names: namedImports(code),
    ...reexports(code),
    workers: [...new Set(workers)].sort(),
    assets: [...new Set(urls.filter((url) => !workers.includes(url)))].sort(),
  };
}

/** A list of names between braces, and what it is from. */
const NAMED = /\b(import|export)\{([^{}]*)\}from(["'])([^"'\n]+)\3/g;

function namedImports(code: string): Record<string, string[]> {
  const names = new Map<string, Set<string>>();
  for (const [, , list, , from] of code.matchAll(NAMED)) {
    const known = names.get(from!) ?? new Set();
    for (const { name } of namesIn(list!)) known.add(name);
    names.set(from!, known);
  }
  // Whatever else mentions the specifier may ask for all that is there.
  const rest = code.replace(NAMED, "");
  return Object.fromEntries(
    [...names].filter(([from]) => !rest.includes(from)).map(([from, known]) => [from, [...known].sort()]),
  );
}

function reexports(code: string): Pick<ModuleSource, "reexports"> {
  const statements = Array.from(code.matchAll(NAMED));
  if (statements.length === 0 || code.replace(NAMED, "").replace(/[;\s]/g, "") !== "") return {};
  if (statements.some(([, keyword]) => keyword === "import")) return {};
  const entries = statements.flatMap(([, , list, , from]) =>
    namesIn(list!).map(({ name, as }): [string, Reexport] => [as, { from: from!, name }])
  );
  return { reexports: Object.fromEntries(entries) };
}

/** `a, b as c` */
function namesIn(list: string): { readonly name: string; readonly as: string }[] {
  return list.split(",").filter((part) => part.trim() !== "").map((part) => {
    const [name, as = name] = part.trim().split(/\s+as\s+/) as [string, string?];
    return { name, as: as! };
  });
}
