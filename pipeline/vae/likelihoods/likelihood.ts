import type * as tf from "@tensorflow/tfjs";
import type { z } from "zod";
import type { ModuleUrl } from "../../base/module_url.ts";
import type { ExponentialFamily } from "../../metrics/completion.ts";
import type { Variables } from "../variables.ts";

/** What every likelihood's spec says, whatever the family. */
export interface LikelihoodBase {
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
}

/** The code of a family of likelihoods: what a stage loads. */
export interface LikelihoodModule<Spec extends LikelihoodBase = LikelihoodBase> {
  /** Makes the variables that it learns, if any, and the likelihood over them. */
  createLikelihood(spec: Spec, variables: Variables): Likelihood;
  /**
   * p(x|z) of one value whose mean is known.
   * @param valueOf the trained value of a variable that it learns, by its name
   */
  exponentialFamily(spec: Spec, valueOf: (name: string) => Float32Array): ExponentialFamily;
  /**
   * Why its loss may have stopped being a number, in words, and an override to try; undefined where the family gives
   * no reason of its own.
   */
  divergence(spec: Spec): { readonly cause: string; readonly override: string } | undefined;
}

/** The spec part of a family of likelihoods; it imports no tfjs. */
export interface LikelihoodSpec<Spec extends LikelihoodBase = LikelihoodBase> {
  /** Has `family` as a literal. */
  readonly schema: z.ZodObject & z.ZodType<Spec>;
  readonly module: ModuleUrl<LikelihoodModule<Spec>>;
  /** The family's name: "Gaussian". */
  readonly title: string;
  /** What the decoder's output is to it: "means". */
  readonly output: string;
  /** It is a distribution over 0 and 1. */
  readonly binary: boolean;
  /** The likelihood in a few words: "Gaussian, σ = 0.1". */
  words(spec: Spec): string;
}
