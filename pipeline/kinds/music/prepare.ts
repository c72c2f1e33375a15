import { UserError } from "../../base/errors.ts";
import { contactSheet } from "../contact_sheet.ts";
import { PARTS } from "../../artifacts/dataset.ts";
import type { PrepareSlice, Preparing } from "../preparation.ts";
import { lengthInTicks, meanTempo, type Metre } from "./midi.ts";
import { encodeWindows, type Leak, median, type PieceInfo } from "./music.ts";
import { metreNamed, metresOnGrid, notesOutOfRange, scoreToRoll, stepsPerBar } from "./piano_roll.ts";
import { columnsOf, type PianoRoll, type RollFormat } from "../../formats/piano_roll.ts";
import { formatOf, type Piece, type PiecesSpec, readPieces } from "./pieces.ts";
import { remarksOn } from "./remarks.ts";
import type { Prepared } from "../prepared.ts";
import { cutWindows, leakage, splitWindows, type Window, type WindowSplit } from "./windows.ts";

/** What the preparation of music depends on. */
export type MusicSlice = PrepareSlice & PiecesSpec;

interface LabelledPiece extends Piece {
  readonly label: number;
}

/**
 * Turns MIDI files into windows of piano rolls. Labels are the classes that have pieces, in alphabetical order.
 *
 * @throws {UserError} where a file cannot be used, unless the spec skips such files, or where a part has no windows
 */
export async function prepare(
  slice: MusicSlice,
  stage: Preparing,
): Promise<Prepared> {
  const { files, leftOut: missing = [], passedOver = [] } = stage.contents;
  const { title, representation, windows: plan, split: splitSpec, seed } = slice;
  const format = formatOf(representation);
  const names = files.map(({ name }) => name);
  const { pieces: unlabelled, leftOut } = await readPieces(
    slice,
    { files: names, leftOut: missing },
    stage.read,
  );
  const classes = [...new Set(unlabelled.map(classOf))].sort();
  const pieces = unlabelled.map((piece): LabelledPiece => ({
    ...piece,
    label: classes.indexOf(classOf(piece)),
  }));
  const split = splitWindows(pieces, plan, {
    ...splitSpec,
    seed,
    transpositions: plan.transpositions,
  });
  requireWindows(split);

  const rolls = new Map<string, PianoRoll>();
  const rollOf = (piece: number, semitones: number) => {
    const key = `${piece} ${semitones}`;
    const { minimumVelocity } = representation;
    const known = rolls.get(key) ??
      scoreToRoll(pieces[piece]!.score, format, { minimumVelocity, semitones });
    rolls.set(key, known);
    return known;
  };
  const cut = (windows: readonly Window[]) => ({
    images: cutWindows(windows, plan.length, rollOf),
    labels: Uint8Array.from(windows, ({ piece }) => pieces[piece]!.label),
  });
  const parts = { train: cut(split.train), validation: cut(split.validation), test: cut(split.test) };
  const shape = [plan.length, columnsOf(format)];
  for (const name of PARTS) {
    stage.part(name, { shape, type: "uint8" }).add(parts[name].images, parts[name].labels);
  }
  const metre = commonestMetre(pieces);
  const leak = leakOf(split, pieces, plan.length);
  const infos = pieces.map((piece) => pieceInfo(piece, format));
  return {
    about: {
      title,
      shape,
      scale: 1,
      classes,
      binarisation: "binary",
      split: describeSplit(slice, leak),
      music: {
        format,
        length: plan.length,
        metre,
        stepsPerBar: stepsPerBar(metre, format),
        tempo: median(infos.map(({ tempo }) => tempo)),
        meanPolyphony: meanPolyphony(parts.train.images, format),
        transpositions: plan.transpositions,
        pieces: infos,
        splitMethod: splitSpec.method,
        leak,
      },
      ...(leftOut.length > 0 ? { leftOut } : {}),
      ...(passedOver.length > 0 ? { passedOver } : {}),
    },
    contactSheet: rollSheet(parts.train, format, plan.length, classes.length),
    texts: { "windows.csv": encodeWindows(split) },
    notices: remarksOn(infos, leftOut, passedOver, format),
  };
}

