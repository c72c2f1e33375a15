import assert from "node:assert/strict";
import { type BySeed, difference } from "../../pipeline/metrics/pairwise.ts";
import { rankGroups } from "../../pipeline/metrics/standings.ts";

/** Values of the seeds 1, 2, ... */
const of = (...values: number[]): BySeed => new Map(values.map((value, i) => [i + 1, value]));
const standings = (groups: readonly (BySeed | null)[], better: "lower" | "higher") =>
  rankGroups(groups, better).standings;

Deno.test("a best is marked where it is ahead of all others by more than luck", () => {
  assert.deepEqual(standings([of(90, 90.2, 89.9), of(101, 101.3, 100.8), of(97, 97.1, 97.2)], "lower"), [
    "best",
    null,
    null,
  ]);
  assert.deepEqual(standings([of(0.9, 0.91, 0.92), of(0.7, 0.71, 0.69)], "higher"), ["best", null]);
});

Deno.test("who cannot be told from the best is tied with it", () => {
  assert.deepEqual(standings([of(90, 90.4, 89.8), of(90.1, 90.5, 90.2), of(120, 121, 120.5)], "lower"), [
    "tied",
    "tied",
    null,
  ]);
});

Deno.test("nothing is marked where all may be equal, where there is nobody to beat, or with one seed", () => {
  assert.deepEqual(standings([of(90, 92, 91), of(91, 92, 90.5)], "lower"), [null, null]);
  assert.deepEqual(standings([of(90, 92, 91), null], "lower"), [null, null]);
  assert.deepEqual(standings([of(90), of(120)], "lower"), [null, null]);
});

/** Deterministic normal numbers: sums of twelve uniform ones from a small congruential generator. */
function normals(): () => number {
  let state = 1;
  const uniform = () => (state = state * 48271 % 2147483647) / 2147483647;
  return () => Array.from({ length: 12 }, uniform).reduce((sum, x) => sum + x, -6);
}

Deno.test("among groups that differ by luck alone nothing is marked, in 19 of 20 tables", () => {
  const normal = normals();
  const cases = [{ groups: 4, seeds: 3 }, { groups: 9, seeds: 10 }];
  for (const { groups, seeds } of cases) {
    const trials = 1000;
    let marked = 0;
    for (let i = 0; i < trials; i++) {
      const made = Array.from({ length: groups }, (_, g) =>
        // Some groups spread ten times as far as others.
        of(...Array.from({ length: seeds }, () => normal() * (g % 2 ? 10 : 1))));
      if (standings(made, "lower").some((standing) => standing !== null)) marked++;
    }
    assert.ok(marked / trials <= 0.05, `${marked} of ${trials}, ${groups} groups of ${seeds} seeds`);
  }
});

Deno.test("p-values are Holm's: the smallest times the number of pairs, none below one before it", () => {
  const { between, comparisons } = rankGroups([of(1, 2, 4), of(3, 5, 6), of(10, 12, 17)], "lower");
  const plain = (a: BySeed, b: BySeed) => difference(a, b)!.p;
  const [ab, ac, bc] = [
    plain(of(1, 2, 4), of(3, 5, 6)),
    plain(of(1, 2, 4), of(10, 12, 17)),
    plain(of(3, 5, 6), of(10, 12, 17)),
  ];
  assert.equal(comparisons, 3);
  assert.ok(ac < ab && ab < bc, "as worked out below");
  assert.equal(between(2, 0)!.p, 3 * ac);
  assert.equal(between(0, 1)!.p, Math.max(3 * ac, 2 * ab));
  assert.equal(between(1, 2)!.p, Math.max(3 * ac, 2 * ab, bc));
  assert.equal(between(0, 1)!.mean, -between(1, 0)!.mean);
});
