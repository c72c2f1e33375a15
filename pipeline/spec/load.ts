import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { changeModules } from "../base/own_module.ts";
import { UserError } from "../base/errors.ts";
import { whyUnreadable } from "../base/unreadable.ts";
import { nearest } from "../base/nearest.ts";
import { specNotices, specProblems } from "./checks.ts";
import { describeIssues } from "./messages/issues.ts";
import { type JsonText, readJson } from "./messages/json_text.ts";
import { applyOverrides, type Override, parseOverride } from "./overrides.ts";
import type { Path, Problem } from "../base/problem.ts";
import { type Experiment, experimentSchema } from "./experiment.ts";
import { namedModules } from "./own_modules.ts";
import { sourceOf } from "../datasets/sources/sources.ts";
import { SpecSource } from "./messages/source.ts";
import { switchVariants } from "./variants.ts";

/** Bytes at which reading stops: far beyond any spec. */
const MOST_BYTES = 1 << 20;
/** The most problems that are told; the others are counted. */
const MOST_PROBLEMS = 10;
const NO_SPEC = /^(deno|deno\..*|package|cluster|.*\.schema)\.json$/;

/** An experiment that was read and found right. */
export interface LoadedExperiment {
  /** With every default filled in and every check passed. */
  readonly spec: Experiment;
  readonly source: SpecSource;
  /** What is possible, and probably not meant: one sentence each, for the user. */
  readonly notices: readonly string[];
}

/**
 * Reads a spec file.
 *
 * @param overrides `--set` arguments: `training.epochs=2`
 * @throws UserError (exit status 2) with every problem that was found, each with its place
 */
export async function loadExperiment(path: string, overrides: readonly string[]): Promise<LoadedExperiment> {
  const json = await readSpecFile(path);
  if (isSweep(json.value)) {
    throw new UserError(`${path} is a sweep, not an experiment`, {
      notes: [`Next: deno task sweep ${path}`],
      exitStatus: 2,
    });
  }
  return resolveExperiment(json, overrides.map(parseOverride));
}

/** Whether a file's value is meant to be a sweep. */
export function isSweep(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "base") &&
    !Object.hasOwn(value, "dataset");
}

/** Reads a file as JSON. @throws UserError (exit status 2) where there is no such file, or it holds no JSON */
export async function readSpecFile(path: string): Promise<JsonText> {
  return await readJsonFile(path, "the spec", () => specFilesNear(path));
}

/**
 * Does what `readSpecFile` does, for other files that a user writes.
 *
 * @param what the file is
 * @param near files of that kind, where there is none at `path`
 */
export async function readJsonFile(
  path: string,
  what: string,
  near: () => Promise<readonly string[]> = () => Promise.resolve([]),
): Promise<JsonText> {
  const attempt = `Cannot read ${what} ${path}`;
  return readJson(decode(await readBounded(path, attempt, near), attempt), path);
}

/** Does what `loadExperiment` does, for a text that is at hand. `fileName` is for messages alone. */
export function parseExperiment(
  text: string,
  fileName: string,
  overrides: readonly string[] = [],
): LoadedExperiment {
  return resolveExperiment(readJson(text, fileName), overrides.map(parseOverride));
}

/** Applies overrides, fills defaults in and checks. @throws as `loadExperiment` */
export function resolveExperiment(json: JsonText, settings: readonly Override[]): LoadedExperiment {
  const raw = namedModules(applyOverrides(json.value, settings));
  const source = new SpecSource(json, raw, settings, switchVariants(raw, json.value, settings));

  const result = experimentSchema.safeParse(raw);
  if (!result.success) throw combinedError(describeIssues(result.error.issues, raw), source);
  const spec = result.data;
  const problems = specProblems(spec, (path) => source.has(path));
  if (problems.length > 0) throw combinedError(problems, source);
  return { spec: withAbsolutePaths(spec, source), source, notices: specNotices(spec) };
}

/** A path in a file is relative to that file; one on the command line, to where the command is given. */
function withAbsolutePaths(spec: Experiment, source: SpecSource): Experiment {
  const { dataset } = spec;
  const absolute = (at: Path, path: string) => {
    const place = source.place(at);
    return resolve(place ? dirname(place.file) : ".", path);
  };
  const found = sourceOf(dataset.source).withAbsolutePaths(
    dataset.source,
    (key, path) => absolute(["dataset", "source", key], path),
  );
  const own = changeModules(
    spec,
    (part, { path }) => ({ ...part, module: absolute([...path, "module"], part.module) }),
  );
  return { ...own, dataset: { ...own.dataset, source: found } };
}

/** One error for all problems, in the order of the file; those of the command line come first. */
export function combinedError(problems: readonly Problem[], source: SpecSource): UserError {
  const line = (problem: Problem) => source.error(problem).place?.line ?? 0;
  const shown = problems.slice(0, MOST_PROBLEMS).toSorted((a, b) => line(a) - line(b));
  const left = problems.length - shown.length;
  const further = shown.slice(1).map((problem) => source.error(problem));
  if (left > 0) further.push(new UserError(`... and ${left} more`, { exitStatus: 2 }));
  return source.error(shown[0]!, further);
}

async function readBounded(
  path: string,
  attempt: string,
  near: () => Promise<readonly string[]>,
): Promise<Uint8Array> {
  try {
    using file = await Deno.open(path);
    const bytes = new Uint8Array(MOST_BYTES + 1);
    let length = 0;
    for (let read: number | null = 0; read !== null && length < bytes.length; length += read ?? 0) {
      read = await file.read(bytes.subarray(length));
    }
    if (length > MOST_BYTES) {
      throw new UserError(`${attempt}: such a file has at most 1 MiB, and this one has more`, {
        exitStatus: 2,
      });
    }
    return bytes.subarray(0, length);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreadable(path, attempt, error, await near());
  }
}

function unreadable(path: string, attempt: string, error: unknown, near: readonly string[]): UserError {
  const missing = error instanceof Deno.errors.NotFound;
  const close = nearest(basename(path, ".json"), near.map((file) => basename(file, ".json")));
  const meant = near.find((file) => basename(file, ".json") === close);
  const notes = [
    ...(missing && meant ? [`Did you mean ${meant}?`] : []),
    ...(near.length > 0 ? [`Specs there: ${near.slice(0, 30).join(", ")}.`] : []),
  ];
  return new UserError(`${attempt}: ${whyUnreadable(error)}`, { notes, exitStatus: 2, cause: error });
}

/**
 * The spec files in the folder of `path`, in `path` itself where it is a folder, or else in the project's folder of
 * them.
 */
async function specFilesNear(path: string): Promise<string[]> {
  const shipped = relative(Deno.cwd(), fileURLToPath(new URL("../../experiments", import.meta.url)));
  for (const folder of [path, dirname(path), shipped]) {
    try {
      const entries = await Array.fromAsync(Deno.readDir(folder));
      const specs = entries
        .filter(({ name, isDirectory }) => !isDirectory && /\.json$/.test(name) && !NO_SPEC.test(name))
        .map(({ name }) => join(folder, name));
      if (specs.length > 0) return specs.sort();
    } catch {
      // Not a folder, or one that may not be read: the next may do.
    }
  }
  return [];
}

function decode(bytes: Uint8Array, attempt: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new UserError(`${attempt}: it is not text in UTF-8`, {
      notes: ["Next: save it as UTF-8 without a byte-order mark."],
      exitStatus: 2,
      cause,
    });
  }
}
