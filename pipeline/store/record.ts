import type { Json } from "../base/json.ts";
import { unseal } from "./sealed.ts";

/** All that a stage's key stands for. The key is the SHA-256 of its canonical JSON. */
export interface KeyManifest {
  readonly stage: string;
  readonly slice: Json;
  /** `stage/path` -> SHA-256 of the content. */
  readonly inputs: Readonly<Record<string, string>>;
  /** SHA-256 of the canonical JSON of a `CodeManifest`. */
  readonly code: string;
}

/** The code behind a stage. Paths are from the project's root. */
export interface CodeManifest {
  /** The stage's own module. */
  readonly entry: string;
  /** The variants that the stage loads: role -> module. */
  readonly variants: Readonly<Record<string, string>>;
  /** All files of the module graph: path -> SHA-256, of modules without comments, types and formatting. */
  readonly modules: Readonly<Record<string, string>>;
  /**
   * Where names come from that a user's modules import from a module of the project's that only passes them on: by that
   * module, and by the name. Nothing else is loaded of it.
   */
  readonly passedOn?: Readonly<
    Record<string, Readonly<Record<string, { readonly module: string; readonly name: string }>>>
  >;
  /** npm package -> version; with `, ` between where there are several. */
  readonly packages: Readonly<Record<string, string>>;
}

/** What ran, where and for how long, as the machine tells that executed it. */
export interface ExecutionFacts {
  /** ISO 8601. */
  readonly started: string;
  readonly seconds: number;
  /** For example { deno: "2.9.6", os: "linux", architecture: "x86_64", processor: "...", cores: 2 }. */
  readonly machine: Readonly<Record<string, Json>>;
  /** What the stage gave to `record`. */
  readonly recorded: Readonly<Record<string, Json>>;
  readonly notices: readonly string[];
}

/** What is kept of one execution of a stage: its outputs, by digest, and the circumstances. */
export interface ActionRecord extends ExecutionFacts {
  readonly key: string;
  readonly stage: string;
  readonly outputs: Readonly<Record<string, { readonly digest: string; readonly size: number }>>;
}

const MOST_CHARACTERS = 1000;
/** File systems take names of 255 bytes; a publisher may need some of them. */
const MOST_BYTES_OF_A_NAME = 200;
/** Longer than any stage runs: a year. */
const MOST_SECONDS = 366 * 86_400;

/** Whether a value is the name of a blob, and no path to somewhere else. */
export function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

/**
 * Whether a name stays inside its folder wherever it is written: `a/b.txt`, without `..`, an absolute path, a
 * separator of another system, or characters that a terminal would act on.
 */
export function isOutputName(name: string): boolean {
  return name.length <= MOST_CHARACTERS && name.isWellFormed() &&
    // deno-lint-ignore no-control-regex
    !/[\\\u0000-\u001f\u007f-\u009f]/.test(name) &&
    name.split("/").every((part) =>
      part !== "" && part !== "." && part !== ".." &&
      new TextEncoder().encode(part).length <= MOST_BYTES_OF_A_NAME
    );
}

/**
 * Reads a sealed record. It may come from a disk that flips bits or from a server that anybody can write to, so
 * nothing in it is believed before it was looked at.
 */
export function parseRecord(text: string, key: string): { record: ActionRecord } | { problem: string } {
  const value = unseal(text);
  if (value === undefined) return { problem: "its record is damaged" };
  const wrong = findWrong(value, key);
  return wrong === undefined
    ? { record: value as ActionRecord }
    : { problem: `its record is not valid: ${wrong}` };
}

function findWrong(value: unknown, key: string): string | undefined {
  if (!isObject(value)) return "it is no object";
  const { key: recordKey, stage, outputs, started, seconds, machine, recorded, notices, ...rest } = value;
  if (recordKey !== key) return "it belongs to another key";
  if (typeof stage !== "string") return "stage is no string";
  if (!isObject(outputs)) return "outputs is no object";
  for (const [name, output] of Object.entries(outputs)) {
    if (!isOutputName(name)) return `${JSON.stringify(name.slice(0, 80))} is no name of an output`;
    if (!isObject(output) || Object.keys(output).length !== 2) {
      return `output ${name} is no digest and size`;
    }
    if (!isDigest(output.digest)) return `the digest of ${name} is no SHA-256`;
    if (!Number.isSafeInteger(output.size) || output.size as number < 0) return `the size of ${name} is none`;
    for (let slash = name.indexOf("/"); slash >= 0; slash = name.indexOf("/", slash + 1)) {
      if (Object.hasOwn(outputs, name.slice(0, slash))) return `${name} lies in an output that is a file`;
    }
  }
  if (typeof started !== "string" || !isTime(started)) return "started is no time";
  if (!Number.isFinite(seconds) || seconds as number < 0 || seconds as number > MOST_SECONDS) {
    return "seconds is no duration";
  }
  if (!isObject(machine)) return "machine is no object";
  if (!isObject(recorded)) return "recorded is no object";
  if (!Array.isArray(notices) || notices.some((notice) => typeof notice !== "string")) {
    return "notices are no sentences";
  }
  const [unknown] = Object.keys(rest);
  return unknown === undefined ? undefined : `${JSON.stringify(unknown.slice(0, 80))} is unknown`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a text is a time as `Date.prototype.toISOString` writes it. */
function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text));
}
