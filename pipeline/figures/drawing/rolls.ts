import { columnsOf } from "../../formats/piano_roll.ts";
import { percent } from "../../base/words.ts";
import { placeInBar } from "../../formats/bars.ts";
import type { Bars, RollSet } from "../../metrics/music.ts";
import type { Drawn, DrawnSound } from "../figure.ts";
import type { Cut, MusicFigureData, NoteChoice } from "../kinds.ts";
import { pianoRoll } from "./piano_roll.ts";

/** A sentence for a caption, wherever there are piano rolls. */
export const HOW_TO_READ = "Time runs to the right, pitch upwards; a note is dark where it is struck.";

/** Draws a figure of piano rolls, with a sound for each row. @param name of the figure */
export function drawRolls(
  name: string,
  { title, caption, alt }: Pick<Drawn, "title" | "caption" | "alt">,
  rows: readonly DrawnSound[],
  { music: { stepsPerBar, voices } }: MusicFigureData,
): Drawn {
  const svg = pianoRoll(name, { rows, stepsPerBar, voices: voices?.names }, { title, description: alt });
  return { title, caption, alt, svg, sounds: rows };
}

/** The first rolls of a set. */
export function firstRolls({ format, length, cells }: RollSet, count: number): RollSet {
  return { format, length, cells: cells.subarray(0, count * length * columnsOf(format)) };
}

/** Where a window comes from, its bars, and how fast it goes, in quarter notes a minute. */
export function placeOf(
  { music }: MusicFigureData,
  { piece, start, semitones }: Cut,
): { place: string; bars: Bars; tempo: number } {
  const { name, tempo, metres } = music.pieces[piece]!;
  const { bar, ...bars } = placeInBar(metres, start);
  const moved = semitones === 0 ? "" : `, ${semitones > 0 ? "+" : "−"}${Math.abs(semitones)} semitones`;
  // Without the class's folder, or a title would not fit above its roll.
  const file = name.replace(/^.*\//, "").replace(/\.(midi?|kar|rmi|smf)$/i, "");
  return { place: `${file}, bar ${bar}${moved}`, bars, tempo };
}

/** How probabilities became notes, for a caption. */
export function cellsInWords(
  { generation, music: { voices } }: MusicFigureData,
): string {
  if (voices) return symbolsInWords(generation);
  const { cells, threshold, density, monophonic } = generation;
  const one = monophonic ? " Of each step only the most probable pitch is kept." : "";
  if (density !== undefined) {
    const many = density === 1 ? "as many" : `${density} times as many`;
    return `The most probable cells sound, ${many} as in a training window.${one}`;
  }
  if (cells === "sample") return `Each cell is drawn by its probability.${one}`;
  return `A cell sounds where its probability is above ${threshold}.${one}`;
}

/** How the symbols of voices were chosen, and within what. */
function symbolsInWords(
  { cells, temperature = 1, topP = 1, ranges, crossing, parallels, chords = "free" }: NoteChoice,
): string {
  const from = topP === 1 ? "" : `, among the most probable things, which have ${percent(topP)} together`;
  const at = temperature === 1 ? "" : `, at a temperature of ${temperature}`;
  const chosen = cells === "sample"
    ? `What each voice does at a step is drawn by its probability${at}${from}.`
    : "Each voice does what is most probable at each step.";
  const held = [
    ...(ranges === "satb" ? [" They keep to the ranges of a choir."] : []),
    ...(crossing === false ? [" They do not cross."] : []),
    ...(parallels === false ? [" None goes in parallel fifths or octaves with one above it."] : []),
    ...(chords === "free" ? [] : [` Together they sound nothing but ${CHORDS[chords]}.`]),
  ];
  return chosen + held.join("");
}

const CHORDS = {
  consonant: "major and minor triads, or parts of them",
  tertian: "triads and sevenths, or parts of them",
};
