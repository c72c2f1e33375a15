import { decodeCsv, encodeCsv, numberColumn } from "../formats/csv.ts";
import { textArtifact } from "./artifact.ts";

/** The importance-weighted bound on log p(x), in nats per example, by the samples of z that it takes. */
export interface BoundEstimate {
  readonly samples: number;
  readonly logLikelihood: number;
  /** Null where a single example cannot show it. */
  readonly standardError: number | null;
}

/** A row for each number of samples, rising from 1. */
export const IMPORTANCE_CSV = textArtifact<readonly BoundEstimate[]>("evaluate/importance.csv", {
  encode: (estimates) =>
    encodeCsv({
      columns: ["samples", "log_likelihood", "standard_error"],
      rows: estimates.map(({ samples, logLikelihood, standardError }) => [
        samples,
        logLikelihood,
        standardError,
      ]),
    }),
  decode: (text) => {
    const table = decodeCsv(text, "importance.csv");
    const [samples, logLikelihood, errors] = ["samples", "log_likelihood", "standard_error"].map((name) =>
      numberColumn(table, name, "importance.csv")
    );
    return samples!.map((count, i) => ({
      samples: count,
      logLikelihood: logLikelihood![i]!,
      standardError: Number.isNaN(errors![i]) ? null : errors![i]!,
    }));
  },
});
