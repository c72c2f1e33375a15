import assert from "node:assert/strict";

/** How far a number may be from what is expected; where both are given, it must be within one of the two. */
export interface Tolerance {
  readonly absolute?: number;
  /** A share of the expected number; of an array, of its largest entry where `ofLargest` is set. */
  readonly relative?: number;
  readonly ofLargest?: boolean;
  /** Names what was compared in a failure. */
  readonly what?: string;
}

type Numbers = number | ArrayLike<number>;

/** Numbers, or arrays of equal length entry by entry, that differ by no more than a tolerance; NaN is near nothing. */
export function assertNear(
  actual: Numbers | null | undefined,
  expected: Numbers,
  tolerance: Tolerance,
): void {
  const { absolute = 0, relative = 0, ofLargest = false, what = "" } = tolerance;
  const before = what === "" ? "" : `${what}: `;
  assert.ok(actual !== null && actual !== undefined, `${before}there is no number`);
  const [found, wanted] = [listOf(actual), listOf(expected)];
  assert.equal(found.length, wanted.length, `${before}length`);
  const largest = Math.max(0, ...wanted.map(Math.abs));
  for (const [i, value] of wanted.entries()) {
    const allowed = Math.max(absolute, relative * (ofLargest ? largest : Math.abs(value)));
    const place = typeof expected === "number" ? "" : `[${i}]: `;
    assert.ok(
      found[i] === value || Math.abs(found[i]! - value) <= allowed,
      `${before}${place}${found[i]} is not within ${allowed} of ${value}`,
    );
  }
}

function listOf(numbers: Numbers): number[] {
  return typeof numbers === "number" ? [numbers] : Array.from(numbers);
}
