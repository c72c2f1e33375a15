import { formatUserError, UserError } from "../../pipeline/base/errors.ts";
import { parseExperiment } from "../../pipeline/spec/load.ts";

/** Small specs to make mistakes in, one key a line so that places are easy to count. */
export const DENSE = `{
  "name": "small",
  "dataset": {
    "name": "mnist",
    "split": {
      "train": { "count": 2000 },
      "test": { "count": 500 }
    }
  },
  "model": {
    "architecture": "dense",
    "latentSize": 2,
    "encoder": { "units": [128] },
    "decoder": { "units": [128], "activation": "tanh" }
  },
  "kl": { "schedule": "linear", "end": 1 },
  "training": {
    "epochs": 3,
    "batchSize": 50
  }
}`;

export const CONV = `{
  "name": "small",
  "dataset": { "name": "mnist" },
  "model": {
    "architecture": "conv",
    "latentSize": 16,
    "encoder": {
      "conv": [
        { "filters": 32, "kernel": 4, "stride": 2 },
        { "filters": 64, "kernel": 4, "stride": 2 }
      ]
    },
    "decoder": {
      "reshape": [7, 7, 64],
      "conv": [
        { "filters": 32, "kernel": 4, "stride": 2 },
        { "filters": 1, "kernel": 4, "stride": 2 }
      ]
    }
  }
}`;

/** `text` with one piece replaced; fails where the piece is not there. */
export function edit(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the text has no ${from}`);
  return text.replace(from, () => to);
}

/** What the user is told about a bad spec. */
export function messageOf(text: string, ...overrides: string[]): string {
  try {
    parseExperiment(text, "s.json", overrides);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error.exitStatus !== 2) throw new Error(`exit status ${error.exitStatus}`);
    return formatUserError(error);
  }
  throw new Error("the spec was accepted");
}
