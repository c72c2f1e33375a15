import { UserError } from "../../base/errors.ts";
import { randomStream } from "../../base/random.ts";

/** What the splitter needs to know of a piece. */
export interface SplittablePiece {
  readonly name: string;
  /** Number of its class. */
  readonly label: number;
  /** Length of its roll. */
  readonly steps: number;
}

/** Where windows are cut: a number of them evenly spaced over each piece, or one every `hop` steps. */
export type WindowPlan =
  & { readonly length: number }
  & ({ readonly perPiece: number } | { readonly hop: number });

/** A part of a piece that is an example. */
export interface Window {
  /** Index of the piece. */
  readonly piece: number;
  /** First step. */
  readonly start: number;
  /** Transposition. */
  readonly semitones: number;
}

/** Which windows are in which part. */
export interface WindowSplit {
  readonly train: readonly Window[];
  readonly validation: readonly Window[];
  readonly test: readonly Window[];
}

/**
 * How windows are dealt to the parts.
 *
 * - windows: the paper's way. The windows of a class are shuffled and dealt out, so that nearly every step of a test
 *   window also occurs in training windows.
 * - stretches: each piece is cut into one stretch for each part, in an order drawn from the seed; windows lie within a
 *   stretch, so parts share no step, and their starts are a window's length apart or more.
 * - pieces: whole pieces of each class are held out.
 */
export type SplitMethod = "windows" | "stretches" | "pieces";

/** How much is held out, and how. */
export interface SplitShares {
  readonly method: SplitMethod;
  /** Share of validation and test, 0..1; the rest trains. The paper: 0 and 1/5. */
  readonly validation: number;
  readonly test: number;
}

/** A whole split. */
export interface SplitOptions extends SplitShares {
  readonly seed: number;
  /** Transpositions of the training windows in semitones, 0 included where it is wanted. Default: [0]. */
  readonly transpositions?: readonly number[];
}

/**
 * First steps of the windows in `steps` steps, in order. Evenly spaced: hop = floor((steps - length) / count)
 * as in the paper; where that is 0, hop 1 and as many windows as there are places.
 */
export function windowStarts(steps: number, plan: WindowPlan): number[] {
  const room = steps - plan.length;
  if (room < 0) return [];
  if ("hop" in plan) return Array.from({ length: Math.floor(room / plan.hop) + 1 }, (_, i) => i * plan.hop);
  const hop = Math.max(1, Math.floor(room / plan.perPiece));
  return Array.from({ length: Math.min(plan.perPiece, room + 1) }, (_, i) => i * hop);
}

/**
 * The fewest steps that would do for a piece of `steps` steps: a held-out stretch grows with the piece, and is as long
 * as a window or longer.
 */
export function stepsNeeded(steps: number, plan: WindowPlan, options: SplitShares): number {
  if (options.method !== "stretches") return plan.length;
  const { validation, test } = heldOut(steps, plan, options);
  return validation + test + plan.length;
}

/** Steps of a piece's stretches for validation and test. */
function heldOut(steps: number, plan: WindowPlan, options: SplitShares) {
  const stretch = (share: number) => share > 0 ? Math.max(plan.length, Math.round(share * steps)) : 0;
  return { validation: stretch(options.validation), test: stretch(options.test) };
}

/**
 * Cuts pieces into windows and deals them to train, validation and test. The same seed gives the same split.
 * @throws {RangeError} where a piece is too short (`stepsNeeded`).
 * @throws {UserError} where a class has too few pieces.
 */
export function splitWindows(
  pieces: readonly SplittablePiece[],
  plan: WindowPlan,
  options: SplitOptions,
): WindowSplit {
  for (const { name, steps } of pieces) {
    const needed = stepsNeeded(steps, plan, options);
    if (steps < needed) throw new RangeError(`Cannot cut windows: ${name} has ${steps} of ${needed} steps`);
  }
  const split = { windows: dealWindows, stretches: dealStretches, pieces: dealPieces }[options.method](
    pieces,
    plan,
    options,
  );
  const transpositions = options.transpositions ?? [0];
  return {
    ...split,
    train: transpositions.flatMap((semitones) => split.train.map((window) => ({ ...window, semitones }))),
  };
}

