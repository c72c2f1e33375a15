import * as d3 from "d3";
import { columnsOf, type GridNote, type PianoRoll, rollNotes } from "../../formats/piano_roll.ts";
import { notesOfVoice, type SungRoll, type Voices } from "../../formats/voices.ts";
import type { Plot } from "./axes.ts";
import { addText, createFigure, type FigureText, type Selection } from "./svg.ts";
import { CLASS_COLOURS, classColour, SIZE, WIDTH } from "./theme.ts";

/** Rolls to be drawn. */
export interface PianoRollData {
  /** One above the other on the same axes: an original and its reconstruction. All of one format and length. */
  readonly rows: readonly {
    readonly title: string;
    readonly roll: SungRoll;
    /** Its own bars, where they are known. Default: they begin with the roll. */
    readonly bars?: BarLines | undefined;
  }[];
  /** Steps in a bar of rolls whose bars are not known. */
  readonly stepsPerBar: number;
  /** What the voices are called, where rolls tell them apart: each has a colour. */
  readonly voices?: readonly string[] | undefined;
}

/** Where the bars of a roll are. */
export interface BarLines {
  readonly stepsPerBar: number;
  /** The step of the bar at which the roll begins. */
  readonly stepOfBar: number;
}

const NAMES = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
const BLACK_KEYS = new Set([1, 3, 6, 8, 10]);
/** How wide a letter of a title is on average, in units of the drawing. */
const BOLD_LETTER = 0.56 * SIZE.text;
/** Height of a semitone, in units of the drawing. */
const SEMITONE = 3.2;
const SMALLEST_RANGE = 20; // in semitones: a lone melody is not blown up
const NOTE_COLOUR = CLASS_COLOURS[9]; // stands out from white and from nearly black, and edges from it

