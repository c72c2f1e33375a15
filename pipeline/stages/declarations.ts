import { fileURLToPath } from "node:url";
import { releaseAt } from "../base/release.ts";
import { contentsOf } from "../datasets/contents.ts";
import { aboutOf, datasetOf, kindOf } from "../datasets/datasets.ts";
import { sourceOf } from "../datasets/sources/sources.ts";
import { architectureOf } from "../vae/architectures/architectures.ts";
import { klScheduleOf } from "../vae/kl_schedules/kl_schedules.ts";
import { learningRateOf } from "../vae/learning_rates/learning_rates.ts";
import { likelihoodOf } from "../vae/likelihoods/likelihoods.ts";
import { priorOf, priorWords } from "../vae/priors/priors.ts";
import { objectiveOf } from "../vae/objectives/objectives.ts";
import { bundlerProgram } from "../report/bundler_program.ts";
import {
  defineStage,
  type InputReference,
  type StageDeclaration,
  type StagePermissions,
  type StageResources,
} from "../graph/stage.ts";
import { fileUrl, moduleUrl } from "../base/module_url.ts";
import type { Backend } from "../engine/backend.ts";
import { inKey, isOwn } from "../base/own_module.ts";
import { reportedPath } from "../datasets/sources/reported_path.ts";
import { type BackendName, BACKENDS } from "../engine/backends.ts";
import { optimiserOf } from "../engine/update/optimisers/optimisers.ts";
import type { Experiment } from "../spec/experiment.ts";
import {
  downloadOutputs,
  evaluateOutputs,
  inspectOutputs,
  preprocessOutputs,
  renderOutputs,
  reportOutputs,
  trainOutputs,
} from "./outputs/outputs.ts";
import type { JudgeRole } from "./evaluate/subject.ts";
import { variantWords } from "./variant_words.ts";
import {
  classifying,
  comparingClasses,
  figureModules,
  ignoringClasses,
  ownFigureModules,
  shownFigures,
  studyModules,
} from "../figures/figures.ts";

/** Choices of the command line that are part of keys. */
export type Settings = {
  readonly engine: BackendName;
  /** Where the report is going to be, absolute: paths of the user's in its spec are relative to it. */
  readonly reportFolder: string;
};

/** The folder of `deno.json`. */
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const define = defineStage<Experiment, Settings>();

const download = define<typeof import("./download.ts")>({
  name: "download",
  module: moduleUrl(new URL("./download.ts", import.meta.url)),
  slice: async ({ dataset }, _settings, digests) => {
    const { title, credits } = aboutOf(dataset);
    return { dataset: dataset.name, title, ...credits, ...await contentsOf(dataset, digests) };
  },
  modules: ({ dataset }) => ({ source: sourceOf(dataset.source).module }),
  inputs: () => [],
  outputs: (_spec, _settings, contents) => ({ outputs: downloadOutputs(contents) }),
  // Every source delivers the same bytes, held to the same digests.
  passthrough: ({ dataset }) => ({ source: dataset.source, ...datasetOf(dataset).places }),
  permissions: ({ dataset }) =>
    sourceOf(dataset.source).permissions(dataset.source, datasetOf(dataset).places),
});

const preprocess = define<typeof import("./preprocess.ts")>({
  name: "preprocess",
  module: moduleUrl(new URL("./preprocess.ts", import.meta.url)),
  slice: ({ dataset, seed }) => {
    return datasetOf(dataset).preparation.prepareSlice(
      inKey({ dataset }).dataset,
      aboutOf(dataset).title,
      seed,
    );
  },
  modules: (spec) => ({
    preparation: datasetOf(spec.dataset).preparation.module,
    ...datasetModule(spec),
  }),
  inputs: () => [all("download")],
  outputs: () => preprocessOutputs(),
  passthrough: () => null,
  permissions: () => ({}),
});

const train = define<typeof import("./train.ts")>({
  name: "train",
  module: moduleUrl(new URL("./train.ts", import.meta.url)),
  slice: ({ model, objective, kl, training, seed }, { engine }) => ({
    ...inKey({ model, objective }),
    kl,
    training,
    seed,
    engine,
  }),
  modules: (spec, settings) => ({
    ...modelModules(spec, settings),
    objective: objectiveOf(spec.objective).module,
    optimiser: optimiserOf(spec.training.optimiser).module,
    klSchedule: klScheduleOf(spec.kl).module,
    learningRate: learningRateOf(spec.training.learningRate).module,
  }),
  inputs: () => [
    ...files("preprocess", "train.npy", "validation.npy", "test.npy", "dataset.json"),
    // Training sees no labels, unless the model is told them.
    ...files("preprocess", "train_labels.npy", "validation_labels.npy", "test_labels.npy")
      .map((input) => ({ ...input, where: ({ model }: Experiment) => model.conditional ?? false })),
  ],
  outputs: ({ model, training }, { engine }) =>
    trainOutputs(model, training.manifoldSnapshots, callsTfjs(engine)),
  passthrough: () => null,
  permissions: enginePermissions,
  resources: (spec, settings) => ({ threads: 2, ...engineResources(spec, settings) }),
});

