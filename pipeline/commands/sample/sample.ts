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
import { sampleAggregatePosterior } from "../../inference/aggregate_posterior.ts";
import { samplePrior } from "../../inference/prior.ts";
import { type CompiledDecoder, compileDecoder, decoderOfClass } from "../../inference/decoder.ts";
import { LossEvaluator, sampleIndices } from "../../inference/example_losses.ts";

interface SampleRequest<Spec = Experiment> {
  readonly spec: Spec;
  readonly settings: Pick<Settings, "engine">;
  /** The path of an output of preprocess or train, by `stage/path`. */
  input(name: string): string;
  readonly count: number;
  /** A class's name or number; of all together where undefined. */
  readonly label: string | undefined;
  /** Whether codes are those of training examples, the aggregate posterior, and not of the prior. */
  readonly posterior?: boolean;
  /** A file with a melody that voices are written under. */
  readonly melody?: { readonly file: string; readonly bytes: Uint8Array };
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
    const from = nameOfSource(request, label === undefined ? undefined : info.classes[label]);
    const stream = `sample/${from}`;
    const compiled = compileDecoder(engine, parameters, vae, info.shape);
    const decoder = label === undefined ? compiled : decoderOfClass(compiled, model.latentSize, label);
    const train = () => readPart("train", info, (file) => input(`preprocess/${file}`));
    const codesOfClass = async (label: number) =>
      sampleRegion(
        await regionOf(label, await train(), { engine, parameters, vae }),
        randomStream(seed, stream).fillNormal(new Float32Array(count * model.latentSize)),
      );
    const nameOf = (i: number) => `${from}-seed-${seed}-${String(i + 1).padStart(String(count).length, "0")}`;
    const { sampleFiles, melodyFiles }: KindSampling = await import(kindOf(spec.dataset).sample.href);
    const asked = {
      info,
      generation: spec.generation,
      latentSize: model.latentSize,
      seed,
      label,
      titleOf: (i: number) => `${name}-${nameOf(i)}`,
    };
    const files = await (async () => {
      if (request.melody) {
        const { file, bytes } = request.melody;
        if (!melodyFiles) throw noMelodies(file, info.title);
        const drawn = (stream: string, count: number) => samplePrior(trained, seed, stream, count);
        return melodyFiles(decoder, { ...asked, file, melody: bytes, count, samplePrior: drawn });
      }
      if (request.posterior) {
        const dynamic = info.binarisation === "dynamic";
        const source = { part: await train(), name: "train", seed, dynamic } as const;
        const { codes, labels } = sampleAggregatePosterior(trained, source, stream, count);
        return sampleFiles(decoderOfEach(decoder, labels), codes, asked);
      }
      const codes = label === undefined || model.conditional
        ? samplePrior(trained, seed, stream, count)
        : await codesOfClass(label);
      return sampleFiles(decoder, codes, asked);
    })();
    return files.flatMap((formats, i) =>
      formats.map(({ extension, bytes }) => ({ name: `${nameOf(i)}.${extension}`, bytes }))
    );
  } finally {
    engine.dispose();
  }
}

/** What files are named by: where their codes come from. */
function nameOfSource({ melody, posterior }: SampleRequest, className: string | undefined): string {
  if (melody) return "melody";
  return posterior ? "posterior" : className ?? "prior";
}

/** A conditional model's decoder, which is told the class of each code. */
function decoderOfEach(
  { decode, write, dispose }: CompiledDecoder,
  labels: Uint32Array | undefined,
): CompiledDecoder {
  return {
    decode: (codes) => decode(codes, labels),
    write: write && ((codes, choose) => write(codes, choose, labels)),
    dispose,
  };
}

function noMelodies(file: string, title: string): UserError {
  return new UserError(`Cannot write voices under ${file}: ${title} is no music`, { exitStatus: 2 });
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
