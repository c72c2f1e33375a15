import { z } from "zod";
import type { DatasetBase } from "../dataset_base.ts";
import type { WindowPlan } from "./windows.ts";

const count = () => z.int().min(1);

const representation = z.strictObject({
  stepsPerQuarter: z.int().min(1).max(24).default(4).describe(
    "Steps of the grid to a quarter note; 4 makes a step a sixteenth.",
  ),
  lowestPitch: z.int().min(0).max(127).default(21).describe(
    "MIDI number of the first pitch; 21 is a piano's.",
  ),
  pitches: z.int().min(1).max(128).default(88).describe("How many pitches, from the lowest on."),
  articulation: z.boolean().default(true).describe(
    "Beside the cell that says whether a pitch sounds, one that says whether it is struck on this step.",
  ),
  drums: z.boolean().default(false).describe("Keep the notes of the drum channel."),
  minimumVelocity: z.int().min(1).max(127).default(1).describe("Softer notes are left out."),
});

const windows = z.strictObject({
  length: z.int().min(1).max(4096).default(96).describe("Steps of one example."),
  hop: count().optional().describe(
    "Steps from the start of one window to the next. Default: a quarter note, where perPiece is not given.",
  ),
  perPiece: count().optional().describe(
    "Number of windows, evenly spaced over each piece, instead of a hop.",
  ),
  transpositions: z.array(z.int().min(-24).max(24)).min(1).default([0]).describe(
    "Semitones by which training windows are moved; 0 keeps them as they are.",
  ),
});

const share = z.number().min(0).lt(1);
const musicSplit = z.strictObject({
  method: z.enum(["stretches", "pieces", "windows"]).default("stretches").describe(
    "stretches: of each piece one stretch is held out. pieces: whole pieces of each class are. " +
      "windows: windows are dealt out at random, so that test windows overlap training windows and the test " +
      "loss says little.",
  ),
  validation: share.default(0).describe("Share of the validation part."),
  test: share.gt(0).default(0.2).describe("Share of the test part."),
});

/**
 * The keys of a dataset of music beside its name and source.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { musicFields } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ name: z.literal("hymns"), ...musicFields });
 * assert.equal(schema.parse({ name: "hymns" }).windows.length, 96);
 * ```
 */
export const musicFields = {
  representation: representation.prefault({}).describe("The piano roll that a piece becomes."),
  windows: windows.prefault({}).describe("How pieces are cut into examples of one length."),
  split: musicSplit.prefault({}),
  brokenFiles: z.enum(["refuse", "skip"]).default("refuse").describe(
    "What to do with files that no example can be made of: refuse them all by name, or skip them and say so.",
  ),
};

/** The spec's `generation`. */
export const generation = z.strictObject({
  cells: z.enum(["threshold", "sample"]).optional().describe(
    "threshold: a cell is on where its probability is above the threshold. sample: each is drawn by its probability. " +
      "Default: threshold, but sample where the decoder writes step by step and no threshold is given.",
  ),
  threshold: z.number().gt(0).lt(1).optional().describe(
    "The paper's is 0.2. Default: none, and a density of 1; 0.2 where the decoder writes step by step.",
  ),
  density: z.number().positive().optional().describe(
    "Sounding cells of each piece as a multiple of the training windows' mean, whatever the threshold: the most " +
      "probable ones. Default: 1 where neither a threshold nor cells are given.",
  ),
  monophonic: z.boolean().default(false).describe("Only the most probable pitch of each step."),
  temperature: z.number().gt(0).max(10).optional().describe(
    "Music by voices: what log-probabilities are divided by before a voice's next symbol is drawn. Default: 1; below, " +
      "the probable becomes more so.",
  ),
  topP: z.number().gt(0).max(1).optional().describe(
    "Music by voices: only the most probable symbols are drawn, as few as have this share of the probability together " +
      "(nucleus sampling). Default: 1, all.",
  ),
  ranges: z.enum(["free", "satb"]).optional().describe(
    "Music by voices: satb keeps soprano, alto, tenor and bass to what textbooks give them: C4 to G5, G3 to D5, C3 to " +
      "G4, E2 to D4. Default: free.",
  ),
  crossing: z.boolean().optional().describe(
    "Music by voices: whether a voice may sing below one that is written under it. Default: true.",
  ),
  parallels: z.boolean().optional().describe(
    "Music by voices: whether a voice may go with one above it from fifth to fifth, or from octave or unison to octave " +
      "or unison, in the same direction. Default: true.",
  ),
  chords: z.enum(["free", "consonant", "tertian"]).optional().describe(
    "Music by voices: what may sound together. consonant: the notes of a major or minor triad, or some of them. " +
      "tertian: those of any triad or seventh. Default: free.",
  ),
}).describe("How probabilities of cells become notes; for music alone.");

/** How cells become notes, as a spec writes it. */
export type WrittenGeneration = z.output<typeof generation>;

/** How cells become notes, with every default filled in. */
export interface Generation {
  readonly cells: "threshold" | "sample";
  readonly threshold: number;
  readonly density?: number | undefined;
  readonly monophonic: boolean;
  /** What is written of it for music by voices; what is not has the default. */
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly ranges?: "free" | "satb" | undefined;
  readonly crossing?: boolean | undefined;
  readonly parallels?: boolean | undefined;
  readonly chords?: "free" | "consonant" | "tertian" | undefined;
}

/** The paper's. */
const THRESHOLD = 0.2;

/**
 * Settles what a spec leaves open: as much sounds as in the data, unless it says how cells are chosen.
 * @param isAutoregressive a decoder that writes step by step does not know how much will sound: it draws
 */
export function fillGeneration(
  { cells, threshold, density, monophonic, ...byVoice }: WrittenGeneration,
  isAutoregressive: boolean,
): Generation {
  const isOpen = cells === undefined && threshold === undefined;
  const filled = density ?? (isOpen && !isAutoregressive ? 1 : undefined);
  return {
    cells: cells ?? (isOpen && isAutoregressive && density === undefined ? "sample" : "threshold"),
    threshold: threshold ?? THRESHOLD,
    ...(filled === undefined ? {} : { density: filled }),
    monophonic,
    ...byVoice,
  };
}

/** A set of pieces, as a spec writes it. */
export interface WrittenMusic extends DatasetBase {
  readonly representation: z.output<typeof representation>;
  readonly windows: z.output<typeof windows>;
  readonly split: z.output<typeof musicSplit>;
  readonly brokenFiles: "refuse" | "skip";
}

/** A set of pieces in a spec, with every default filled in. */
export interface MusicDataset extends Omit<WrittenMusic, "windows"> {
  readonly windows: WindowPlan & { readonly transpositions: readonly number[] };
}

/**
 * What is known of a set of pieces before its files are read: their shape and number depend on how a spec cuts them.
 */
export interface MusicFacts {
  /** Sub-folders of the files, by label; a user's own are not known before they are read. */
  readonly classes?: readonly string[];
}
