import type { Problem } from "../../base/problem.ts";
import type { ObjectiveConditions } from "./objective.ts";

/** What is wrong where an objective compares the examples of a batch and there is only one. */
export function smallestBatch(what: string, { batchSize }: ObjectiveConditions): Problem[] {
  if (batchSize > 1) return [];
  return [{
    path: ["training", "batchSize"],
    message: `${what} is estimated from the examples of a batch: one is too few`,
    notes: ["Allowed: a batch size of at least 2."],
  }];
}
