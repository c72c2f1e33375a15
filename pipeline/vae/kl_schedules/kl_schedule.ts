import type { z } from "zod";
import type { ModuleUrl } from "../../base/module_url.ts";
import type { Problem } from "../../base/problem.ts";

/** What every KL schedule's spec says. */
export interface KlScheduleBase {
  /** The name of its variant. */
  readonly schedule: string;
  /** Nats per latent dimension below which the KL term is not penalised. */
  readonly freeBits: number;
}

/**
 * The code of a KL schedule: what a stage loads.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { KlScheduleModule } from "reparam";
 *
 * // The whole weight, at every second epoch.
 * const klWeight: KlScheduleModule["klWeight"] = (_spec, step, stepsPerEpoch) =>
 *   Math.floor(step / stepsPerEpoch) % 2;
 * assert.equal(klWeight({ schedule: "blinking", freeBits: 0 }, 150, 100), 1);
 * ```
 */
export interface KlScheduleModule<Spec extends KlScheduleBase = KlScheduleBase> {
  /**
   * The weight of the KL term at a training step.
   *
   * @param step steps done so far, from 0
   * @param stepsPerEpoch steps in an epoch; step / stepsPerEpoch is the time in epochs
   */
  klWeight(spec: Spec, step: number, stepsPerEpoch: number): number;
}

/** The length of a training; `steps` is Infinity where it is known only after the data have been read. */
export interface TrainingLength {
  /** Passes over the training part. */
  readonly epochs: number;
  /** Batches in all of them. */
  readonly steps: number;
}

/**
 * The spec part of a KL schedule.
 *
 * @example
 * ```ts
 * import { freeBits, type KlScheduleModule, type KlScheduleSpec, moduleUrl } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ schedule: z.literal("delayed"), at: z.number().min(0), freeBits });
 * type DelayedKl = z.output<typeof schema>;
 *
 * export const delayed = {
 *   schema,
 *   module: moduleUrl<KlScheduleModule<DelayedKl>>(new URL("./delayed.ts", import.meta.url)),
 *   words: ({ at }) => `0 until epoch ${at}, then 1`,
 *   problems: () => [],
 *   notices: ({ at }, { epochs }) => at < epochs ? [] : ["The KL term is never switched on."],
 * } satisfies KlScheduleSpec<DelayedKl>;
 * ```
 */
export interface KlScheduleSpec<Spec extends KlScheduleBase = KlScheduleBase> {
  /** Has `schedule` as a literal. */
  readonly schema: z.ZodObject & z.ZodType<Spec>;
  /** Where its code stands. */
  readonly module: ModuleUrl<KlScheduleModule<Spec>>;
  /** The schedule in a few words: "linear from 0 to 1, epochs 0 to 10". */
  words(spec: Spec): string;
  /** What is impossible in it. */
  problems(spec: Spec): Problem[];
  /** What is possible in a training of this length, and probably not meant: sentences. */
  notices(spec: Spec, length: TrainingLength): string[];
}
