import { PARTS } from "../../../artifacts/dataset.ts";
import { sizeOf } from "../../../base/shape.ts";
import { count, plural } from "../../../base/words.ts";
import { columnsOf, type RollFormat } from "../../../formats/piano_roll.ts";
import { symbolsOf, type VoiceFormat, voiceSymbols } from "../../../formats/voice_symbols.ts";
import { notesOfVoice, REST, rollOfVoices, type Voices, voicesBetween } from "../../../formats/voices.ts";
import { MODES } from "../../../formats/keys.ts";
import { estimateKey, pitchClassDurations } from "../../../metrics/keys.ts";
import { ContactSheet } from "../../contact_sheet.ts";
import type { PrepareSlice, Preparing } from "../../preparation.ts";
import type { Prepared } from "../../prepared.ts";
import { refuseTooMany } from "../../refuse_too_many.ts";
import { encodeWindows, type PieceInfo } from "../music.ts";
import { rollPicture } from "../roll_picture.ts";
import type { Window, WindowSplit } from "../windows.ts";
import { type Chorale, readChorales } from "./read.ts";

/** What the preparation of chorales depends on. */
export interface ChoraleSlice extends PrepareSlice {
  readonly file: string;
  readonly format: RollFormat;
  /** Whether the pitches of a step are those of voices, in their order. */
  readonly isByVoice: boolean;
  /** How voices are written, or the pitches of a chord; absent where examples are piano rolls. */
  readonly voices?: VoiceFormat;
  readonly windows: { readonly length: number; readonly hop: number };
  /** Semitones by which training pieces are moved, as far as their voices allow. */
  readonly transpositions: readonly number[];
}

/** The files say no tempo: the walking pace of a congregation, in quarter notes a minute. */
const TEMPO = 80;
/** The files say no metre, and most chorales are in this one. */
const METRE = { numerator: 4, denominator: 4 };

interface KnownChorale extends Chorale {
  readonly label: number;
  readonly info: PieceInfo;
}

/**
 * Turns chorales into windows, part by part as the file has them, so that whole pieces are held out. A piece that is
 * shorter than a window is filled up with zeros. The label of a window is the mode of its piece's key, which is
 * estimated.
 *
 * @throws {UserError} where the file is something else, and where training could not hold the windows in memory
 */
export async function prepare(slice: ChoraleSlice, stage: Preparing): Promise<Prepared> {
  const { format, voices, windows: { length } } = slice;
  const text = new TextDecoder().decode(await stage.read(slice.file));
  const pieces = readChorales(text, slice.file, slice.isByVoice).map((piece) => describe(piece, slice));
  const split = splitPieces(pieces, slice);
  const shape = voices ? [length, voices.names.length, symbolsOf(voices)] : [length, columnsOf(format)];
  const total = PARTS.reduce((sum, part) => sum + split[part].length, 0);
  refuseTooMany(
    total * sizeOf(shape),
    stage.memoryBytes,
    `These are ${count(total)} windows. Cut fewer in dataset.windows, or move them by fewer transpositions.`,
  );
  const sheet = new ContactSheet([format.pitches, length], MODES.length);
  let done = 0, sounding = 0, steps = 0;
  for (const part of PARTS) {
    const sink = stage.part(part, { shape, type: "uint8" });
    for (const window of split[part]) {
      const { label, voices: piece } = pieces[window.piece]!;
      const music = windowOf(piece, window, length);
      const { cells } = rollOfVoices(music, format);
      sink.add(filled(voices ? voiceSymbols(music, voices) : cells, sizeOf(shape)), Uint8Array.of(label));
      if (part === "train") {
        sounding += music.pitches.reduce((sum, pitch) => sum + Number(pitch !== REST), 0);
        steps += music.steps;
        if (sheet.wants(label)) sheet.add(rollPicture(cells, format, length), label, 1 / 255);
      }
      done++;
      if (done % 100 === 0) {
        stage.progress({ fraction: done / total, text: `windows ${count(done)} of ${count(total)}` });
        await stage.pause();
      }
    }
  }
  const infos = pieces.map(({ info }) => info);
  return {
    about: {
      title: slice.title,
      shape,
      scale: 1,
      classes: MODES,
      binarisation: "binary",
      split: describeSplit(slice, pieces, split),
      music: {
        format,
        ...(voices ? { voices } : {}),
        length,
        metre: METRE,
        stepsPerBar: barOf(format),
        tempo: TEMPO,
        meanPolyphony: sounding / steps,
        transpositions: [...new Set(split.train.map(({ semitones }) => semitones))].sort((a, b) => a - b),
        pieces: infos,
        splitMethod: "pieces",
        leak: { mean: 0, mostlySeen: 0 },
      },
    },
    contactSheet: sheet.picture(),
    texts: { "windows.csv": encodeWindows(split) },
    notices: [],
  };
}

