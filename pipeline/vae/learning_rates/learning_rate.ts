import type { z } from "zod";
import type { ModuleUrl } from "../../base/module_url.ts";
import type { Problem } from "../../base/problem.ts";

/** What every learning-rate schedule's spec says. */
export interface LearningRateBase {
  /** The name of its variant. */
  readonly schedule: string;
  /** The rate that the schedule starts from, or falls from after its warm-up. */
  readonly rate: number;
}

/**
 * The code of a learning-rate schedule: what a stage loads.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { LearningRateModule } from "reparam";
 *
 * // Halved after each epoch.
 * const learningRate: LearningRateModule["learningRate"] = ({ rate }, step, stepsPerEpoch) =>
 *   rate / 2 ** Math.floor(step / stepsPerEpoch);
 * assert.equal(learningRate({ schedule: "halving", rate: 1 }, 250, 100, 3), 0.25);
 * ```
 */
export interface LearningRateModule<Spec extends LearningRateBase = LearningRateBase> {
  /**
   * The learning rate of a training step.
   *
   * @param step steps done so far, from 0
   * @param stepsPerEpoch steps in an epoch
   * @param epochs epochs of the whole training
   */
  learningRate(spec: Spec, step: number, stepsPerEpoch: number, epochs: number): number;
}

/**
 * The spec part of a learning-rate schedule.
 *
 * @example
 * ```ts
 * import { type LearningRateModule, type LearningRateSpec, moduleUrl, rate } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ schedule: z.literal("halving"), rate });
 * type HalvingRate = z.output<typeof schema>;
 *
 * export const halving = {
 *   schema,
 *   module: moduleUrl<LearningRateModule<HalvingRate>>(new URL("./halving.ts", import.meta.url)),
 *   words: ({ rate }) => `${rate}, halved after each epoch`,
 *   problems: () => [],
 *   notices: () => [],
 * } satisfies LearningRateSpec<HalvingRate>;
 * ```
 */
export interface LearningRateSpec<Spec extends LearningRateBase = LearningRateBase> {
  /** Has `schedule` as a literal. */
  readonly schema: z.ZodObject & z.ZodType<Spec>;
  /** Where its code stands. */
  readonly module: ModuleUrl<LearningRateModule<Spec>>;
  /** The schedule in a few words: "cosine from 0.001 to 0, 1 epoch of warm-up". */
  words(spec: Spec): string;
  /** What is impossible in a training of so many epochs. */
  problems(spec: Spec, epochs: number): Problem[];
  /** What is possible, and probably not meant: sentences. */
  notices(spec: Spec, epochs: number): string[];
}
