import type { Json } from "../base/json.ts";
import { canonicalJson } from "../formats/canonical_json.ts";
import type { CodeManifest, KeyManifest } from "../store/record.ts";

/** One thing in which two keys of a stage differ. Undefined stands for absent. */
export interface Difference {
  readonly kind: "parameter" | "entry" | "variant" | "file" | "package" | "input";
  /**
   * A path in the slice, an entry of a list in it by its name, a role, a file, a package, an input: `frame.width`,
   * `files: a/b.mid`, `sorter`, `src/sort.ts`, `d3`, `sort/list.txt`.
   */
  readonly name: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** What a key stands for, code included. A part that is not known is left out and not compared. */
export interface Manifest {
  readonly slice: Json;
  readonly inputs?: KeyManifest["inputs"] | undefined;
  readonly code?: CodeManifest | undefined;
}

/** All differences between two keys, parameters first. */
export function differences(before: Manifest, after: Manifest): Difference[] {
  const found: Difference[] = [];
  compareJson("", before.slice, after.slice, found);
  const compare = (kind: Difference["kind"], a?: Record<string, string>, b?: Record<string, string>) => {
    if (!a || !b) return;
    for (const name of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()) {
      const [x, y] = [own(a, name), own(b, name)];
      if (x !== y) found.push({ kind, name, before: x, after: y });
    }
  };
  compare("variant", before.code?.variants, after.code?.variants);
  compare("file", before.code?.modules, after.code?.modules);
  compare("package", before.code?.packages, after.code?.packages);
  compare("input", before.inputs, after.inputs);
  return found;
}

function compareJson(
  path: string,
  before: Json | undefined,
  after: Json | undefined,
  found: Difference[],
): void {
  if (isObject(before) && isObject(after)) {
    for (const name of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      compareJson(path === "" ? name : `${path}.${name}`, own(before, name), own(after, name), found);
    }
    return;
  }
  if (text(before) === text(after)) return;
  const entries = compareEntries(path, entriesByName(before), entriesByName(after));
  found.push(...entries.length > 0 ? entries : [{ kind: "parameter" as const, name: path, before, after }]);
}

function compareEntries(path: string, before?: Entries, after?: Entries): Difference[] {
  if (!before || !after) return [];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((name): Difference[] => {
    const [x, y] = [before.get(name), after.get(name)];
    return text(x) === text(y) ? [] : [{ kind: "entry", name: `${path}: ${name}`, before: x, after: y }];
  });
}

type Entries = ReadonlyMap<string, Json>;

/** The entries of a list whose every entry has a name of its own, as files have; undefined for any other value. */
function entriesByName(value: Json | undefined): Entries | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries = new Map<string, Json>();
  for (const entry of value) {
    const name = isObject(entry) ? own(entry, "name") : undefined;
    if (typeof name !== "string" || entries.has(name)) return undefined;
    entries.set(name, entry);
  }
  return entries;
}

/** A parameter may be named like something that every object inherits. */
function own<T>(object: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: Json | undefined): string {
  return value === undefined ? "" : canonicalJson(value);
}

/** One difference in words: "parameter frame.width changed 1 -> 4". */
export function inWords({ kind, name, before, after }: Difference): string {
  const what = `${kind} ${name}`;
  if (kind === "entry") {
    return `${name} ${before === undefined ? "was added" : after === undefined ? "was removed" : "changed"}`;
  }
  if (kind === "file" || kind === "input") {
    const short = (digest: Json) => String(digest).slice(0, 12);
    if (before === undefined) return `${what} is new`;
    if (after === undefined) return `${what} is gone`;
    return `${what} changed (${short(before)} -> ${short(after)})`;
  }
  const shown = (value: Json | undefined) => {
    if (value === undefined) return "absent";
    const full = kind === "parameter" ? canonicalJson(value) : String(value);
    return full.length > 60 ? `${full.slice(0, 57)}...` : full;
  };
  return `${what} changed ${shown(before)} -> ${shown(after)}`;
}
