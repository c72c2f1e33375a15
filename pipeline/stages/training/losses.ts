import type { CsvValue } from "../../formats/csv.ts";
import { klPerDimension } from "../../metrics/latent.ts";
import type { ExampleLosses } from "../../inference/example_losses.ts";

const TERMS = ["loss", "reconstruction", "kl", "objective"] as const;

/** Nats per example; `loss` is at KL weight 1, `objective` has the weight and the free bits in it. */
export type Losses = Readonly<Record<typeof TERMS[number], number>>;

/** Columns of `metrics.csv`. */
export const METRICS_COLUMNS = [
  "epoch",
  "step",
  "learning_rate",
  "kl_weight",
  ...["train", "test", "validation"].flatMap((part) => TERMS.map((term) => `${part}_${term}`)),
];

/** The fields of one part in a row of `metrics.csv`, empty where nothing was measured. */
export function columnsOf(losses: Losses | undefined): CsvValue[] {
  return TERMS.map((term) => losses?.[term] ?? null);
}

/** Means over examples; undefined where there are none. @param weight of the KL term */
export function meanLosses(losses: ExampleLosses, weight: number, freeBits: number): Losses | undefined {
  const examples = losses.reconstruction.length;
  if (examples === 0) return undefined;
  const reconstruction = losses.reconstruction.reduce((sum, loss) => sum + loss / examples, 0);
  const perDimension = klPerDimension(losses);
  const kl = perDimension.reduce((sum, value) => sum + value, 0);
  const penalised = perDimension.reduce((sum, value) => sum + Math.max(freeBits, value), 0);
  return { loss: reconstruction + kl, reconstruction, kl, objective: reconstruction + weight * penalised };
}
