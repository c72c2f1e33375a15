import type * as tf from "@tensorflow/tfjs";
import type { z } from "zod";
import type { ModuleUrl } from "../../base/module_url.ts";
import type { ExponentialFamily } from "../../metrics/completion.ts";
import type { Variables } from "../variables.ts";

/** What every likelihood's spec says, whatever the family. */
export interface LikelihoodBase {
  /** The name of its variant. */
  readonly family: string;
}

/** p(x|z) of one model, from what its decoder puts out. */
export interface Likelihood {
  /**
   * -log p(x|z) of each example in nats, summed over dimensions.
   *
   * @param output of the decoder, [n, dimensions]
   * @param x flat examples, [n, dimensions]; either may have one row, which then stands for all rows of the other
   * @returns [n]
   */
  negativeLogLikelihood(output: tf.Tensor, x: tf.Tensor): tf.Tensor1D;
  /** E[x|z], [n, dimensions], from the decoder's output. */
  mean(output: tf.Tensor): tf.Tensor2D;
  /**
   * What the decoder's output is called, where it is not the mean itself: `logits`. The exported decoder gives it beside
   * the mean, from which alone a likelihood could not be computed in full precision.
   */
  readonly outputName?: string;
}

/**
 * The code of a family of likelihoods: what a stage loads.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { type LikelihoodModule, Variables } from "reparam";
 *
 * // Laplace around the decoder's output, with scale 1: |x - m| + log 2.
 * const createLikelihood: LikelihoodModule["createLikelihood"] = () => ({
 *   negativeLogLikelihood: (output, x) => tf.sum(tf.add(tf.abs(tf.sub(x, output)), Math.log(2)), 1),
 *   mean: (output) => output as tf.Tensor2D,
 * });
 *
 * const { negativeLogLikelihood } = createLikelihood({ family: "laplace" }, new Variables(1));
 * const loss = negativeLogLikelihood(tf.tensor2d([[0.5, 0.5]]), tf.tensor2d([[0, 1]]));
 * assert.ok(Math.abs(loss.dataSync()[0]! - (1 + 2 * Math.log(2))) < 1e-6);
 * ```
 */
export interface LikelihoodModule<Spec extends LikelihoodBase = LikelihoodBase> {
  /** Makes the variables that it learns, if any, and the likelihood over them. */
  createLikelihood(spec: Spec, variables: Variables): Likelihood;
  /**
   * p(x|z) of one value whose mean is known, where it is an exponential family in x (`LikelihoodSpec`).
   * @param valueOf the trained value of a variable that it learns, by its name
   */
  exponentialFamily?(spec: Spec, valueOf: (name: string) => Float32Array): ExponentialFamily;
  /** Why its loss may have stopped being a number, where the family gives a reason of its own. */
  divergence?(spec: Spec): DivergenceReason;
}

/** Why a training may have diverged. */
export interface DivergenceReason {
  /** Follows "Likely cause:": "a standard deviation of 0.1 multiplies every squared error by 50". */
  readonly cause: string;
  /** A setting to try, as `--set` takes it: "model.likelihood.standardDeviation=1". */
  readonly override: string;
}

/**
 * The spec part of a family of likelihoods; it imports no tfjs.
 *
 * @example
 * ```ts
 * import { type LikelihoodModule, type LikelihoodSpec, moduleUrl } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ family: z.literal("laplace"), scale: z.number().positive().default(1) });
 * type LaplaceSpec = z.output<typeof schema>;
 *
 * export const laplace = {
 *   schema,
 *   module: moduleUrl<LikelihoodModule<LaplaceSpec>>(new URL("./laplace.ts", import.meta.url)),
 *   title: "Laplace",
 *   output: "medians",
 *   binary: false,
 *   exponentialFamily: false,
 *   words: ({ scale }) => `Laplace, scale ${scale}`,
 * } satisfies LikelihoodSpec<LaplaceSpec>;
 * ```
 */
export interface LikelihoodSpec<Spec extends LikelihoodBase = LikelihoodBase> {
  /** Has `family` as a literal. */
  readonly schema: z.ZodObject & z.ZodType<Spec>;
  /** Where its code stands. */
  readonly module: ModuleUrl<LikelihoodModule<Spec>>;
  /** The family's name: "Gaussian". */
  readonly title: string;
  /** What the decoder's output is to it: "means". */
  readonly output: string;
  /** It is a distribution over 0 and 1. */
  readonly binary: boolean;
  /** Its module has `exponentialFamily`, which figures need that infer z from a part of an example. */
  readonly exponentialFamily: boolean;
  /** The likelihood in a few words: "Gaussian, σ = 0.1". */
  words(spec: Spec): string;
}
