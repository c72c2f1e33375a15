import { type Part, readDatasetInfo, readPart } from "../../artifacts/dataset.ts";
import { BACKENDS } from "../../engine/backends.ts";
import type { Engine, EngineModule, Parameters } from "../../engine/engine.ts";
import { kindOf } from "../../datasets/datasets.ts";
import type { KindSampling } from "../../kinds/kind.ts";
import { UserError } from "../../base/errors.ts";
import type { Settings } from "../../stages/declarations.ts";
import { classRegion, sampleRegion } from "../../metrics/class_region.ts";
import { nearest } from "../../base/nearest.ts";
import { randomStream } from "../../base/random.ts";
import type { Experiment } from "../../spec/experiment.ts";
import type { Vae } from "../../vae/vae.ts";
import { openTrained } from "../../inference/trained.ts";
import { architectureOf } from "../../vae/architectures/architectures.ts";
import { priorOf } from "../../vae/priors/priors.ts";
import { likelihoodOf } from "../../vae/likelihoods/likelihoods.ts";
import { samplePrior } from "../../inference/prior.ts";
import { compileDecoder, decoderOfClass } from "../../inference/decoder.ts";
import { LossEvaluator, sampleIndices } from "../../inference/example_losses.ts";

interface SampleRequest<Spec = Experiment> {
  readonly spec: Spec;
  readonly settings: Pick<Settings, "engine">;
  /** The path of an output of preprocess or train, by `stage/path`. */
  input(name: string): string;
  readonly count: number;
  /** A class's name or number; of the whole prior where undefined. */
  readonly label: string | undefined;
  readonly seed: number;
}

/** A sample as a file. */
export interface Sampled {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Training examples that a class's region is found from. */
const REGION_EXAMPLES = 2000;

/** Makes more from a trained model: MIDI files of music, PNG files of images. */
export async function sample(request: SampleRequest): Promise<Sampled[]> {
  const { spec, settings, input, count, seed } = request;
  const { model, name } = spec;
  const info = await readDatasetInfo(input("preprocess/dataset.json"));
  const label = request.label === undefined ? undefined : labelOf(request.label, info.classes);
  const weights = await Deno.readFile(input("train/weights.safetensors"));
  const modules = {
    architecture: await import(architectureOf(model).module.href),
    likelihood: await import(likelihoodOf(model.likelihood).module.href),
    prior: await import(priorOf(model).module.href),
  };
  const { open }: EngineModule = await import(BACKENDS[settings.engine].module.href);
  const engine = await open();
  try {
    using trained = openTrained(engine, model, modules, info, weights);
    const { parameters, vae } = trained;
    const from = label === undefined ? "prior" : info.classes[label]!;
    const stream = `sample/${from}`;
    const codes = label === undefined || model.conditional
      ? samplePrior(trained, seed, stream, count)
      : sampleRegion(
        await regionOf(label, await readPart("train", info, (file) => input(`preprocess/${file}`)), {
          engine,
          parameters,
          vae,
        }),
        randomStream(seed, stream).fillNormal(new Float32Array(count * model.latentSize)),
      );
    const compiled = compileDecoder(engine, parameters, vae, info.shape);
    const decoder = label === undefined ? compiled : decoderOfClass(compiled, model.latentSize, label);
    const nameOf = (i: number) => `${from}-seed-${seed}-${String(i + 1).padStart(String(count).length, "0")}`;
    const { extension, sampleFiles }: KindSampling = await import(kindOf(spec.dataset).sample.href);
    const files = sampleFiles(decoder, codes, {
      info,
      generation: spec.generation,
      latentSize: model.latentSize,
      seed,
      label,
      titleOf: (i) => `${name}-${nameOf(i)}`,
    });
    return files.map((bytes, i) => ({ name: `${nameOf(i)}.${extension}`, bytes }));
  } finally {
    engine.dispose();
  }
}

function labelOf(wanted: string, classes: readonly string[]): number {
  const label = classes.indexOf(wanted);
  if (label >= 0) return label;
  const close = nearest(wanted, classes);
  throw new UserError(`Cannot sample the class ${wanted}: there is no such class`, {
    notes: [...(close ? [`Did you mean ${close}?`] : []), `The classes are ${classes.join(", ")}.`],
    exitStatus: 2,
  });
}

async function regionOf(
  label: number,
  train: Part,
  { engine, parameters, vae }: { engine: Engine; parameters: Parameters; vae: Vae },
) {
  const own = Uint32Array.from(train.labels.keys()).filter((i) => train.labels[i] === label);
  const chosen = sampleIndices(0, "class region", own.length, REGION_EXAMPLES).map((i) => own[i]!);
  const evaluator = new LossEvaluator(engine, parameters, vae, train.size);
  const source = { part: train, name: "train", seed: 0, dynamic: false } as const;
  const posteriors = await evaluator.measure(source, chosen, () => Promise.resolve());
  const region = classRegion(posteriors, chosen.map(() => label), label);
  if (region) return region;
  throw new UserError("Cannot sample this class: the training part has no example of it");
}
