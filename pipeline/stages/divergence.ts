import { UserError } from "../base/errors.ts";
import type { UpdateRule } from "../engine/update/rule.ts";
import type { DivergenceReason } from "../vae/likelihoods/likelihood.ts";
import type { TrainingSpec } from "../spec/experiment.ts";

/** The losses of a training step. */
export interface StepValues {
  readonly epoch: number;
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Makes the error to throw when a loss is no longer a number: what went wrong, since when, and what to try.
 *
 * @param ofLikelihood what the likelihood gives as a reason
 */
export function divergenceError(
  now: StepValues,
  last: StepValues | undefined,
  rate: number,
  training: TrainingSpec,
  { name, highLearningRate }: UpdateRule,
  ofLikelihood: DivergenceReason | undefined,
): UserError {
  const lower = Number((rate / 10).toPrecision(2));
  const notes = [
    last
      ? `Last finite values: epoch ${last.epoch}, step ${last.step}: ${describe(last.values)}.`
      : "No step before it had finite values.",
  ];
  if (rate > highLearningRate) {
    notes.push(
      `Likely cause: the learning rate of ${rate} is high for ${name} on a loss summed over dimensions.`,
    );
  } else {
    const cause = ofLikelihood?.cause ?? "exploding gradients, which a single batch can set off";
    notes.push(`Likely cause: ${cause}.`);
  }
  notes.push(
    `Try: --set training.learningRate.rate=${lower}`,
    training.gradientClipNorm === undefined
      ? "or:  --set training.gradientClipNorm=100"
      : `or:  --set training.gradientClipNorm=${Number((training.gradientClipNorm / 10).toPrecision(2))}`,
  );
  if (ofLikelihood) notes.push(`or:  --set ${ofLikelihood.override}`);
  return new UserError(
    `Training diverged: ${describe(now.values)} at epoch ${now.epoch}, step ${now.step}`,
    { notes },
  );
}

function describe(values: Readonly<Record<string, number>>): string {
  return Object.entries(values).map(([name, value]) => `${name} ${shown(value)}`).join(", ");
}

function shown(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}
