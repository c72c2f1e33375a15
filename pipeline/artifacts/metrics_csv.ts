import { decodeCsv, encodeCsv, numberColumn } from "../formats/csv.ts";
import { textArtifact } from "./artifact.ts";
import type { PartName } from "./dataset.ts";

const TERMS: readonly LossTerm[] = ["loss", "reconstruction", "kl", "objective"];
/** A loss, or one of its terms. */
export type LossTerm = "loss" | "reconstruction" | "kl" | "objective";

/** Losses in nats per example; `loss` is the negative ELBO at KL weight 1, `objective` what training minimises. */
export interface Losses extends Readonly<Record<Exclude<LossTerm, "objective">, number>> {
  /** Null where it was not measured. */
  readonly objective: number | null;
}

/** The end of an epoch; the first row of the file is epoch 0, the model before training. */
export interface EpochMetrics extends Readonly<Record<PartName, Losses | undefined>> {
  /** Counted from 1; 0 is before training. */
  readonly epoch: number;
  /** Steps done so far. */
  readonly step: number;
  /** The learning rate of the epoch's last step. */
  readonly learningRate: number;
  /** The KL term's weight at that step. */
  readonly klWeight: number;
}

/** Parts in the order of the file's columns. */
const MEASURED = ["train", "test", "validation"] as const;

const COLUMNS = [
  "epoch",
  "step",
  "learning_rate",
  "kl_weight",
  ...MEASURED.flatMap((part) => TERMS.map((term) => `${part}_${term}`)),
];

/** A row for each epoch; the losses of a part that was not measured are empty fields. */
export const METRICS_CSV = textArtifact<readonly EpochMetrics[]>("train/metrics.csv", {
  encode: (epochs) =>
    encodeCsv({
      columns: COLUMNS,
      rows: epochs.map((row) => [
        row.epoch,
        row.step,
        row.learningRate,
        row.klWeight,
        ...MEASURED.flatMap((part) => TERMS.map((term) => row[part]?.[term] ?? null)),
      ]),
    }),
  decode: (text) => {
    const table = decodeCsv(text, "metrics.csv");
    const columns = new Map(COLUMNS.map((name) => [name, numberColumn(table, name, "metrics.csv")]));
    return table.rows.map((_, row) => {
      const value = (column: string) => columns.get(column)![row]!;
      const losses = (part: string): Losses | undefined =>
        Number.isNaN(value(`${part}_loss`)) ? undefined : {
          loss: value(`${part}_loss`),
          reconstruction: value(`${part}_reconstruction`),
          kl: value(`${part}_kl`),
          objective: Number.isNaN(value(`${part}_objective`)) ? null : value(`${part}_objective`),
        };
      return {
        epoch: value("epoch"),
        step: value("step"),
        learningRate: value("learning_rate"),
        klWeight: value("kl_weight"),
        train: losses("train"),
        test: losses("test"),
        validation: losses("validation"),
      };
    });
  },
});

/** One loss over the epochs, in nats; NaN where it was not measured. */
export function lossCurve(epochs: readonly EpochMetrics[], part: PartName, term: LossTerm): number[] {
  return epochs.map((row) => row[part]?.[term] ?? NaN);
}