const evaluate = define<typeof import("./evaluate.ts")>({
  name: "evaluate",
  module: moduleUrl(new URL("./evaluate.ts", import.meta.url)),
  slice: (
    { dataset, evaluation, model, training: { inputNoise }, figures, generation, seed },
    { engine },
  ) => ({
    evaluation,
    ...inKey({ model }),
    ...(generation ? { generation } : {}),
    seed,
    engine,
    studies: Object.keys(studyModules(figuresOf(model, figures.show), datasetOf(dataset).kind))
      .map((role) => role.replace("study/", "")),
    comparingClasses: comparingClasses(figures.show),
    ...(classifying(figures.show) ? { classifies: true as const } : {}),
    ...(inputNoise === undefined ? {} : { inputNoise }),
  }),
  modules: (spec, settings) => ({
    ...modelModules(spec, settings),
    kind: kindOf(spec.dataset).evaluate,
    ...judgeModules(spec.figures.show),
    ...studyModules(figuresOf(spec.model, spec.figures.show), datasetOf(spec.dataset).kind),
  }),
  inputs: () => [all("preprocess"), ...files("train", "weights.safetensors")],
  outputs: (spec, { engine }) => ({ outputs: outputsOf(spec, engine).evaluate }),
  passthrough: () => null,
  permissions: enginePermissions,
  resources: engineResources,
});

const render = define<typeof import("./render.ts")>({
  name: "render",
  module: moduleUrl(new URL("./render.ts", import.meta.url)),
  slice: ({ dataset, figures, model, generation, seed }, { engine }) => {
    const { kind } = datasetOf(dataset);
    const modules = figureModules(figures.show, kind);
    const { title, traits } = likelihoodOf(model.likelihood);
    const { output } = traits(model.likelihood);
    return {
      ...inKey({ figures: shownFigures(figures) }),
      comparingClasses: comparingClasses(figures.show),
      ...(model.conditional ? { ignoringClasses: ignoringClasses(figures.show) } : {}),
      inapplicable: figures.show.filter((name) => !modules[`figure/${name}`]),
      nouns: aboutOf(dataset).nouns,
      likelihood: { title, output },
      prior: { standardNormal: priorOf(model).standardNormal, words: priorWords(model) },
      ...inKey({ model }),
      ...(generation ? { generation } : {}),
      seed,
      engine,
    };
  },
  modules: (spec, settings) => ({
    ...modelModules(spec, settings),
    kind: kindOf(spec.dataset).render,
    ...figureModules(spec.figures.show, datasetOf(spec.dataset).kind),
    ...ownFigureModules(spec.figures),
  }),
  inputs: () => [all("preprocess"), all("train"), all("evaluate")],
  outputs: (spec, { engine }) => ({ outputs: outputsOf(spec, engine).render }),
  passthrough: () => null,
  permissions: enginePermissions,
  resources: engineResources,
});

const report = define<typeof import("./report.ts")>({
  name: "report",
  module: moduleUrl(new URL("./report.ts", import.meta.url)),
  slice: (experiment, { engine, reportFolder }) => {
    const { dataset } = experiment;
    const source = sourceOf(dataset.source).inReport(dataset.source, reportFolder);
    const figures = shownFigures(experiment.figures);
    const seen = { ...experiment, dataset: { ...dataset, source }, figures } as Experiment;
    const spec = inKey(seen, (module) => reportedPath(reportFolder, module));
    return { spec, words: variantWords(seen), engine };
  },
  modules: ({ dataset }) => ({ kind: kindOf(dataset).report }),
  inputs: () => ["download", "preprocess", "train", "evaluate", "render"].map(all),
  outputs: (spec, { engine }) => ({
    outputs: reportOutputs({ download: downloadOutputs({ files: [] }), ...outputsOf(spec, engine) }),
  }),
  passthrough: (_, provenance) => ({ provenance, release: releaseAt(ROOT) }),
  // The RO-Crate names the licences of all packages, whichever stage used them.
  permissions: () => ({ read: [`${ROOT}node_modules`], run: [bundlerProgram()] }),
});

