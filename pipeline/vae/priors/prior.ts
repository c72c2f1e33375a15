import type * as tf from "@tensorflow/tfjs";
import type { z } from "zod";
import type { ModuleUrl } from "../../base/module_url.ts";
import type { Variables } from "../variables.ts";
import type { Posterior } from "../posterior.ts";

/** What every prior's spec says. */
export interface PriorBase {
  /** The name of its variant. */
  readonly name: string;
}

/** p(z) of one model; all in nats. */
export interface Prior {
  /** Whether it is N(0, I): then whoever needs a KL knows it from the posterior. */
  readonly isStandardNormal: boolean;
  /**
   * KL(q(z|x) || p(z)) of each dimension in closed form, [n, latentSize]. Where there is none it is estimated from
   * `logRatio` at the codes that are drawn.
   */
  kl?(posterior: Posterior): tf.Tensor2D;
  /**
   * log p(z) - log q(z|x) at codes z = mean + exp(logVariance / 2) * noise, [n].
   *
   * @param z [n, latentSize], as is `noise`
   * @param logVariance of the posterior that each was drawn from, [n or 1, latentSize]
   */
  logRatio(z: tf.Tensor, logVariance: tf.Tensor, noise: tf.Tensor): tf.Tensor1D;
  /**
   * Codes drawn from p(z), [n, latentSize].
   *
   * @param noise standard normal, [n, latentSize]
   * @param choice uniform in [0, 1), [n, 1]: which component of a mixture
   */
  sample(noise: tf.Tensor, choice: tf.Tensor): tf.Tensor2D;
}

/** What a prior is made over. */
export interface PriorParts {
  /** Where it makes what it learns. */
  readonly variables: Variables;
  /** The model's encoder: flat examples [n, dimensions] -> q(z|x). */
  readonly encode: (x: tf.Tensor) => Posterior;
  /** Values of one example. */
  readonly values: number;
}

/**
 * The code of a prior: what a stage loads.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import type { PriorModule } from "reparam";
 *
 * // A normal distribution that is twice as wide: log p(z) - log q(z|x) has no constants but that of the width.
 * export const createPrior: PriorModule["createPrior"] = () => ({
 *   isStandardNormal: false,
 *   logRatio: (z, logVariance, noise) => {
 *     const ratio = tf.sub(tf.add(tf.square(noise), logVariance), tf.add(tf.mul(tf.square(z), 0.25), Math.log(4)));
 *     return tf.mul(tf.sum(ratio, 1), 0.5);
 *   },
 *   sample: (noise) => tf.mul(noise, 2),
 * });
 * ```
 */
export interface PriorModule<Spec extends PriorBase = PriorBase> {
  /** Makes the variables that it learns, if any, and the prior over them. */
  createPrior(spec: Spec, parts: PriorParts): Prior;
}

/**
 * The spec part of a prior; it imports no tfjs.
 *
 * @example
 * ```ts
 * import { moduleUrl, type PriorModule, type PriorSpec } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ name: z.literal("wide-normal") });
 * type WideNormal = z.output<typeof schema>;
 *
 * export const wideNormal = {
 *   schema,
 *   module: moduleUrl<PriorModule<WideNormal>>(new URL("./wide_normal.ts", import.meta.url)),
 *   standardNormal: false,
 *   words: () => "N(0, 4 I)",
 * } satisfies PriorSpec<WideNormal>;
 * ```
 */
export interface PriorSpec<Spec extends PriorBase = PriorBase> {
  /** Has `name` as a literal. */
  readonly schema: z.ZodObject & z.ZodType<Spec>;
  /** Where its code stands. */
  readonly module: ModuleUrl<PriorModule<Spec>>;
  /**
   * It is N(0, I), which figures draw as circles and grids, and to which a KL splits into dimensions, as free bits need
   * it.
   */
  readonly standardNormal: boolean;
  /** The prior in a few words: "VampPrior, 500 components". */
  words(spec: Spec): string;
}
