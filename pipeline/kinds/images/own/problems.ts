import type { Problem } from "../../../base/problem.ts";
import type { OwnParts } from "./schema.ts";

/**
 * Why the user's own data cannot be dealt out as the spec asks.
 *
 * @param mayBeGiven whether a validation part may come with the data
 */
export function partProblems(
  { train, validation, test }: OwnParts,
  training: { readonly earlyStopping?: unknown },
  mayBeGiven: boolean,
): Problem[] {
  const share = (amount: OwnParts["test"]) => amount && "share" in amount ? amount.share : 0;
  const sum = share(test) + share(validation);
  if (sum >= 1) {
    return [{
      path: ["dataset", "split", "validation"],
      message: "The validation and test parts leave nothing to train on",
      notes: [`Allowed: shares whose sum is below 1; it is ${sum}.`],
    }];
  }
  if (training.earlyStopping && !validation && !mayBeGiven) {
    return [{
      path: ["training", "earlyStopping"],
      message: "Early stopping needs a validation part, and there is none",
      notes: ['Next: "validation": { "share": 0.1 } in dataset.split.'],
    }];
  }
  return train && "share" in train && !mayBeGiven && train.share + sum > 1
    ? [{
      path: ["dataset", "split", "train", "share"],
      message: `The shares of the parts are more than all: ${train.share + sum}`,
      notes: ["Next: leave the training part out, and it is all that the others leave."],
    }]
    : [];
}
