import { join } from "node:path";
import { DEFAULT_BACKEND } from "../../pipeline/engine/backends.ts";
import type { StageContext, StageFunction } from "../../pipeline/graph/stage.ts";
import { type Experiment, type ExperimentInput, experimentSchema } from "../../pipeline/spec/experiment.ts";
import { DECLARATIONS, type Settings } from "../../pipeline/stages/declarations.ts";
import { stageContext, type Told } from "./context.ts";
import { sliceOf } from "../support/slice.ts";

/** Runs stages on a few hundred real digits, in a folder that is removed with the test. */
export async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "reparam-test-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

type MnistInput = Extract<ExperimentInput["dataset"], { name: "mnist" }>;
type Changes = Omit<ExperimentInput, "name" | "dataset" | "model"> & {
  readonly dataset?: Omit<MnistInput, "name">;
  readonly model?: ExperimentInput["model"];
};

export function smallExperiment(changes: Changes = {}): Experiment {
  const { dataset, model, ...rest } = changes;
  return experimentSchema.parse({
    name: "small",
    dataset: {
      name: "mnist",
      split: { train: { count: 400 }, test: { count: 150 } },
      ...dataset,
    },
    model: model ?? {
      architecture: "dense",
      latentSize: 3,
      encoder: { units: [48], activation: "tanh" },
      decoder: { units: [48], activation: "tanh" },
    },
    evaluation: { importanceSamples: 60, importanceExamples: 20 },
    ...rest,
  });
}

/** Runs one stage as its declaration says; `change` may replace parts of the context. */
export async function runStage(
  folder: string,
  name: string,
  experiment: Experiment,
  change: (context: StageContext) => StageContext = (context) => context,
  { engine }: Pick<Settings, "engine"> = { engine: DEFAULT_BACKEND },
): Promise<Told> {
  const settings = { engine, reportFolder: join(folder, "reports/small") };
  const declaration = DECLARATIONS.find((declared) => declared.name === name)!;
  const { run }: { run: StageFunction } = await import(declaration.module.href);
  const slice = await sliceOf(declaration, experiment, settings);
  const { context, told } = await stageContext(folder, name, slice, {
    passthrough: declaration.passthrough?.(experiment, {
      stages: [],
      code: { entry: "", variants: {}, modules: {}, packages: {} },
    }) ?? null,
  });
  const modules = declaration.modules?.(experiment, settings) ?? {};
  await run(change({ ...context, load: async (role) => await import(modules[role]!.href) }));
  return told;
}

export async function prepare(
  folder: string,
  experiment: Experiment,
): Promise<{ readonly download: Told; readonly preprocess: Told }> {
  const download = await runStage(folder, "download", experiment);
  return { download, preprocess: await runStage(folder, "preprocess", experiment) };
}

/** All files of a stage, by name. */
export async function outputs(
  folder: string,
  stage: string,
): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const files: Record<string, Uint8Array<ArrayBuffer>> = {};
  for await (const { name } of Deno.readDir(join(folder, stage))) {
    files[name] = await Deno.readFile(join(folder, stage, name));
  }
  return files;
}