function dealWindows(
  pieces: readonly SplittablePiece[],
  plan: WindowPlan,
  options: SplitOptions,
): WindowSplit {
  const parts = classesOf(pieces).map((label) => {
    const windows = pieces.flatMap((piece, index) =>
      piece.label === label ? windowsAt(index, 0, windowStarts(piece.steps, plan)) : []
    );
    const order = randomStream(options.seed, "windows", label).permutation(windows.length);
    return deal(Array.from(order, (i) => windows[i]!), options);
  });
  return joinParts(parts);
}

function dealStretches(
  pieces: readonly SplittablePiece[],
  plan: WindowPlan,
  options: SplitOptions,
): WindowSplit {
  const parts = pieces.map((piece, index) => {
    const { validation, test } = heldOut(piece.steps, plan, options);
    const stretches = [
      { part: "train", steps: piece.steps - validation - test, share: 1 - options.validation - options.test },
      { part: "validation", steps: validation, share: options.validation },
      { part: "test", steps: test, share: options.test },
    ] as const;
    const split: Record<keyof WindowSplit, Window[]> = { train: [], validation: [], test: [] };
    let from = 0;
    for (const i of randomStream(options.seed, "stretches", index).permutation(stretches.length)) {
      const { part, steps, share } = stretches[i]!;
      if (share > 0) split[part] = windowsAt(index, from, windowStarts(steps, shareOf(plan, share)));
      from += steps;
    }
    return split;
  });
  return joinParts(parts);
}

function dealPieces(
  pieces: readonly SplittablePiece[],
  plan: WindowPlan,
  options: SplitOptions,
): WindowSplit {
  const parts = classesOf(pieces).map((label) => {
    const members = [...pieces.keys()].filter((index) => pieces[index]!.label === label);
    const order = randomStream(options.seed, "pieces", label).permutation(members.length);
    const { train, validation, test } = deal(Array.from(order, (i) => members[i]!), options, 1);
    if (train.length === 0) {
      throw new UserError(`Cannot hold out pieces: class ${label} has only ${members.length}.`, {
        notes: ["Add pieces to the class, hold out a smaller share, or split by stretches."],
      });
    }
    const windows = (indices: readonly number[]) =>
      indices.flatMap((index) => windowsAt(index, 0, windowStarts(pieces[index]!.steps, plan)));
    return { train: windows(train), validation: windows(validation), test: windows(test) };
  });
  return joinParts(parts);
}

/** The first of a shuffled list train, then validation, then test; a share above 0 gets `least` or more. */
function deal<T>(items: readonly T[], { validation, test }: SplitOptions, least = 0) {
  const count = (share: number) => share > 0 ? Math.max(least, Math.round(share * items.length)) : 0;
  const testFrom = Math.max(0, items.length - count(test));
  const validationFrom = Math.max(0, testFrom - count(validation));
  return {
    train: items.slice(0, validationFrom),
    validation: items.slice(validationFrom, testFrom),
    test: items.slice(testFrom),
  };
}

function windowsAt(piece: number, from: number, starts: readonly number[]): Window[] {
  return starts.map((start) => ({ piece, start: from + start, semitones: 0 }));
}

function shareOf(plan: WindowPlan, share: number): WindowPlan {
  return "hop" in plan ? plan : { ...plan, perPiece: Math.max(1, Math.round(share * plan.perPiece)) };
}

function classesOf(pieces: readonly SplittablePiece[]): number[] {
  return [...new Set(pieces.map(({ label }) => label))].sort((a, b) => a - b);
}

function joinParts(parts: readonly WindowSplit[]): WindowSplit {
  return {
    train: parts.flatMap(({ train }) => train),
    validation: parts.flatMap(({ validation }) => validation),
    test: parts.flatMap(({ test }) => test),
  };
}

/**
 * How much a split leaks: for each test window the share of its steps, 0..1, that lie in a training window of
 * the same piece, transposed or not.
 */
export function leakage(
  train: readonly Window[],
  test: readonly Window[],
  pieces: readonly SplittablePiece[],
  length: number,
): Float64Array {
  const seen = pieces.map(({ steps }) => new Uint8Array(steps));
  for (const { piece, start } of train) seen[piece]!.fill(1, start, start + length);
  return Float64Array.from(test, ({ piece, start }) => {
    const steps = seen[piece]!.subarray(start, start + length);
    return steps.reduce((sum, step) => sum + step, 0) / length;
  });
}