/** A pitch in scientific pitch notation: 60 is C4. */
export function pitchName(pitch: number): string {
  return `${NAMES[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
}

/**
 * Draws piano rolls: time to the right, pitch upwards, a bar of colour for each note, dark where it is struck. A note
 * without the dark edge plays without being struck; an open box is struck without playing. `name` makes the
 * ids unique on a page. Each row is a `g.roll` with the x of its first step, its width and its number of steps
 * in `data-left`, `data-width` and `data-steps`, for a page that moves a cursor.
 */
export function pianoRoll(name: string, data: PianoRollData, text: FigureText): string {
  const { rows, stepsPerBar } = data;
  const bars = rows.map((row) => row.bars ?? { stepsPerBar, stepOfBar: 0 });
  // Rows whose bars are not the same have no bar numbers in common.
  const areAlike = bars.every((row) =>
    row.stepsPerBar === bars[0]!.stepsPerBar && row.stepOfBar === bars[0]!.stepOfBar
  );
  const notes = rows.map(({ roll }) => rollNotes(roll));
  const silent = rows.map(({ roll }) => silentStrikes(roll));
  const [lowest, highest] = pitchRange([...notes, ...silent].flat().map(({ pitch }) => pitch));
  const rowHeight = (highest - lowest + 1) * SEMITONE;
  const [titleHeight, axisHeight, gap] = [17, 28, 8];
  const namesHeight = data.voices ? 18 : 0;
  const height = rows.length * (titleHeight + rowHeight) + (rows.length - 1) * gap + axisHeight +
    namesHeight;
  const figure = createFigure(name, WIDTH, height, text);
  const steps = rows[0]!.roll.steps;
  for (const [i, { title, roll }] of rows.entries()) {
    const top = i * (titleHeight + rowHeight + gap) + titleHeight;
    const plot = { left: 26, top, width: WIDTH - 28, height: rowHeight };
    const heading = addText(figure.root, plot.left, top - 6, title, { size: SIZE.text, bold: true });
    // One that would run out of the figure is drawn narrower.
    if (title.length * BOLD_LETTER > plot.width) {
      heading.attr("textLength", plot.width).attr("lengthAdjust", "spacingAndGlyphs");
    }
    const group = figure.root.append("g").attr("class", "roll")
      .attr("data-left", plot.left).attr("data-width", plot.width).attr("data-steps", steps);
    const x = d3.scaleLinear([0, steps], [plot.left, plot.left + plot.width]);
    const y = (pitch: number) => top + (highest - pitch) * SEMITONE;
    drawKeyboard(group, plot, lowest, highest, y);
    drawBars(group, plot, x, bars[i]!);
    if (i === rows.length - 1) {
      const quarters = { stepsPerBar: roll.format.stepsPerQuarter, stepOfBar: 0 };
      if (areAlike) drawAxis(group, plot, x, bars[i]!, "bar");
      else drawAxis(group, plot, x, quarters, "quarter note");
    }
    if (roll.voices) drawVoices(group, roll.voices, x, y);
    else drawNotes(group, roll, notes[i]!, x, y);
    drawSilentStrikes(group, silent[i]!, x, y);
  }
  // Below, where no title is in the way, however long.
  drawVoiceNames(figure.root, data.voices ?? [], 26, height - 5);
  return figure.toString();
}

/** All the pitches with one more on each side, and no fewer than the smallest range. */
function pitchRange(pitches: readonly number[]): [lowest: number, highest: number] {
  const [low, high] = pitches.length === 0 ? [60, 60] : [d3.min(pitches)!, d3.max(pitches)!];
  const widen = Math.max(0, SMALLEST_RANGE - (high - low)) / 2;
  return [Math.max(0, Math.floor(low - 1 - widen)), Math.min(127, Math.ceil(high + 1 + widen))];
}

type Scale = d3.ScaleLinear<number, number>;

/** Draws stripes for the black keys, a line below each C, and the names of the Cs. */
function drawKeyboard(
  parent: Selection,
  { left, top, width, height }: Plot,
  lowest: number,
  highest: number,
  y: (pitch: number) => number,
): void {
  const black = d3.range(lowest, highest + 1).filter((pitch) => BLACK_KEYS.has(pitch % 12));
  parent.append("path").attr("fill", "currentColor").attr("opacity", 0.06)
    .attr("d", black.map((pitch) => box(left, y(pitch), width, SEMITONE)).join(""));
  const cs = d3.range(lowest, highest + 1).filter((pitch) => pitch % 12 === 0);
  parent.append("path").attr("stroke", "currentColor").attr("opacity", 0.3).attr("stroke-width", 0.5)
    .attr("d", cs.map((pitch) => `M${left},${y(pitch) + SEMITONE}h${width}`).join(""));
  for (const pitch of cs) {
    addText(parent, left - 3, y(pitch) + SEMITONE, pitchName(pitch), { anchor: "end", quiet: true });
  }
  parent.append("rect").attr("x", left).attr("y", top).attr("width", width).attr("height", height)
    .attr("fill", "none").attr("stroke", "currentColor").attr("opacity", 0.3).attr("stroke-width", 0.5);
}

/** The steps at which bars begin. */
function barStarts(x: Scale, { stepsPerBar, stepOfBar }: BarLines): number[] {
  return d3.range((stepsPerBar - stepOfBar) % stepsPerBar, x.domain()[1]!, stepsPerBar);
}

function drawBars(parent: Selection, { top, height }: Plot, x: Scale, bars: BarLines): void {
  const lines = barStarts(x, bars).filter((step) => step > 0);
  parent.append("path").attr("stroke", "currentColor").attr("opacity", 0.45).attr("stroke-width", 0.7)
    .attr("d", lines.map((step) => `M${x(step)},${top}v${height}`).join(""));
}

/** Numbers what begins at the steps of `units`, and says what it is. */
function drawAxis(
  parent: Selection,
  { left, top, width, height }: Plot,
  x: Scale,
  units: BarLines,
  label: string,
): void {
  const starts = barStarts(x, units);
  const every = Math.ceil(starts.length / 12);
  for (const [i, step] of starts.entries()) {
    if (i % every) continue;
    addText(parent, x(step), top + height + 11, String(i + 1), {
      anchor: i === 0 ? "start" : "middle",
      quiet: true,
    });
  }
  addText(parent, left + width / 2, top + height + 24, label, { anchor: "middle", quiet: true });
}

function drawNotes(
  parent: Selection,
  roll: PianoRoll,
  notes: readonly GridNote[],
  x: Scale,
  y: (pitch: number) => number,
): void {
  const step = x(1) - x(0);
  const edge = Math.min(1.4, step / 2);
  parent.append("path").attr("fill", NOTE_COLOUR).attr(
    "d",
    notes.map(({ pitch, onset, end }) => box(x(onset), y(pitch), (end - onset) * step - 0.3, SEMITONE)).join(
      "",
    ),
  );
  const struck = notes.filter(({ pitch, onset }) => isStruck(roll, pitch, onset));
  parent.append("path").attr("fill", "currentColor")
    .attr("d", struck.map(({ pitch, onset }) => box(x(onset), y(pitch), edge, SEMITONE)).join(""));
}

/** Draws the notes of each voice in its colour, the lowest voice last. */
function drawVoices(parent: Selection, voices: Voices, x: Scale, y: (pitch: number) => number): void {
  const step = x(1) - x(0), edge = Math.min(1.4, step / 2);
  const all = d3.range(voices.voices).map((voice) => notesOfVoice(voices, voice));
  for (const [voice, notes] of all.entries()) {
    parent.append("path").attr("fill", classColour(voice)).attr(
      "d",
      notes.map(({ pitch, onset, end }) => box(x(onset), y(pitch), (end - onset) * step - 0.3, SEMITONE))
        .join(""),
    );
  }
  const struck = all.flatMap((notes, voice) =>
    notes.filter(({ onset }) => voices.onsets[onset * voices.voices + voice] === 1)
  );
  parent.append("path").attr("fill", "currentColor")
    .attr("d", struck.map(({ pitch, onset }) => box(x(onset), y(pitch), edge, SEMITONE)).join(""));
}

/** Names the voices in a row, each after its colour. */
function drawVoiceNames(parent: Selection, names: readonly string[], left: number, y: number): void {
  let x = left;
  for (const [voice, name] of names.entries()) {
    parent.append("rect").attr("x", x).attr("y", y - 7).attr("width", 7).attr("height", 7)
      .attr("fill", classColour(voice));
    addText(parent, x + 10, y, name);
    x += 26 + 5.6 * name.length;
  }
}

function drawSilentStrikes(
  parent: Selection,
  silent: readonly SilentStrike[],
  x: Scale,
  y: (pitch: number) => number,
): void {
  const side = x(1) - x(0) - 0.6;
  parent.append("path").attr("fill", "none").attr("stroke", "currentColor").attr("stroke-width", 0.5)
    .attr(
      "d",
      silent.map(({ pitch, step }) => box(x(step) + 0.3, y(pitch) + 0.3, side, SEMITONE - 0.6)).join(""),
    );
}

function isStruck({ format, cells }: PianoRoll, pitch: number, step: number): boolean {
  const { lowestPitch, pitches, articulation } = format;
  return articulation && cells[step * columnsOf(format) + pitches + pitch - lowestPitch] === 1;
}

interface SilentStrike {
  readonly pitch: number;
  readonly step: number;
}

/** Articulate cells whose play cell is off: only a model makes them. */
function silentStrikes(roll: PianoRoll): SilentStrike[] {
  const { format: { lowestPitch, pitches }, steps, cells } = roll;
  const columns = columnsOf(roll.format);
  return d3.cross(
    d3.range(steps),
    d3.range(lowestPitch, lowestPitch + pitches),
    (step, pitch) => ({ step, pitch }),
  ).filter(({ step, pitch }) =>
    isStruck(roll, pitch, step) && cells[step * columns + pitch - lowestPitch] !== 1
  );
}

function box(x: number, y: number, width: number, height: number): string {
  return `M${x},${y}h${width}v${height}h${-width}z`;
}
