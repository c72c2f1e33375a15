import { columnsOf } from "../formats/piano_roll.ts";
import { rollCount, type RollSet, stepsOfRoll } from "./music.ts";

/** How many steps of all rolls count. */
function stepCount(set: RollSet): number {
  return set.steps ? set.steps.reduce((sum, steps) => sum + steps, 0) : rollCount(set) * set.length;
}

/** Visits the cells of all steps that count. @param visit is given the cell's place in `cells` */
function eachCell(set: RollSet, visit: (at: number) => void): void {
  const columns = columnsOf(set.format), size = set.length * columns;
  for (let roll = 0; roll < rollCount(set); roll++) {
    const end = roll * size + stepsOfRoll(set, roll) * columns;
    for (let at = roll * size; at < end; at++) visit(at);
  }
}

/**
 * Frame negative log-likelihood of Bernoulli cells, in nats per step: the mean over the rolls and their steps
 * of the sum over the columns of log(1 + exp(logit)) - cell * logit.
 *
 * @param logits [rolls, length, columns], or [columns] where every step has the same.
 * @throws {RangeError} where the logits are neither
 */
export function frameNll(logits: Float32Array | Float64Array, set: RollSet): number {
  const { cells } = set;
  if (cells.length % logits.length !== 0) {
    throw new RangeError(`Cannot compare ${logits.length} logits with ${cells.length} cells`);
  }
  let nll = 0;
  eachCell(set, (at) => nll += cellNll(logits[at % logits.length]!, cells[at]!));
  return nll / stepCount(set);
}

function cellNll(logit: number, cell: number): number {
  return Math.max(logit, 0) - cell * logit + Math.log1p(Math.exp(-Math.abs(logit)));
}

/** The logit of a share, with one more of each outcome (Laplace's rule), so that nothing is impossible. */
function smoothedLogit(ones: number, total: number): number {
  return Math.log((ones + 1) / (total - ones + 1));
}

/**
 * Frame NLL of a model that knows only how often each column is on in training: no time, no context.
 * What a model must beat to have learnt anything of a single piece.
 */
export function pitchFrequencyNll(train: RollSet, test: RollSet): number {
  const columns = columnsOf(train.format), steps = stepCount(train);
  const ones = new Float64Array(columns);
  eachCell(train, (at) => ones[at % columns]! += train.cells[at]!);
  return frameNll(ones.map((count) => smoothedLogit(count, steps)), test);
}

/**
 * Frame NLL of a model that copies the frame before (silence before the first): the chance that a cell is on
 * where it was on, and where it was off, one pair for play cells and one for articulate cells, as often as
 * the copy is right in training. It is given each true frame in turn, which a decoder of z alone is not.
 */
export function previousFrameNll(train: RollSet, test: RollSet): number {
  const ones = new Float64Array(4);
  const totals = new Float64Array(4);
  eachTransition(train, (kind, cell) => {
    ones[kind]! += cell;
    totals[kind]!++;
  });
  const logits = ones.map((count, kind) => smoothedLogit(count, totals[kind]!));
  let nll = 0;
  eachTransition(test, (kind, cell) => nll += cellNll(logits[kind]!, cell));
  return nll / stepCount(test);
}

/** `kind` is 2 for articulate columns, and 1 more where the cell of the frame before is on. */
function eachTransition(set: RollSet, visit: (kind: number, cell: number) => void): void {
  const { format, length, cells } = set;
  const columns = columnsOf(format);
  eachCell(set, (at) => {
    const first = Math.floor(at / columns) % length === 0;
    const part = at % columns < format.pitches ? 0 : 2;
    visit(part + (first ? 0 : cells[at - columns]!), cells[at]!);
  });
}
