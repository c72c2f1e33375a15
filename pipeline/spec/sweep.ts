import { basename, dirname, isAbsolute, join } from "node:path";
import { UserError } from "../base/errors.ts";
import type { Json } from "../base/json.ts";
import { shown } from "./messages/expected.ts";
import { describeIssues } from "./messages/issues.ts";
import { sweepJsonSchema } from "./json_schema.ts";
import { type JsonText, readJson } from "./messages/json_text.ts";
import { combinedError, isSweep, type LoadedExperiment, readSpecFile, resolveExperiment } from "./load.ts";
import { type Override, parseOverride, parsePath } from "./overrides.ts";
import type { Path } from "../base/problem.ts";
import type { Experiment } from "./experiment.ts";
import { SpecSource } from "./messages/source.ts";
import { type Axis, cellNames, combinations, matches, shortened } from "./sweep_cells.ts";
import { type Coordinates, valueLabel } from "../base/coordinates.ts";
import { checkSettings, sweepProblems } from "./sweep_checks.ts";
import { sweepSchema, type SweepSpec } from "./sweep_schema.ts";

/** The most cells of a sweep: a slip of the finger must not ask for a million trainings. */
const MOST_CELLS = 10_000;

/** One experiment of a sweep. */
export interface Cell<Spec = Experiment> {
  /** Unique in the sweep, made from what differs. */
  readonly name: string;
  readonly coordinates: Coordinates;
  readonly spec: Spec;
  /** Where its values were written. */
  readonly source: SpecSource;
}

/** Experiments that differ in known ways. */
export interface Sweep<Spec = Experiment> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly cells: readonly Cell<Spec>[];
  readonly notices: readonly string[];
}

/**
 * Reads a sweep and makes its cells.
 *
 * @param overrides `--set` arguments, for all cells
 * @throws UserError (exit status 2) with every problem that was found, each with its place
 */
export async function loadSweep(path: string, overrides: readonly string[]): Promise<Sweep> {
  return await expandSweep(await readSpecFile(path), path, overrides, readSpecFile);
}

/** Does what `loadSweep` does, for texts that are at hand. `path` is for messages, and what bases are relative to. */
export async function parseSweep(
  text: string,
  path: string,
  overrides: readonly string[],
  base: (path: string) => string,
): Promise<Sweep> {
  const read = (path: string) => Promise.resolve(readJson(base(path), path));
  return await expandSweep(readJson(text, path), path, overrides, read);
}

