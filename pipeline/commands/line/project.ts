import { fileURLToPath } from "node:url";
import type { StageDeclaration } from "../../graph/stage.ts";
import type { Experiment } from "../../spec/experiment.ts";
import type { FileHasher } from "../../datasets/sources/source.ts";
import type { LoadedExperiment } from "../../spec/load.ts";
import type { Sweep } from "../../spec/sweep.ts";
import type { WrittenWorkflow } from "../../stages/own_modules.ts";
import type { WrittenSpec } from "../../stages/sources.ts";

/** What the verbs work on. Its parts are functions so that a verb loads only what it needs. */
export interface Project {
  /** The folder of `deno.json`. */
  readonly root: string;
  /** The stage whose outputs become `reports/<name>/`. */
  readonly reportStage: string;
  declarations(): Promise<readonly StageDeclaration<Experiment>[]>;
  /** @param overrides values of `--set` */
  load(
    path: string,
    overrides: readonly string[],
  ): Promise<LoadedExperiment>;
  /** Whether a file is a sweep rather than a spec. */
  isSweep(path: string): Promise<boolean>;
  /** @param overrides values of `--set`, for all cells */
  loadSweep(path: string, overrides: readonly string[]): Promise<Sweep>;
  /** Settles what modules of the user's say of themselves. @param artifacts folder of the store */
  withModules<Of extends WrittenWorkflow>(
    workflows: readonly Of[],
    artifacts: string,
    signal: AbortSignal,
  ): Promise<readonly Of[]>;
  /** Makes sure that what specs take their data from is there. @throws {UserError} with its place where it is not */
  checkSources(specs: readonly WrittenSpec[], digests: FileHasher): Promise<void>;
}

/** The stages and specs that this repository ships. */
export const REPARAM: Project = {
  root: fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, ""),
  reportStage: "report",
  declarations: async () => (await import("../../stages/declarations.ts")).DECLARATIONS,
  load: async (path, overrides) => (await import("../../spec/load.ts")).loadExperiment(path, overrides),
  isSweep: async (path) => {
    const { isSweep, readSpecFile } = await import("../../spec/load.ts");
    return isSweep((await readSpecFile(path)).value);
  },
  loadSweep: async (path, overrides) => (await import("../../spec/sweep.ts")).loadSweep(path, overrides),
  withModules: async (workflows, artifacts, signal) => {
    const { namesModules, withModules } = await import("../../stages/own_modules.ts");
    if (!workflows.some(({ spec }) => namesModules(spec))) return workflows;
    const { Store } = await import("../../store/store.ts");
    using store = await Store.open(artifacts);
    const say = (text: string) => console.error(`note: ${text}`);
    return await withModules(workflows, store, REPARAM.root, signal, say);
  },
  checkSources: async (specs, digests) =>
    (await import("../../stages/sources.ts")).checkSources(specs, digests),
};