function requireWindows({ train, test }: WindowSplit): void {
  for (const [part, windows] of [["training", train], ["test", test]] as const) {
    if (windows.length > 0) continue;
    throw new UserError(`Cannot split: the ${part} part has no windows`, {
      notes: ["Give more pieces, shorter windows or another share in dataset.split."],
    });
  }
}

/** A piece's class, the first folder of its name. */
function classOf({ name }: Piece): string {
  return name.slice(0, name.indexOf("/"));
}

/** The metre that holds for the most music, in quarter notes; of equals the first. */
function commonestMetre(pieces: readonly LabelledPiece[]): Pick<Metre, "numerator" | "denominator"> {
  const quarters = new Map<string, number>();
  for (const { score } of pieces) {
    const end = lengthInTicks(score);
    for (const [i, { tick, numerator, denominator }] of score.metres.entries()) {
      const until = Math.min(end, score.metres[i + 1]?.tick ?? end);
      const key = `${numerator}/${denominator}`;
      const length = Math.max(0, until - tick) / score.ticksPerQuarter;
      quarters.set(key, (quarters.get(key) ?? 0) + length);
    }
  }
  const [most] = [...quarters].reduce((a, b) => b[1] > a[1] ? b : a);
  return metreNamed(most);
}

function meanPolyphony(cells: Uint8Array, format: RollFormat): number {
  const columns = columnsOf(format);
  const sounding = cells.reduce((sum, cell, i) => sum + (i % columns < format.pitches ? cell : 0), 0);
  return sounding / (cells.length / columns);
}

function leakOf({ train, test }: WindowSplit, pieces: readonly LabelledPiece[], length: number): Leak {
  const shares = leakage(train, test, pieces, length);
  return {
    mean: shares.reduce((sum, share) => sum + share, 0) / shares.length,
    mostlySeen: shares.filter((share) => share > 0.5).length / shares.length,
  };
}

function pieceInfo({ name, label, score, remarks, steps }: LabelledPiece, format: RollFormat): PieceInfo {
  return {
    name,
    label,
    title: score.title,
    steps,
    notes: score.notes.length,
    notesOutOfRange: notesOutOfRange(score, format),
    ...remarks,
    tempo: meanTempo(score),
    metres: metresOnGrid(score, format),
  };
}

function describeSplit({ windows, split: { method, validation, test } }: MusicSlice, leak: Leak): string {
  const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`;
  const heldOut = validation > 0
    ? `${percent(test)} for the test and ${percent(validation)} for validation`
    : `${percent(test)} for the test`;
  const cut = "hop" in windows ? `one every ${windows.hop} steps` : `${windows.perPiece} of each piece`;
  const moved = windows.transpositions.join() === "0"
    ? ""
    : `; training windows transposed by ${windows.transpositions.join(", ")} semitones`;
  const how = {
    stretches: `of each piece a stretch is held out, ${heldOut}`,
    pieces: `whole pieces of each class are held out, ${heldOut}`,
    windows: `the windows of each class are shuffled and dealt out, ${heldOut}; test windows share ` +
      `${percent(leak.mean)} of their steps with training windows`,
  }[method];
  return `windows of ${windows.length} steps, ${cut}; ${how}${moved}`;
}

/** Brightness of a cell that sounds, and of one that is struck. */
const [SOUNDING, STRUCK] = [150, 255];

/** The first training windows of each class, pitch upwards and time to the right. */
function rollSheet(
  { images, labels }: { images: Uint8Array; labels: Uint8Array },
  format: RollFormat,
  length: number,
  classes: number,
) {
  const { pitches, articulation } = format;
  const columns = columnsOf(format);
  const size = pitches * length;
  const turned = new Uint8Array(labels.length * size);
  for (let example = 0; example < labels.length; example++) {
    for (let step = 0; step < length; step++) {
      const from = (example * length + step) * columns;
      for (let pitch = 0; pitch < pitches; pitch++) {
        if (images[from + pitch] !== 1) continue;
        const struck = articulation && images[from + pitches + pitch] === 1;
        turned[example * size + (pitches - 1 - pitch) * length + step] = struck ? STRUCK : SOUNDING;
      }
    }
  }
  const part = { images: turned, labels, examples: labels.length, size, scale: 1 / 255 };
  return contactSheet(part, [pitches, length], classes);
}
