import { rollNotes } from "../formats/piano_roll.ts";
import { rollAt, rollCount, type RollSet } from "./music.ts";

/** How well a set of notes was found. */
export interface PrecisionRecall {
  /** Share of the estimated notes that are right; 0 where there are none. */
  readonly precision: number;
  /** Share of the reference's notes that were found; 0 where there are none. */
  readonly recall: number;
  /** Harmonic mean of the two; 0 where both are 0. */
  readonly f1: number;
}

/** How well notes were reconstructed, by a loose and by a strict rule. */
export interface NoteScores {
  /** Right: same pitch and same onset step. */
  readonly onsets: PrecisionRecall;
  /** Right: same pitch, same onset step, and a duration within the tolerance of the reference's. */
  readonly notes: PrecisionRecall;
}

/**
 * Notes of reconstructions against those of the originals, counted over all rolls together. A pitch starts at
 * most once in a step, so the match is one to one. The tolerance of durations is a share of the reference's,
 * by default a fifth as in transcription (Raffel et al., 2014, mir_eval): notes below 5 steps must be exact.
 */
export function noteScores(reference: RollSet, estimate: RollSet, durationTolerance = 0.2): NoteScores {
  let wanted = 0;
  let found = 0;
  let onsets = 0;
  let notes = 0;
  for (let i = 0; i < rollCount(reference); i++) {
    const byOnset = new Map(
      rollNotes(rollAt(reference, i)).map(({ pitch, onset, end }) => [`${pitch} ${onset}`, end - onset]),
    );
    wanted += byOnset.size;
    for (const { pitch, onset, end } of rollNotes(rollAt(estimate, i))) {
      found++;
      const duration = byOnset.get(`${pitch} ${onset}`);
      if (duration === undefined) continue;
      onsets++;
      if (Math.abs(end - onset - duration) <= durationTolerance * duration) notes++;
    }
  }
  return { onsets: precisionRecall(onsets, found, wanted), notes: precisionRecall(notes, found, wanted) };
}

function precisionRecall(right: number, found: number, wanted: number): PrecisionRecall {
  return {
    precision: found === 0 ? 0 : right / found,
    recall: wanted === 0 ? 0 : right / wanted,
    f1: right === 0 ? 0 : 2 * right / (found + wanted),
  };
}
