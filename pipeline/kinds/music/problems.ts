import type { IsWritten, Problem } from "../../base/problem.ts";
import { likelihoodOf, LIKELIHOODS } from "../../vae/likelihoods/likelihoods.ts";
import type { ModelBase } from "../../vae/architectures/architecture.ts";
import type { LikelihoodSpec } from "../../vae/likelihoods/likelihood.ts";
import { writesInTurn } from "../../vae/architectures/architectures.ts";
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
  problems.push(...transpositionProblems(windows.transpositions));
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
  problems.push(
    ...likelihoodProblems(
      model,
      "The cells of a piano roll are on or off",
      ({ binary, asks }) => binary && !asks,
    ),
    ...autoregressionProblems({ model, generation }),
    ...generationProblems(false, generation, isWritten),
  );
  return problems;
}

/** Why pieces cannot be moved by these numbers of semitones. */
export function transpositionProblems(transpositions: readonly number[]): Problem[] {
  const twice = transpositions.findIndex((semitones, i) => transpositions.indexOf(semitones) < i);
  if (twice < 0) return [];
  return [{
    path: ["dataset", "windows", "transpositions", twice],
    message: `The transposition ${transpositions[twice]} is given twice`,
  }];
}

/** Why a likelihood cannot be that of music. @param why it must be another one: a sentence without its stop */
export function likelihoodProblems(
  { likelihood }: ModelBase,
  why: string,
  isPossible: (likelihood: LikelihoodSpec) => boolean,
): Problem[] {
  if (isPossible(likelihoodOf(likelihood))) return [];
  const possible = Object.entries(LIKELIHOODS).filter(([_, likelihood]) => isPossible(likelihood));
  const allowed = possible.map(([family]) => `"${family}"`).join(" or ");
  return [{
    path: ["model", "likelihood", "family"],
    message: `${why}: the likelihood must be ${allowed}, not "${likelihood.family}"`,
  }];
}

/** What cannot be asked of a decoder that writes step by step. */
export function autoregressionProblems(
  { model, generation }: Pick<CheckedSpec<unknown>, "model" | "generation">,
): Problem[] {
  const { density } = generation as Generation;
  if (density === undefined || !writesInTurn(model)) return [];
  return [{
    path: ["generation", "density"],
    message: "An autoregressive model writes step by step: how many cells will sound is not known before",
    notes: ["Next: leave generation.density out."],
  }];
}

/** What of `generation` is about the cells of a piano roll, and what about voices. */
const [OF_CELLS, OF_VOICES] = [["threshold", "density", "monophonic"], [
  "temperature",
  "topP",
  "ranges",
  "crossing",
  "parallels",
  "chords",
]];

/** What `generation` asks for that means nothing, as music is written down. @param isByVoice not as a piano roll */
export function generationProblems(
  isByVoice: boolean,
  generation: unknown,
  isWritten: IsWritten,
): Problem[] {
  const written = (keys: readonly string[]) => keys.filter((key) => isWritten(["generation", key]));
  const [what, where] = isByVoice ? ["the cells of a piano roll", "voices"] : ["voices", "piano rolls"];
  const foreign = written(isByVoice ? OF_CELLS : OF_VOICES).map((key) => ({
    path: ["generation", key],
    message: `generation.${key} is about ${what}, and these examples are ${where}`,
    notes: [`Next: leave generation.${key} out.`],
  }));
  if (!isByVoice || (generation as Generation).cells === "sample") return foreign;
  const unused = written(["temperature", "topP"]).map((key) => ({
    path: ["generation", key],
    message: `generation.${key} is about what is drawn, and the most probable symbols are taken`,
    notes: ['Next: set generation.cells to "sample".'],
  }));
  return [...foreign, ...unused];
}

const PITCHES = ["dataset", "representation", "pitches"];
