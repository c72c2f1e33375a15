import { UserError } from "../../base/errors.ts";
import { bytes, count } from "../../base/words.ts";

/** Weights, gradients, two moments, and once more for a checkpoint and for a file, float32. */
const BYTES_PER_PARAMETER = 6 * 4;
/** The evaluation needs the covariance of the aggregate posterior, float64, and its eigenvectors. */
const BYTES_PER_COVARIANCE = 2 * 8;

/**
 * Refuses a model that this machine's memory cannot hold before time is spent on it. The estimate leaves out what
 * is small beside the rest, so that it refuses nothing that would fit.
 * @param parameters how many numbers the model learns
 * @param memoryBytes of the machine
 * @throws {UserError}
 */
export function refuseTooLarge(parameters: number, latentSize: number, memoryBytes: number): void {
  const needs: [string, number, string][] = [
    [
      `training its ${count(parameters)} parameters`,
      BYTES_PER_PARAMETER * parameters,
      "Take fewer or smaller layers, or a smaller latentSize.",
    ],
    [
      `evaluating ${count(latentSize)} latent dimensions`,
      BYTES_PER_COVARIANCE * latentSize ** 2,
      "Try: --set model.latentSize=64",
    ],
  ];
  for (const [what, needed, note] of needs) {
    if (needed <= memoryBytes) continue;
    throw new UserError(
      `Cannot train this model: ${what} would need ${bytes(needed)}; the machine has ${bytes(memoryBytes)}`,
      { notes: [note] },
    );
  }
}
