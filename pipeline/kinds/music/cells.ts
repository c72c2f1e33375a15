import { columnsOf, type RollFormat } from "../../formats/piano_roll.ts";
import type { StepMeans } from "../../inference/step_means.ts";

/** How probabilities become cells. */
export interface CellChoice {
  /** threshold: on above the threshold. sample: drawn by its probability. */
  readonly cells: "threshold" | "sample";
  readonly threshold: number;
  /** Sounding cells in a roll of `length` steps, whatever the threshold: the most probable ones. */
  readonly sounding?: number | undefined;
  /** Only the most probable pitch of each step. */
  readonly monophonic: boolean;
}

/** A number in [0, 1) for a cell that is drawn, by its place in what is drawn of its example. */
export type Uniform = (at: number) => number;

/**
 * The cells of rolls, [rolls, length, columns], from their probabilities, in the page too. A pitch is articulated only
 * where it sounds, so that every stroke is a note; where the number of sounding cells is given, where that is more
 * likely than not.
 */
export function chooseCells(
  probabilities: Float32Array,
  format: RollFormat,
  length: number,
  choice: CellChoice,
  uniform: Uniform,
): Uint8Array {
  const size = length * columnsOf(format);
  const cells = new Uint8Array(probabilities.length);
  for (let from = 0; from < probabilities.length; from += size) {
    const roll = cells.subarray(from, from + size);
    chooseRoll(probabilities.subarray(from, from + size), roll, format, choice, uniform);
  }
  return cells;
}

/**
 * The cells of one step of rolls that are written side by side, [rolls, columns]. Where cells depend on each other, each is
 * chosen once those before it are: pitch by pitch from below, then what is articulated.
 */
export function chooseStep(
  { count, draws, given }: StepMeans,
  format: RollFormat,
  choice: CellChoice,
  uniform: Uniform,
): Uint8Array {
  const { pitches } = format, columns = columnsOf(format), cells = new Uint8Array(count * columns);
  if (draws === 1) return chooseCells(given(cells), format, 1, choice, uniform);
  const needed = new Float64Array(cells.length).fill(choice.threshold);
  if (choice.cells === "sample") {
    for (let column = 0; column < columns; column++) {
      for (let at = column; at < cells.length; at += columns) needed[at] = uniform(column);
    }
  }
  const means = settle(cells, columns, [0, pitches], given, (mean, at) => mean > needed[at]!);
  if (choice.monophonic) {
    for (let row = 0; row < cells.length; row += columns) keepMostProbable(means, cells, row, pitches);
  }
  const isStruck = (mean: number, at: number) => cells[at - pitches] === 1 && mean > needed[at]!;
  settle(cells, columns, [pitches, columns], given, isStruck);
  return cells;
}

/**
 * Chooses some columns of all rows, each from its mean given those before it. No column has a say in those before it. So
 * choosing them all, again and again, from the means that the last choice gives, ends where choosing one after the other
 * does, and mostly after a few rounds (Jacobi's method; Song et al., 2021, "Accelerating feedforward computation via
 * parallel nonlinear equation solving").
 *
 * @returns the means
 */
function settle(
  cells: Uint8Array,
  columns: number,
  [from, to]: readonly [number, number],
  given: StepMeans["given"],
  isOn: (mean: number, at: number) => boolean,
): Float32Array {
  let means: Float32Array = new Float32Array(cells.length), isSettled = false;
  // A round settles one column at least.
  for (let round = from; round < to && !isSettled; round++) {
    means = given(cells);
    isSettled = true;
    for (let row = 0; row < cells.length; row += columns) {
      for (let at = row + from; at < row + to; at++) {
        const cell = Number(isOn(means[at]!, at));
        isSettled &&= cell === cells[at];
        cells[at] = cell;
      }
    }
  }
  return means;
}

function chooseRoll(
  probabilities: Float32Array,
  cells: Uint8Array,
  format: RollFormat,
  { cells: how, threshold, sounding, monophonic }: CellChoice,
  uniform: Uniform,
): void {
  const { pitches, articulation } = format;
  const columns = columnsOf(format);
  const needed = sounding === undefined
    ? threshold
    : thresholdFor(playOnly(probabilities, pitches, columns), sounding);
  const drawn = how === "sample" && sounding === undefined;
  const isOn = (probability: number, at: number) => drawn ? uniform(at) < probability : probability > needed;
  for (let step = 0; step < cells.length; step += columns) {
    for (let pitch = 0; pitch < pitches; pitch++) {
      cells[step + pitch] = Number(isOn(probabilities[step + pitch]!, step + pitch));
    }
    if (monophonic) keepMostProbable(probabilities, cells, step, pitches);
    if (!articulation) continue;
    for (let pitch = 0; pitch < pitches; pitch++) {
      if (cells[step + pitch] !== 1) continue;
      const at = step + pitches + pitch, struck = probabilities[at]!;
      // What sounds is settled already: P(struck | sounds) = P(struck) / P(sounds).
      const given = struck / probabilities[step + pitch]!;
      const isStruck = sounding !== undefined ? given > 0.5 : isOn(drawn ? given : struck, at);
      cells[at] = Number(isStruck);
    }
  }
}

function playOnly(probabilities: Float32Array, pitches: number, columns: number): Float32Array {
  return probabilities.filter((_, i) => i % columns < pitches);
}

/** The value that `count` of the values are above (fewer where some are equal). */
function thresholdFor(values: Float32Array, count: number): number {
  return values.sort().at(-1 - Math.min(values.length - 1, Math.round(count)))!;
}

function keepMostProbable(
  probabilities: Float32Array,
  cells: Uint8Array,
  step: number,
  pitches: number,
): void {
  let best = -1;
  for (let pitch = 0; pitch < pitches; pitch++) {
    if (cells[step + pitch] !== 1) continue;
    if (best < 0 || probabilities[step + pitch]! > probabilities[step + best]!) best = pitch;
  }
  cells.fill(0, step, step + pitches);
  if (best >= 0) cells[step + best] = 1;
}
