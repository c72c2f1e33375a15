import { decodeCsv, encodeCsv, numberColumn, textColumn } from "../../formats/csv.ts";
import type { DatasetInfo, PartName } from "../../artifacts/dataset.ts";
import type { Metre, MidiRemarks } from "./midi.ts";
import type { MusicalKey } from "../../formats/keys.ts";
import type { MetreOnGrid } from "../../formats/bars.ts";
import type { RollFormat } from "../../formats/piano_roll.ts";
import type { VoiceFormat } from "../../formats/voice_symbols.ts";
import type { SplitMethod, Window, WindowSplit } from "./windows.ts";

/** What `dataset.json` says of music alone. */
export interface MusicInfo {
  readonly format: RollFormat;
  /** How examples are written by voice; absent where they are piano rolls. */
  readonly voices?: VoiceFormat;
  /** Steps of a window. */
  readonly length: number;
  /** The metre of most of the music, which generated music is given. */
  readonly metre: Pick<Metre, "numerator" | "denominator">;
  readonly stepsPerBar: number;
  /** Quarter notes a minute: the median of the pieces. */
  readonly tempo: number;
  /** How many pitches sound in a step of a training window, on average. */
  readonly meanPolyphony: number;
  /** Semitones by which training windows were moved. */
  readonly transpositions: readonly number[];
  readonly pieces: readonly PieceInfo[];
  readonly splitMethod: SplitMethod;
  readonly leak: Leak;
}

/** What `dataset.json` says of one piece. */
export interface PieceInfo extends MidiRemarks {
  /** The file's name with its folders; the first is its class. */
  readonly name: string;
  readonly label: number;
  readonly title: string;
  readonly steps: number;
  readonly notes: number;
  /** Notes that the roll has no row for. */
  readonly notesOutOfRange: number;
  /** Mean, in quarter notes a minute. */
  readonly tempo: number;
  /** Its key, where it is known. */
  readonly key?: MusicalKey;
  /** Its metres, the first from step 0 on. */
  readonly metres: readonly MetreOnGrid[];
}

/** How much of the test part the model has seen in training. */
export interface Leak {
  /** Mean share of a test window's steps that also lie in a training window of its piece. */
  readonly mean: number;
  /** Share of test windows more than half of which lies in training windows. */
  readonly mostlySeen: number;
}

/** What `dataset.json` says of music. @param info of a dataset of music */
export function musicInfo(info: DatasetInfo): MusicInfo {
  return (info as DatasetInfo & { readonly music: MusicInfo }).music;
}

/** The value in the middle, or the mean of the two there. @param values one or more */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const COLUMNS = ["part", "example", "piece", "start", "semitones"] as const;

/** Writes `windows.csv`: where each example was cut, in the order of the arrays. `piece` is an index into `pieces`. */
export function encodeWindows(split: WindowSplit): string {
  const rows = (Object.keys(split) as PartName[]).flatMap((part) =>
    split[part].map(({ piece, start, semitones }, i) => [part, i, piece, start, semitones])
  );
  return encodeCsv({ columns: [...COLUMNS], rows });
}

/** Reads `windows.csv`. @throws {UserError} where a column is missing or a field is no number */
export function decodeWindows(text: string): WindowSplit {
  const table = decodeCsv(text, "windows.csv");
  const [piece, start, semitones] = ["piece", "start", "semitones"].map((name) =>
    numberColumn(table, name, "windows.csv")
  );
  const split: Record<PartName, Window[]> = { train: [], validation: [], test: [] };
  textColumn(table, "part", "windows.csv").forEach((part, i) =>
    split[part as PartName].push({ piece: piece![i]!, start: start![i]!, semitones: semitones![i]! })
  );
  return split;
}
