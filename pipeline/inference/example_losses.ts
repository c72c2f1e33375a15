import { sampleBinary } from "../vae/sample_binary.ts";
import { gather, type PartName, type UnlabelledPart } from "../artifacts/dataset.ts";
import { classInput, tellClasses } from "./conditions.ts";
import type { CompiledFunction, Engine, Parameters } from "../engine/engine.ts";
import { klPerDimension, klPerExample, type Posteriors } from "../metrics/latent.ts";
import { randomStream } from "../base/random.ts";
import { tf } from "../engine/tfjs.ts";
import { elboTerms } from "../vae/elbo.ts";
import type { Objective } from "../vae/objectives/objective.ts";
import type { Vae } from "../vae/vae.ts";
import { batches } from "./batches.ts";

/**
 * A part of a dataset as losses are measured on it. The sample of a dynamically binarised example and its noise
 * depend on the seed, the part and the example's index alone: whoever asks, and in whatever batches, sees the same.
 */
export interface MeasuredPart {
  /** With its labels where the model is conditional. */
  readonly part: UnlabelledPart & { readonly labels?: ArrayLike<number> };
  readonly name: PartName;
  readonly seed: number;
  /** Whether intensities are probabilities to sample pixels from. */
  readonly dynamic: boolean;
}

/**
 * Writes the examples at `indices` to `out`, [indices, values], as they are measured: sampled where that is
 * `dynamic`.
 */
export function measuredExamples(
  { part, name, seed, dynamic }: MeasuredPart,
  indices: ArrayLike<number>,
  out: Float32Array,
): Float32Array {
  gather(part, indices, out);
  if (!dynamic) return out;
  for (let i = 0; i < indices.length; i++) {
    const stream = randomStream(seed, `binarisation of ${name} examples`, indices[i]!);
    sampleBinary(out.subarray(i * part.size, (i + 1) * part.size), stream);
  }
  return out;
}

/** The posterior and the reconstruction loss, in nats, of each of the examples asked for. */
export interface ExampleLosses extends Posteriors {
  /** -log p(x|z) at one sample of z. */
  readonly reconstruction: Float32Array;
  /**
   * KL(q(z|x) || p(z)) where the prior is not N(0, I), whose KL follows from the posterior; log q(z|x) - log p(z) at the
   * same sample where there is no closed form.
   */
  readonly kl?: Float32Array;
  /** What training minimises, in nats, where the evaluator was given an objective of examples. */
  readonly objective?: Float32Array;
}

/** What training minimises, as it is measured of examples that are not trained on. */
export interface MeasuredObjective extends Pick<Objective, "samples"> {
  readonly ofExamples: NonNullable<Objective["ofExamples"]>;
  readonly trainingExamples: number;
}

/** KL(q(z|x) || p(z)) of each example, in nats. */
export function exampleKl(losses: ExampleLosses): Float64Array {
  return losses.kl ? Float64Array.from(losses.kl) : klPerExample(losses);
}

/** The mean KL over the examples, in nats: of each dimension where the prior is N(0, I), else of all together. */
export function meanKl(losses: ExampleLosses): Float64Array {
  if (!losses.kl) return klPerDimension(losses);
  const sum = exampleKl(losses).reduce((sum, kl) => sum + kl, 0);
  return Float64Array.of(sum / losses.kl.length);
}

/** Examples that are measured at once, or more: 100 divides MNIST's parts, so that no batch of theirs is short. */
const ENOUGH = 100;

/** Measures both terms of the ELBO example by example. */
export class LossEvaluator {
  readonly #program: CompiledFunction;
  readonly #size: number;
  readonly #latentSize: number;
  readonly #batch: number;
  readonly #knowsKl: boolean;
  readonly #classes: number;

  readonly #codes: number;

