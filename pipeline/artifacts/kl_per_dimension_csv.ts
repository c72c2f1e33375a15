import { decodeCsv, encodeCsv, numberColumn, textColumn } from "../formats/csv.ts";
import { textArtifact } from "./artifact.ts";

/** One dimension of z over the test examples. */
export interface LatentDimension {
  /** Mean KL from posterior to prior, in nats. */
  readonly kl: number;
  /** The variance of the posterior mean. */
  readonly variance: number;
  /** Whether that variance is above the spec's threshold. */
  readonly active: boolean;
}

/** A row for each dimension, in the order of z; the file counts them from 1. */
export const KL_PER_DIMENSION_CSV = textArtifact<readonly LatentDimension[]>(
  "evaluate/kl-per-dimension.csv",
  {
    encode: (dimensions) =>
      encodeCsv({
        columns: ["dimension", "kl", "variance_of_mean", "active"],
        rows: dimensions.map(({ kl, variance, active }, i) => [i + 1, kl, variance, active]),
      }),
    decode: (text) => {
      const table = decodeCsv(text, "kl-per-dimension.csv");
      const variance = numberColumn(table, "variance_of_mean", "kl-per-dimension.csv");
      const active = textColumn(table, "active", "kl-per-dimension.csv");
      return numberColumn(table, "kl", "kl-per-dimension.csv").map((kl, i) => ({
        kl,
        variance: variance[i]!,
        active: active[i] === "true",
      }));
    },
  },
);
