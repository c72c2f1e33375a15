import { z } from "zod";
import type { RollFormat } from "../../../formats/piano_roll.ts";
import type { VoiceFormat } from "../../../formats/voice_symbols.ts";
import type { DatasetBase } from "../../dataset_base.ts";

/** How a chorale is written down. */
const FORMS = ["voices", "chords", "roll"] as const;

/** The name of one of them. */
export type ChoraleForm = typeof FORMS[number];

/** How many keys of a mode there are. */
const KEYS = 12;

const windows = z.strictObject({
  length: z.int().min(1).max(4096).optional().describe(
    "Steps of one example. Default: 32 of voices, which are two bars; of chords and of a roll as many as the longest " +
      "piece has, so that each example is a whole piece. What a piece lacks counts nothing where the likelihood knows " +
      "of it.",
  ),
  hop: z.int().min(1).default(16).describe("Steps from the start of one window to the next."),
  transpositions: z.union([z.literal("keys"), z.array(z.int().min(-24).max(24)).min(1)]).optional()
    .describe(
      'Semitones by which training pieces are moved, 0 among them where they shall stay as well; "keys" moves them into ' +
        "all twelve keys. Either goes only as far as the voices of the training part go. Default: keys; of chords and of " +
        "a roll none, as these pieces are all in C already.",
    ),
});

/** The keys of a dataset of chorales beside its name and source. */
export const choraleFields = {
  representation: z.enum(FORMS).default("voices").describe(
    "voices: what each of the four voices sings at each sixteenth, a pitch that begins or is held, or a rest; the likelihood is categorical. " +
      "roll: which of 88 pitches sound at each quarter, as published likelihoods have it; the likelihood is that of bits. " +
      "chords: the same quarters, as the first, second, third and fourth pitch from above or its absence; categorical.",
  ),
  windows: windows.prefault({}).describe("How pieces are cut into examples of one length."),
};

type Transpositions = "keys" | number[];

/** A set of chorales, as a spec writes it. */
export interface WrittenChorales extends DatasetBase {
  readonly representation: ChoraleForm;
  readonly windows: z.output<typeof windows>;
}

/** A set of chorales in a spec, with every default filled in. */
export interface ChoraleDataset extends WrittenChorales {
  readonly windows: {
    readonly length: number;
    readonly hop: number;
    readonly transpositions: Transpositions;
  };
}

/** What is known of a file of chorales before it is read. */
export interface ChoraleFile {
  readonly file: string;
  /** The grid, and what figures are drawn on. */
  readonly format: RollFormat;
  /** Whether the pitches of a step are those of voices, in their order; otherwise they are in none. */
  readonly isByVoice: boolean;
  /** How voices are written, or the pitches of a chord from the highest on; absent where examples are rolls. */
  readonly voices?: VoiceFormat;
  /** Steps of one example where a spec does not say. */
  readonly length: number;
  /** Semitones by which pieces are moved where a spec does not say. */
  readonly transpositions: Transpositions;
}

/** What is known of a set of chorales before its files are read. */
export type ChoraleFacts = Readonly<Record<ChoraleForm, ChoraleFile>>;

/** Semitones by which a piece is moved where nothing limits them. */
export function semitonesOf(transpositions: Transpositions): readonly number[] {
  if (transpositions !== "keys") return transpositions;
  return Array.from({ length: KEYS }, (_, i) => i - KEYS / 2);
}
