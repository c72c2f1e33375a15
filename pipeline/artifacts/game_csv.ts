import { decodeCsv, encodeCsv, numberColumn } from "../formats/csv.ts";
import { textArtifact } from "./artifact.ts";

/** How a game stood over the steps of an epoch, means over its examples. */
export interface GameEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** What the decoder minimised. */
  readonly decoder: number;
  /** What the discriminator minimised. */
  readonly discriminator: number;
  /** The discriminator's probability that real examples are real. */
  readonly realScore: number;
  /** The discriminator's probability that generated examples are real. */
  readonly generatedScore: number;
  /** The variance of generated examples within a batch, as a share of that of real ones. */
  readonly variety: number;
}

const COLUMNS = {
  epoch: "epoch",
  decoder: "decoder_loss",
  discriminator: "discriminator_loss",
  realScore: "real_score",
  generatedScore: "generated_score",
  variety: "variety",
} as const satisfies Record<keyof GameEpoch, string>;
const KEYS = Object.keys(COLUMNS) as (keyof GameEpoch)[];

/** A row for each epoch; only of a training against a discriminator. */
export const GAME_CSV = textArtifact<readonly GameEpoch[]>("train/game.csv", {
  encode: (epochs) =>
    encodeCsv({
      columns: Object.values(COLUMNS),
      rows: epochs.map((row) => KEYS.map((key) => row[key])),
    }),
  decode: (text) => {
    const table = decodeCsv(text, "game.csv");
    const columns = KEYS.map((key) => [key, numberColumn(table, COLUMNS[key], "game.csv")] as const);
    return table.rows.map((_, row) =>
      Object.fromEntries(columns.map(([key, values]) => [key, values[row]!])) as unknown as GameEpoch
    );
  },
});
