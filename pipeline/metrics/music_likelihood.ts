import { columnsOf } from "../formats/piano_roll.ts";
import { rollCount, type RollSet } from "./music.ts";

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
  for (let i = 0; i < cells.length; i++) nll += cellNll(logits[i % logits.length]!, cells[i]!);
  return nll / (rollCount(set) * set.length);
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
  const columns = columnsOf(train.format);
  const ones = new Float64Array(columns);
  for (let i = 0; i < train.cells.length; i++) ones[i % columns]! += train.cells[i]!;
  return frameNll(ones.map((count) => smoothedLogit(count, train.cells.length / columns)), test);
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
  return nll / (rollCount(test) * test.length);
}

/** `kind` is 2 for articulate columns, and 1 more where the cell of the frame before is on. */
function eachTransition(set: RollSet, visit: (kind: number, cell: number) => void): void {
  const { format, length, cells } = set;
  const columns = columnsOf(format);
  for (let i = 0; i < cells.length; i++) {
    const first = Math.floor(i / columns) % length === 0;
    const part = i % columns < format.pitches ? 0 : 2;
    visit(part + (first ? 0 : cells[i - columns]!), cells[i]!);
  }
}