  /**
   * @param size values in one example
   * @param objective measured too, with as many codes as it asks for; the first of them is that of the ELBO
   */
  constructor(
    engine: Engine,
    parameters: Parameters,
    vae: Vae,
    size: number,
    objective?: MeasuredObjective,
  ) {
    this.#size = size;
    this.#codes = objective?.samples ?? 1;
    this.#latentSize = vae.latentSize;
    this.#classes = vae.classes;
    const batch = this.#batch = engine.examplesAtOnce(ENOUGH, size);
    this.#knowsKl = vae.prior.isStandardNormal;
    this.#program = engine.compileFunction({
      parameters,
      inputs: {
        x: [batch, size],
        noise: [batch, this.#codes * vae.latentSize],
        ...(objective ? { klWeight: [] } : {}),
        ...classInput(vae, batch),
      },
      fn: ({ x, noise, y, klWeight }) => {
        const told = vae.given(y);
        const first = this.#codes === 1 ? noise! : tf.slice(noise!, [0, 0], [-1, vae.latentSize]);
        const { posterior, reconstruction, kl } = elboTerms(told, x!, first);
        const further = { klWeight: klWeight!, freeBits: 0 };
        return {
          ...posterior,
          reconstruction,
          ...(this.#knowsKl ? {} : { kl: tf.sum(kl, 1) }),
          ...(objective && {
            objective: objective.ofExamples({
              ...elboTerms(told, x!, noise!, { samples: objective.samples }),
              ...further,
              trainingExamples: objective.trainingExamples,
            }),
          }),
        };
      },
    });
  }

  /**
   * @param pause called between batches
   * @param klWeight for an objective that is measured
   */
  async measure(
    source: MeasuredPart,
    indices: ArrayLike<number>,
    pause: () => Promise<void>,
    klWeight = 1,
  ): Promise<ExampleLosses> {
    const [n, size, latentSize] = [indices.length, this.#size, this.#latentSize];
    const mean = new Float32Array(n * latentSize);
    const logVariance = new Float32Array(n * latentSize);
    const reconstruction = new Float32Array(n);
    const kl = this.#knowsKl ? undefined : new Float32Array(n);
    const all = Uint32Array.from(indices);
    const { x, noise, y, klWeight: weight } = this.#program.inputs;
    const objective = weight && new Float32Array(n);
    if (weight) weight[0] = klWeight;
    const codes = this.#codes * latentSize;
    for (const { from, to } of batches(n, this.#batch)) {
      const batch = all.subarray(from, to), count = batch.length;
      measuredExamples(source, batch, x!.subarray(0, count * size));
      tellClasses(y, this.#classes, source.part.labels, batch);
      for (const [i, index] of batch.entries()) {
        const stream = randomStream(source.seed, `noise of ${source.name} examples`, index);
        stream.fillNormal(noise!.subarray(i * codes, (i + 1) * codes));
      }
      const result = this.#program.run();
      mean.set(result.mean!.subarray(0, count * latentSize), from * latentSize);
      logVariance.set(result.logVariance!.subarray(0, count * latentSize), from * latentSize);
      reconstruction.set(result.reconstruction!.subarray(0, count), from);
      kl?.set(result.kl!.subarray(0, count), from);
      objective?.set(result.objective!.subarray(0, count), from);
      await pause();
    }
    return {
      mean: { rows: n, columns: latentSize, data: mean },
      logVariance: { rows: n, columns: latentSize, data: logVariance },
      reconstruction,
      ...(kl ? { kl } : {}),
      ...(objective ? { objective } : {}),
    };
  }
}

/** The whole numbers 0 .. total-1. */
export function allIndices(total: number): Uint32Array {
  return Uint32Array.from({ length: total }, (_, i) => i);
}

/**
 * `count` of `total` indices, drawn without replacement, in rising order; all where there are no more. Not every
 * n-th: MNIST's training file alternates between two groups of writers, so every sixth image is no fair sample.
 */
export function sampleIndices(seed: number, name: string, total: number, count: number): Uint32Array {
  if (count >= total) return allIndices(total);
  return randomStream(seed, `choice of ${name} examples`).permutation(total).slice(0, count).sort();
}