async function expandSweep(
  json: JsonText,
  path: string,
  overrides: readonly string[],
  read: (path: string) => Promise<JsonText>,
): Promise<Sweep> {
  const source = new SpecSource(json, json.value, [], []);
  const parsed = sweepSchema.safeParse(json.value);
  if (!parsed.success) {
    if (Object.hasOwn(Object(json.value), "dataset")) {
      throw new UserError(`${path} is an experiment, not a sweep`, {
        notes: [`Next: deno task run ${path}`],
        exitStatus: 2,
      });
    }
    throw combinedError(
      describeIssues(parsed.error.issues, json.value, sweepJsonSchema(), "the sweep"),
      source,
    );
  }
  const spec = parsed.data;
  const bases = await readBases(spec, path, source, read);
  const axes = axesOf(spec, [...bases.keys()]);
  const settings = overrides.map(parseOverride);
  const problems = sweepProblems(spec, axes);
  if (problems.length > 0) throw combinedError(problems, source);
  checkSettings(settings, spec);

  const size = axes.reduce((product, { values }) => product * values.length, 1);
  if (size > MOST_CELLS) {
    throw source.error({
      path: ["matrix"],
      message: `The sweep has ${size.toLocaleString("en-GB")} cells: ${
        MOST_CELLS.toLocaleString("en-GB")
      } are allowed`,
    });
  }
  const all = combinations(axes);
  const kept = all.filter((cell) => !spec.exclude.some((excluded) => matches(cell, excluded)));
  if (kept.length === 0) throw source.error({ path: ["exclude"], message: "exclude leaves no cell" });
  const names = new Map(cellNames(all).map((name, i) => [all[i]!, name]));

  const title = spec.title ?? spec.name;
  const tries = kept.map((coordinates) => {
    const name = names.get(coordinates)!;
    const changes = [
      ...identity(spec, name, title, coordinates),
      ...cellChanges(spec, coordinates, json, path),
      ...settings,
    ];
    const base = bases.get(coordinates.find(({ axis }) => axis === "base")?.value as string ?? "") ??
      bases.values().next().value!;
    try {
      return { name, coordinates, loaded: resolveExperiment(base, changes) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { name, coordinates, error };
    }
  });
  const failed = tries.filter((cell) => cell.error !== undefined);
  if (failed.length > 0) throw cellErrors(failed as { name: string; error: UserError }[], kept.length);
  const loaded = tries as (Omit<Cell, "spec" | "source"> & { loaded: LoadedExperiment })[];
  return {
    name: spec.name,
    title,
    description: spec.description ?? "",
    cells: loaded.map(({ name, coordinates, loaded: { spec, source } }) => ({
      name,
      coordinates,
      spec,
      source,
    })),
    notices: [...new Set(loaded.flatMap(({ loaded }) => loaded.notices))],
  };
}

/** Texts of the base specs by their names. */
async function readBases(
  { base }: SweepSpec,
  sweepPath: string,
  source: SpecSource,
  read: (path: string) => Promise<JsonText>,
): Promise<Map<string, JsonText>> {
  const bases = new Map<string, JsonText>();
  for (const [i, file] of [base].flat().entries()) {
    const at = typeof base === "string" ? ["base"] : ["base", i];
    const name = basename(file, ".json");
    if (bases.has(name)) {
      throw source.error({ path: at, message: `Two base specs are named ${shown(name)}` });
    }
    try {
      const text = await read(isAbsolute(file) ? file : join(dirname(sweepPath), file));
      if (isSweep(text.value)) throw new UserError(`${file} is a sweep, and a base is an experiment`);
      bases.set(name, text);
    } catch (error) {
      // A mistake inside the base has a place of its own.
      if (!(error instanceof UserError) || error.place) throw error;
      throw source.error({ path: at, message: error.message, notes: error.notes });
    }
  }
  return bases;
}

function axesOf({ cases, matrix }: SweepSpec, bases: readonly string[]): Axis[] {
  return [
    ...(bases.length > 1 ? [{ name: "base", values: bases }] : []),
    ...(cases ? [{ name: "case", values: cases.map(({ name }) => name) }] : []),
    ...Object.entries(matrix).map(([name, values]) => ({ name, values: values as Json[] })),
  ];
}

/** What a cell is called, and what its report is headed. */
function identity(spec: SweepSpec, name: string, title: string, cell: Coordinates): Override[] {
  const parts = cell.map(({ axis, value }) =>
    axis === "case" || axis === "base" ? valueLabel(value) : `${axis} ${valueLabel(value)}`
  );
  return [
    { name: "name", path: ["name"], value: shortened(`${spec.name}-${name}`, 64) },
    {
      name: "title",
      path: ["title"],
      value: [title, parts.join(", ")].filter(Boolean).join(": ").slice(0, 200),
    },
  ];
}

/** The changes of the sweep, then of the case, then of the matrix; the last one of a path holds. */
function cellChanges(spec: SweepSpec, cell: Coordinates, json: JsonText, file: string): Override[] {
  const change = (at: Path, key: string, value: unknown, inFile: Path): Override => ({
    name: `${file}: ${key}`,
    path: parsePath(key)!,
    value,
    place: (inside, atKey) =>
      inside.length === 0 && atKey
        ? json.keyPlace(at)
        : (atKey ? json.keyPlace : json.place)([...inFile, ...inside]),
  });
  const changesAt = (at: Path, changes: Readonly<Record<string, unknown>>) =>
    Object.entries(changes).map(([key, value]) => change([...at, key], key, value, [...at, key]));
  const chosen = cell.find(({ axis }) => axis === "case");
  return [
    ...changesAt(["set"], spec.set),
    ...(chosen ? changesAt(["cases", chosen.index, "set"], spec.cases![chosen.index]!.set) : []),
    ...cell.filter(({ axis }) => Object.hasOwn(spec.matrix, axis)).map(({ axis, value, index }) =>
      change(["matrix", axis], axis, value, ["matrix", axis, index])
    ),
  ];
}

/** Each mistake once, with the number of cells that it spoils. */
function cellErrors(failed: readonly { name: string; error: UserError }[], cells: number): UserError {
  const found = new Map<string, { error: UserError; cells: string[] }>();
  for (const { name, error } of failed) {
    for (const one of [error, ...error.further]) {
      const id = JSON.stringify([one.place, one.message]);
      const entry = found.get(id) ?? { error: one, cells: [] };
      found.set(id, { ...entry, cells: [...entry.cells, name] });
    }
  }
  const errors = [...found.values()].slice(0, 10).map(({ error, cells: names }) => {
    const where = names.length === cells ? [] : [
      names.length === 1 ? `In the cell ${names[0]}.` : `In ${names.length} cells; the first is ${names[0]}.`,
    ];
    return new UserError(error.message, {
      place: error.place,
      notes: [...error.notes, ...where],
      exitStatus: 2,
    });
  });
  const [first, ...further] = errors;
  return new UserError(first!.message, { place: first!.place, notes: first!.notes, exitStatus: 2, further });
}