/** Looks at the modules of the user's that a spec names, before any stage runs (`own_modules.ts`). */
export const INSPECTION: StageDeclaration<Experiment> = define<typeof import("./inspect.ts")>({
  name: "inspect",
  module: moduleUrl(new URL("./inspect.ts", import.meta.url)),
  slice: ({ dataset, model, objective, figures: { own } }, { engine }) => ({
    ...inKey({
      model,
      objective,
      ...(isOwn(dataset) ? { dataset: { module: dataset.module, options: dataset.options } } : {}),
      ...(own ? { figures: { own } } : {}),
    }),
    shape: datasetOf(dataset).preparation.exampleShape(dataset),
    ...(callsTfjs(engine) ? { callsTfjs: true as const } : {}),
  }),
  modules: (spec) => ({
    ...modelParts(spec),
    objective: objectiveOf(spec.objective).module,
    ...datasetModule(spec),
    ...ownFigureModules(spec.figures),
  }),
  inputs: () => [],
  outputs: () => ({ outputs: inspectOutputs() }),
  passthrough: () => null,
  permissions: () => ({}),
});

/**
 * The stages in order, each after those that it reads. A slice holds what can change the stage's bytes and
 * nothing else: what is left out cannot cause a rerun, and what is missing would make the cache lie.
 */
export const DECLARATIONS: readonly StageDeclaration<Experiment>[] = [
  download,
  preprocess,
  train,
  evaluate,
  render,
  report,
];

/** The code that trains a classifier, where a figure has pictures judged by one. */
function judgeModules(names: Experiment["figures"]["show"]): Record<JudgeRole, typeof CLASSIFIER> {
  return classifying(names) ? { "judge/classifier": CLASSIFIER } : {};
}

const CLASSIFIER = moduleUrl<typeof import("../inference/classifier.ts")>(
  new URL("../inference/classifier.ts", import.meta.url),
);

/** Those of the figures to show that exist of such a model. */
function figuresOf({ conditional }: Experiment["model"], names: Experiment["figures"]["show"]) {
  const left = conditional ? ignoringClasses(names) : [];
  return names.filter((name) => !left.includes(name));
}

/** What the stages before the report write, but for the download: it would have to look at files of the user. */
function outputsOf({ dataset, model, training, figures }: Experiment, engine: BackendName) {
  const { kind } = datasetOf(dataset);
  const names = (modules: object) => Object.keys(modules).map((role) => role.slice(role.indexOf("/") + 1));
  return {
    preprocess: preprocessOutputs().outputs!,
    train: trainOutputs(model, training.manifoldSnapshots, callsTfjs(engine)).outputs!,
    evaluate: evaluateOutputs(model.latentSize, names(studyModules(figuresOf(model, figures.show), kind))),
    render: renderOutputs([
      ...names(figureModules(figures.show, kind)),
      ...names(ownFigureModules(figures)),
    ]),
  };
}

/** The code of the model that the spec names, and of the engine that is to run it. */
function modelModules(spec: Experiment, { engine }: Settings) {
  return { engine: BACKENDS[engine].module, ...modelParts(spec) };
}

/** The module of the user's that gives the examples, where the spec names one. */
function datasetModule({ dataset }: Experiment) {
  return (isOwn(dataset) ? { dataset: fileUrl(dataset.module) } : {}) as { readonly dataset: URL };
}

function modelParts({ model }: Experiment) {
  return {
    architecture: architectureOf(model).module,
    likelihood: likelihoodOf(model.likelihood).module,
    prior: priorOf(model).module,
  };
}

/** An engine that calls a library needs leave for it, and a process that has that can do anything. */
function enginePermissions(_: Experiment, { engine }: Settings): StagePermissions {
  const { permissions, gpu }: Backend = BACKENDS[engine];
  return gpu ? { ...permissions, gpu } : permissions;
}

/** Whether an engine computes what cannot be traced, and so cannot be exported. */
function callsTfjs(engine: BackendName): boolean {
  const { callsTfjs }: Backend = BACKENDS[engine];
  return callsTfjs ?? false;
}

/** What an engine needs of the machine beyond its processors. */
function engineResources(_: Experiment, { engine }: Settings): Partial<StageResources> {
  const { gpu }: Backend = BACKENDS[engine];
  return { gpus: gpu ? 1 : 0 };
}

function all(stage: string): InputReference<Experiment> {
  return { stage, path: "" };
}

function files(stage: string, ...paths: string[]): InputReference<Experiment>[] {
  return paths.map((path) => ({ stage, path }));
}
