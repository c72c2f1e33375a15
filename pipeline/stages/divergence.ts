import { UserError } from "../base/errors.ts";
import type { TrainingSpec } from "../spec/schema.ts";
import type { Likelihood } from "../spec/schema.ts";

export interface StepValues {
  readonly epoch: number;
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

/** What to tell when a loss is no longer a number. */
export function divergenceError(
  now: StepValues,
  last: StepValues | undefined,
  rate: number,
  training: TrainingSpec,
  likelihood: Likelihood,
): UserError {
  const lower = Number((rate / 10).toPrecision(2));
  const notes = [
    last
      ? `Last finite values: epoch ${last.epoch}, step ${last.step}: ${describe(last.values)}.`
      : "No step before it had finite values.",
  ];
  const { name } = training.optimiser;
  if (rate > (name === "sgd" ? 1e-4 : 5e-3)) {
    notes.push(
      `Likely cause: the learning rate of ${rate} is high for ${name} on a loss summed over dimensions.`,
    );
  } else if (likelihood.family === "gaussian") {
    const deviation = likelihood.standardDeviation;
    notes.push(
      deviation === "learned"
        ? "Likely cause: the learned standard deviation went to 0, where the Gaussian likelihood has no bound."
        : `Likely cause: a standard deviation of ${deviation} multiplies every squared error by ${
          Number((0.5 / deviation ** 2).toPrecision(3))
        }.`,
    );
  } else {
    notes.push("Likely cause: exploding gradients, which a single batch can set off.");
  }
  notes.push(
    `Try: --set training.learningRate.rate=${lower}`,
    training.gradientClipNorm === undefined
      ? "or:  --set training.gradientClipNorm=100"
      : `or:  --set training.gradientClipNorm=${Number((training.gradientClipNorm / 10).toPrecision(2))}`,
  );
  if (likelihood.family === "gaussian") notes.push("or:  --set model.likelihood.standardDeviation=1");
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
