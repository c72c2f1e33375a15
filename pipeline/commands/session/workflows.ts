import type { Workflow } from "../../graph/plan.ts";
import type { Experiment } from "../../spec/experiment.ts";
import type { SpecSource } from "../../spec/messages/source.ts";
import type { Settings } from "../../stages/declarations.ts";
import type { WrittenSpec } from "../../stages/sources.ts";
import type { Cell, Sweep } from "../../spec/sweep.ts";
import { type Arguments, badUsage } from "../line/arguments.ts";
import { settingsOf, storeFolder } from "../line/options.ts";
import type { Project } from "../line/project.ts";
import type { Option } from "../line/verb.ts";

/** An experiment that a command line names, by its spec or as a cell of a sweep. */
export interface LoadedWorkflow extends Workflow<Experiment> {
  readonly settings: Settings;
  /** Where the spec's values were written. */
  readonly source: SpecSource;
  /** What runs it: `deno task run quick.json`. */
  readonly command: string;
  /** Its folder below that of all reports. */
  readonly report: string;
}

/** The option of verbs that take sweeps and mean one cell. */
export const CELL_OPTION = {
  cell: { type: "string", value: "NAME", help: "This cell of the sweep. Default: all, or the only one" },
} as const satisfies Record<string, Option>;

/**
 * The specs that a command line names, with their overrides and settings.
 *
 * @throws {UserError} with exit status 2
 */
export function loadWorkflows(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
): Promise<LoadedWorkflow[]> {
  return load(values, project, signal, values.positionals, (path) => loadSpec(path, values, project));
}

/**
 * Loads as `loadWorkflows` does, where a path may also name a sweep: then all its cells are meant, or that of `--cell`.
 *
 * @param paths of specs and sweeps
 */
export function loadWorkflowsAndCells(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
  paths: readonly string[] = values.positionals,
): Promise<LoadedWorkflow[]> {
  return load(values, project, signal, paths, async (path) => {
    if (!await project.isSweep(path)) {
      if (values.has("cell")) {
        throw badUsage(`Cannot take a cell of ${path}: it is no sweep`, "Next: leave out --cell.");
      }
      return await loadSpec(path, values, project);
    }
    const sweep = await project.loadSweep(path, values.values("set"));
    const cells = await cellsOf(sweep, path, values.value("cell"));
    return cells.map(({ name, spec, source }) => ({
      spec,
      source,
      command: `deno task sweep ${path}`,
      report: `${sweep.name}/${name}`,
      notices: [],
    }));
  });
}

type Loaded = Omit<LoadedWorkflow, "name" | "settings"> & { readonly notices: readonly string[] };

async function load(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
  paths: readonly string[],
  read: (path: string) => Promise<readonly Loaded[]>,
): Promise<LoadedWorkflow[]> {
  const settingsFor = await settingsOf(values, project.root);
  const workflows: LoadedWorkflow[] = [];
  const pathOf = new Map<string, string>();
  for (const path of paths) {
    for (const { notices, ...loaded } of await read(path)) {
      for (const notice of notices) console.error(`note: ${path}: ${notice}`);
      const { name } = loaded.spec;
      const other = pathOf.get(name);
      if (other !== undefined) {
        throw badUsage(
          `Cannot take ${other} and ${path} together: both are named ${name}, and their reports would share a folder`,
          "Give one of them another name.",
        );
      }
      pathOf.set(name, path);
      workflows.push({ ...loaded, name, settings: settingsFor(loaded.report) });
    }
  }
  return [...await project.withModules(workflows, storeFolder(values, project.root), signal)];
}

/** Experiments with what modules of the user's say of themselves: the defaults of their options, their layers. */
export async function settleModules<Of extends WrittenSpec>(
  written: readonly Of[],
  values: Arguments,
  project: Project,
  signal: AbortSignal,
): Promise<Of[]> {
  const settingsFor = await settingsOf(values, project.root);
  const workflows = written.map(({ spec, source }) => ({
    name: spec.name,
    spec,
    source,
    settings: settingsFor(spec.name),
  }));
  const settled = await project.withModules(workflows, storeFolder(values, project.root), signal);
  return written.map((one, i) => ({ ...one, spec: settled[i]!.spec }));
}

async function loadSpec(path: string, values: Arguments, project: Project): Promise<Loaded[]> {
  const { spec, source, notices } = await project.load(path, values.values("set"));
  return [{ spec, source, command: `deno task run ${path}`, report: spec.name, notices }];
}

async function cellsOf(
  { name, cells }: Sweep,
  path: string,
  wanted: string | undefined,
): Promise<readonly Cell[]> {
  if (wanted === undefined) return cells;
  // Reports and histories know a cell by its whole name.
  const found = cells.find((cell) => cell.name === wanted || `${name}/${cell.name}` === wanted);
  if (found) return [found];
  const { nearest } = await import("../../base/nearest.ts");
  const near = nearest(wanted, cells.map(({ name }) => name));
  throw badUsage(
    `Cannot take the cell ${wanted}: ${path} has no such cell`,
    ...(near === undefined ? [] : [`Did you mean ${near}?`]),
    `Its cells are ${cells.map(({ name }) => name).join(", ")}.`,
  );
}
