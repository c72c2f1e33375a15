import type { IsWritten, Problem } from "../../../base/problem.ts";
import type { CheckedSpec } from "../../preparation.ts";
import {
  autoregressionProblems,
  generationProblems,
  likelihoodProblems,
  transpositionProblems,
} from "../problems.ts";
import type { ChoraleDataset } from "./schema.ts";

/** What is impossible in a spec of chorales, before its files are read. */
export function choraleProblems(spec: CheckedSpec<ChoraleDataset>, isWritten: IsWritten): Problem[] {
  const { representation, windows: { transpositions } } = spec.dataset;
  return [
    ...(transpositions === "keys" ? [] : transpositionProblems(transpositions)),
    ...(representation !== "roll"
      ? likelihoodProblems(spec.model, "A voice does one thing at a step", ({ asks }) => asks === "one-hot")
      : likelihoodProblems(
        spec.model,
        "The cells of a piano roll are on or off",
        ({ binary, asks }) => binary && asks !== "one-hot",
      )),
    ...autoregressionProblems(spec),
    ...generationProblems(representation === "voices", spec.generation, isWritten),
  ];
}
