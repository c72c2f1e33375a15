import type * as tf from "@tensorflow/tfjs";
import type { z } from "zod";
import type { ModuleUrl } from "../../base/module_url.ts";
import type { Shape } from "../../base/shape.ts";
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
   * How many levels a value has where p(x|z) are probabilities of the levels 0, 1/(levels - 1), ..., 1, so that losses
   * can be told in bits for each dimension; undefined for all others.
   */
  readonly levels?: number;
  /**
   * -log p(x|z) of each example in nats, summed over dimensions.
   *
   * @param output of the decoder, [n, dimensions x outputs per value]: a block of `dimensions` for each output
   * @param x flat examples, [n, dimensions]; either may have one row, which then stands for all rows of the other
   * @returns [n]
   */
  negativeLogLikelihood(output: tf.Tensor, x: tf.Tensor): tf.Tensor1D;
  /**
   * E[x|z], [n, dimensions], from the decoder's output. Where the values of a row are drawn one after the other, each
   * reads the means of those before it.
   */
  mean(output: tf.Tensor): tf.Tensor2D;
  /** How the values of a row depend on each other given z and the rows before; undefined where they do not. */
  readonly autoregression?: RowAutoregression | undefined;
  /**
   * What the decoder's output is called, where it is not the mean itself: `logits`. The exported decoder gives it beside
   * the mean, from which alone a likelihood could not be computed in full precision.
   */
  readonly outputName?: string;
}

/**
 * A likelihood whose rows (what follows the first side of an example's shape: its steps) are drawn value after value,
 * so that each depends on those before it in the row. The decoder puts out what is known without them.
 */
export interface RowAutoregression {
  /** In so many turns a row is drawn. */
  readonly draws: number;
  /**
   * The decoder's output once it knows what stands before each value in its row.
   *
   * @param output of the decoder for whole rows, [n, dimensions], of an example or of a single step
   * @param x what the rows hold, [n, dimensions]; a value is told of those alone that are drawn before it. Either may
   * have one row, which then stands for all rows of the other
   * @returns [n, dimensions], which `conditionalMean` makes means of
   */
  given(output: tf.Tensor, x: tf.Tensor): tf.Tensor2D;
  /** The mean of each value given those before it, from what `given` returns, [n, dimensions]. */
  conditionalMean(output: tf.Tensor): tf.Tensor2D;
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
 * const { negativeLogLikelihood } = createLikelihood({ family: "laplace" }, new Variables(1), 2, [1, 2]);
 * const loss = negativeLogLikelihood(tf.tensor2d([[0.5, 0.5]]), tf.tensor2d([[0, 1]]));
 * assert.ok(Math.abs(loss.dataSync()[0]! - (1 + 2 * Math.log(2))) < 1e-6);
 * ```
 */
export interface LikelihoodModule<Spec extends LikelihoodBase = LikelihoodBase> {
  /**
   * Makes the variables that it learns, if any, and the likelihood over them.
   *
   * @param values of one example
   * @param shape of one example, whose sides multiply to `values`
   */
  createLikelihood(spec: Spec, variables: Variables, values: number, shape: Shape): Likelihood;
  /** Numbers that the decoder puts out for each value of an example (`LikelihoodTraits`); default 1. */
  outputsPerValue?(spec: Spec): number;
  /**
   * p(x|z) of one value whose mean is known, where it is an exponential family in x (`LikelihoodTraits`).
   * @param valueOf the trained value of a variable that it learns, by its name
   */
  exponentialFamily?(spec: Spec, valueOf: (name: string) => Float32Array): ExponentialFamily | undefined;
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

/** What a likelihood in a module of the user's may say of itself, exported as `about`. */
export interface OwnLikelihoodWords {
  /** The family's name; default: the file's. */
  readonly title: string;
  /** What the decoder's output is to it: "means"; default: "values". */
  readonly output: string;
  /** It is a distribution over 0 and 1; default: it is not. */
  readonly binary: boolean;
  /** It is a density (`LikelihoodSpec.density`); default: it is. */
  readonly density: boolean;
}

/**
 * What not all data are, and some likelihoods need:
 *
 * - one-hot: along the last axis of an example one value is 1, and the others are 0
 * - padded: an example is a sequence that may be filled up with zeros, which count nothing
 * - levels: values are intensities between 0 and 1, not 0 and 1 alone
 */
export type ExampleTrait = "one-hot" | "padded" | "levels";

/** What a likelihood asks of a decoder, and offers to figures. */
export interface LikelihoodTraits {
  /** What the decoder's output is to it: "means". */
  readonly output: string;
  /**
   * Numbers that the decoder puts out for each value of an example: 2 for a mean and a deviation. The decoder gives all
   * first ones of an example, then all second ones.
   */
  readonly outputsPerValue: number;
  /** Its module gives an `exponentialFamily`, which figures need that infer z from a part of an example. */
  readonly exponentialFamily: boolean;
  /** The values of a row are drawn in turn (`Likelihood.autoregression`); default: they are not. */
  readonly autoregressive?: boolean;
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
 *   binary: false,
 *   density: true,
 *   traits: () => ({ output: "medians", outputsPerValue: 1, exponentialFamily: false }),
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
  /** It is a distribution over 0 and 1. */
  readonly binary: boolean;
  /** What examples must be for it; default: nothing but numbers in [0, 1]. */
  readonly asks?: ExampleTrait;
  /** It is a density: no probabilities, so that losses depend on the scale of the values and may be below 0. */
  readonly density: boolean;
  /** What depends on its settings. */
  traits(spec: Spec): LikelihoodTraits;
  /** The likelihood in a few words: "Gaussian, σ = 0.1". */
  words(spec: Spec): string;
}
