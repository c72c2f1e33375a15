import { type DatasetName, isMusicName } from "../datasets/facts.ts";
import { ORIGINS } from "../datasets/registry.ts";
import { listMidiFiles } from "../datasets/sources/user_midi.ts";
import { bundlerProgram } from "../report/player/program.ts";
import type { InputReference, StageDeclaration, StagePermissions } from "../graph/stage.ts";
import type { Json } from "../base/json.ts";
import { type Experiment, STUDIES } from "../spec/schema.ts";

/**
 * The stages in order, each after those that it reads. A slice holds what can change the stage's bytes and
 * nothing else: what is left out cannot cause a rerun, and what is missing would make the cache lie.
 */
export const DECLARATIONS: readonly StageDeclaration[] = [
  {
    name: "download",
    module: new URL("./download.ts", import.meta.url),
    slice: ({ dataset }) =>
      json(
        dataset.name === "midi"
          ? { dataset: dataset.name, ...listMidiFiles(dataset.source.path) }
          : { dataset: dataset.name },
      ),
    inputs: () => [],
    // Every source delivers the same bytes, held to the same digests.
    unkeyed: ({ dataset }) => json({ source: dataset.source }),
    permissions: sourcePermissions,
  },
  {
    name: "preprocess",
    module: new URL("./preprocess.ts", import.meta.url),
    slice: ({ dataset: { name, source: _, ...dataset }, seed }) => {
      // Where nothing is drawn, experiments that differ in nothing but the seed share this stage.
      const draws = !("binarisation" in dataset) || dataset.split.order === "shuffled" ||
        dataset.binarisation === "static";
      return json({ dataset: name, ...dataset, seed: draws ? seed : 0 });
    },
    inputs: () => [all("download")],
    permissions: () => ({}),
  },
  {
    name: "train",
    module: new URL("./train.ts", import.meta.url),
    slice: ({ model, kl, training, seed }, { engine }) => json({ model, kl, training, seed, engine }),
    inputs: () => files("preprocess", "train.npy", "validation.npy", "test.npy", "dataset.json"),
    permissions: () => ({ ffi: true }),
  },
  {
    name: "evaluate",
    module: new URL("./evaluate.ts", import.meta.url),
    slice: ({ dataset, evaluation, model, training, figures, generation, seed }, { engine }) => {
      const studies = isMusicName(dataset.name) ? [] : STUDIES.filter((name) => figures.show.includes(name));
      return json({
        evaluation,
        model,
        generation,
        seed,
        engine,
        studies,
        ...(studies.includes("denoising") ? { inputNoise: training.inputNoise } : {}),
      });
    },
    inputs: () => [all("preprocess"), ...files("train", "weights.safetensors", "model.json")],
    permissions: () => ({ ffi: true }),
  },
  {
    name: "render",
    module: new URL("./render.ts", import.meta.url),
    slice: ({ figures, model, generation, seed }, { engine }) =>
      json({ figures, model, generation, seed, engine }),
    inputs: () => [all("preprocess"), all("train"), all("evaluate")],
    permissions: () => ({ ffi: true }),
  },
  {
    name: "report",
    module: new URL("./report.ts", import.meta.url),
    slice: ({ dataset: { source: _, ...dataset }, ...spec }, { engine }) =>
      json({ spec: { ...spec, dataset }, engine }),
    inputs: () => ["download", "preprocess", "train", "evaluate", "render"].map(all),
    unkeyed: (_, provenance) => json({ provenance }),
    permissions: ({ dataset }) => isMusicName(dataset.name) ? { run: [bundlerProgram()] } : {},
  },
];

function all(stage: string): InputReference {
  return { stage, path: "" };
}

function files(stage: string, ...paths: string[]): InputReference[] {
  return paths.map((path) => ({ stage, path }));
}

function sourcePermissions({ dataset: { name, source } }: Experiment): StagePermissions {
  switch (source.type) {
    case "npm":
      return { run: ["deno"] };
    case "https":
      return { net: (source.mirrors ?? mirrorsOf(name)).map((mirror) => new URL(mirror).host) };
    case "folder":
      return { read: [source.path] };
  }
}

function mirrorsOf(name: DatasetName): readonly string[] {
  return name === "midi" ? [] : ORIGINS[name].mirrors;
}

/** Values of the schema's types are JSON, which TypeScript cannot see where a part is optional. */
function json(value: object): Json {
  return value as Json;
}
