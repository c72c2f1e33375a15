import { UserError } from "../../base/errors.ts";
import { ContactSheet } from "../contact_sheet.ts";
import { PARTS } from "../../artifacts/dataset.ts";
import { sizeOf } from "../../base/shape.ts";
import { count } from "../../base/words.ts";
import type { PrepareSlice, Preparing } from "../preparation.ts";
import { lengthInTicks, meanTempo, type Metre } from "./midi.ts";
import { encodeWindows, type Leak, median, type PieceInfo } from "./music.ts";
import {
  metreNamed,
  metresOnGrid,
  notesOutOfRange,
  rollCells,
  scoreToGrid,
  stepsPerBar,
} from "./piano_roll.ts";
import { columnsOf, type RollFormat } from "../../formats/piano_roll.ts";
import { formatOf, type Piece, type PiecesSpec, readPieces } from "./pieces.ts";
import { remarksOn } from "./remarks.ts";
import { rollPicture } from "./roll_picture.ts";
import type { Prepared } from "../prepared.ts";
import { refuseTooMany } from "../refuse_too_many.ts";
import { leakage, splitWindows, type WindowSplit } from "./windows.ts";

/** What the preparation of music depends on. */
export type MusicSlice = PrepareSlice & PiecesSpec;

interface LabelledPiece extends Piece {
  readonly label: number;
}

/**
 * Turns MIDI files into windows of piano rolls, which are cut one after another, so that no more than one need be in
 * memory. Labels are the classes that have pieces, in alphabetical order.
 *
 * @throws {UserError} where a file cannot be used, unless the spec skips such files, where a part has no windows, and
 * where training could not hold the windows in memory
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

  const shape = [plan.length, columnsOf(format)];
  const total = PARTS.reduce((sum, part) => sum + split[part].length, 0);
  refuseTooMany(
    total * sizeOf(shape),
    stage.memoryBytes,
    `These are ${count(total)} windows. Cut fewer in dataset.windows, or move them by fewer transpositions.`,
  );
  const scores = pieces.map(({ score }) => scoreToGrid(score, format, representation.minimumVelocity));
  const sheet = new ContactSheet([format.pitches, plan.length], classes.length);
  let sounding = 0;
  let done = 0;
  for (const part of PARTS) {
    const sink = stage.part(part, { shape, type: "uint8" });
    for (const { piece, start, semitones } of split[part]) {
      const cells = rollCells(scores[piece]!, semitones, start, start + plan.length);
      const { label } = pieces[piece]!;
      sink.add(cells, Uint8Array.of(label));
      if (part === "train") {
        sounding += soundingCells(cells, format);
        if (sheet.wants(label)) sheet.add(rollPicture(cells, format, plan.length), label, 1 / 255);
      }
      done++;
      stage.progress({ fraction: done / total, text: `windows ${count(done)} of ${count(total)}` });
      await stage.pause();
    }
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
        meanPolyphony: sounding / (split.train.length * plan.length),
        transpositions: plan.transpositions,
        pieces: infos,
        splitMethod: splitSpec.method,
        leak,
      },
      ...(leftOut.length > 0 ? { leftOut } : {}),
      ...(passedOver.length > 0 ? { passedOver } : {}),
    },
    contactSheet: sheet.picture(),
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

/** How many cells say that a pitch sounds. */
function soundingCells(cells: Uint8Array, format: RollFormat): number {
  const columns = columnsOf(format);
  return cells.reduce((sum, cell, i) => sum + (i % columns < format.pitches ? cell : 0), 0);
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