function describe(piece: Chorale, { format }: ChoraleSlice): KnownChorale {
  const { part, number, voices } = piece;
  const key = estimateKey(pitchClassDurations(voices));
  const label = MODES.indexOf(key.mode);
  const name = `${key.mode}/${part} ${number + 1}`;
  const notes = Array.from({ length: voices.voices }, (_, voice) => notesOfVoice(voices, voice).length);
  return {
    ...piece,
    label,
    info: {
      name,
      label,
      title: name,
      steps: voices.steps,
      notes: notes.reduce((sum, count) => sum + count, 0),
      notesOutOfRange: 0,
      oddities: [],
      notesWithoutEnd: 0,
      drumNotes: 0,
      pedalPresses: 0,
      tempo: TEMPO,
      key,
      metres: [{ step: 0, metre: `${METRE.numerator}/${METRE.denominator}`, stepsPerBar: barOf(format) }],
    },
  };
}

function barOf({ stepsPerQuarter }: RollFormat): number {
  return 4 * stepsPerQuarter * METRE.numerator / METRE.denominator;
}

function splitPieces(
  pieces: readonly KnownChorale[],
  { isByVoice, windows, transpositions }: ChoraleSlice,
): WindowSplit {
  const split: Record<keyof WindowSplit, Window[]> = { train: [], validation: [], test: [] };
  const allowed = rangesOf(pieces.filter(({ part }) => part === "train"), isByVoice);
  for (const [piece, { part, voices: music }] of pieces.entries()) {
    const own = rangesOf([pieces[piece]!], isByVoice);
    const fits = (semitones: number) =>
      own.every(([low, high], i) => low + semitones >= allowed[i]![0] && high + semitones <= allowed[i]![1]);
    const starts = startsIn(music.steps, windows);
    for (const semitones of part === "train" ? transpositions.filter(fits) : [0]) {
      for (const start of starts) split[part].push({ piece, start, semitones });
    }
  }
  return split;
}

/** First steps of the windows of a piece, of which the last reaches its end or beyond it. */
function startsIn(steps: number, { length, hop }: ChoraleSlice["windows"]): number[] {
  const further = Math.max(0, Math.ceil((steps - length) / hop));
  return Array.from({ length: further + 1 }, (_, i) => i * hop).filter((start) => start < steps);
}

/** The lowest and the highest pitch of each voice, or of all together where they are not told apart. */
function rangesOf(pieces: readonly Chorale[], areVoices: boolean): (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const { voices: { voices, pitches } } of pieces) {
    for (const [at, pitch] of pitches.entries()) {
      if (pitch === REST) continue;
      const range = ranges[areVoices ? at % voices : 0] ??= [pitch, pitch];
      range[0] = Math.min(range[0], pitch);
      range[1] = Math.max(range[1], pitch);
    }
  }
  return ranges;
}

/** The steps of a window that its piece has, moved by its semitones. */
function windowOf(piece: Voices, { start, semitones }: Window, length: number): Voices {
  const music = voicesBetween(piece, start, Math.min(length, piece.steps - start));
  return { ...music, pitches: music.pitches.map((pitch) => pitch === REST ? REST : pitch + semitones) };
}

/** Fills an example up with zeros. */
function filled(values: Uint8Array, size: number): Uint8Array {
  if (values.length === size) return values;
  const all = new Uint8Array(size);
  all.set(values);
  return all;
}

function describeSplit(
  { windows: { length, hop } }: ChoraleSlice,
  pieces: readonly KnownChorale[],
  { train }: WindowSplit,
): string {
  const [trained, validated, tested] = PARTS.map((name) => pieces.filter(({ part }) => part === name).length);
  const moved = train.filter(({ semitones }) => semitones !== 0).length;
  return `${trained} whole pieces train, ${validated} validate and ${tested} are the test (Boulanger-Lewandowski et al., ` +
    `2012); windows of ${length} steps, one every ${hop} steps; ` +
    (moved === 0
      ? "none is transposed"
      : `${count(moved)} of ${plural(train.length, "training window")} are transposed`);
}
