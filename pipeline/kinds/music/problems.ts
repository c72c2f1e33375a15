import type { IsWritten, Problem } from "../../base/problem.ts";
import { likelihoodOf, LIKELIHOODS } from "../../vae/likelihoods/likelihoods.ts";
import { architectureOf } from "../../vae/architectures/architectures.ts";
import type { CheckedSpec } from "../preparation.ts";
import type { Generation, MusicDataset } from "./schema.ts";

/** What is impossible in a spec of music, before its files are read. */
export function musicProblems(
  { model, training, generation, dataset }: CheckedSpec<MusicDataset>,
  isWritten: IsWritten,
): Problem[] {
  const { representation, windows, split } = dataset;
  const problems: Problem[] = [];
  const { lowestPitch, pitches } = representation;
  if (lowestPitch + pitches > 128) {
    problems.push({
      path: ["dataset", "representation", isWritten(PITCHES) ? "pitches" : "lowestPitch"],
      message: `The pitches reach up to ${lowestPitch + pitches - 1}: MIDI's highest is 127`,
      notes: [`Allowed: 1 to ${128 - lowestPitch} pitches from ${lowestPitch} on.`],
    });
  }
  if (isWritten(["dataset", "windows", "hop"]) && isWritten(["dataset", "windows", "perPiece"])) {
    problems.push({
      path: ["dataset", "windows", "perPiece"],
      message: "The windows are given by hop and by perPiece: one of them is allowed",
    });
  }
  const { transpositions } = windows;
  const twice = transpositions.findIndex((semitones, i) => transpositions.indexOf(semitones) < i);
  if (twice >= 0) {
    problems.push({
      path: ["dataset", "windows", "transpositions", twice],
      message: `The transposition ${transpositions[twice]} is given twice`,
    });
  }
  if (split.validation + split.test >= 1) {
    problems.push({
      path: ["dataset", "split", isWritten(["dataset", "split", "validation"]) ? "validation" : "test"],
      message: "The validation and test parts leave nothing to train on",
      notes: [`Allowed: shares whose sum is below 1; it is ${split.validation + split.test}.`],
    });
  }
  if (training.earlyStopping && split.validation === 0) {
    problems.push({
      path: ["training", "earlyStopping"],
      message: "Early stopping needs a validation part, and there is none",
      notes: ['Next: "validation": 0.1 in dataset.split.'],
    });
  }
  if (!likelihoodOf(model.likelihood).binary) {
    const binary = Object.entries(LIKELIHOODS).filter(([_, likelihood]) => likelihood.binary);
    const allowed = binary.map(([family]) => `"${family}"`).join(" or ");
    problems.push({
      path: ["model", "likelihood", "family"],
      message:
        `The cells of a piano roll are on or off: the likelihood must be ${allowed}, not "${model.likelihood.family}"`,
    });
  }
  const { density } = generation as Generation;
  if (architectureOf(model).isAutoregressive(model) && density !== undefined) {
    problems.push({
      path: ["generation", "density"],
      message: "An autoregressive decoder writes step by step: how many cells will sound is not known before",
      notes: ["Next: leave generation.density out."],
    });
  }
  return problems;
}

const PITCHES = ["dataset", "representation", "pitches"];
