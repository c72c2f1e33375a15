import assert from "node:assert/strict";
import fc from "fast-check";
import { rollToScore, scoreToRoll } from "../../pipeline/kinds/music/piano_roll.ts";
import { columnsOf, type RollFormat } from "../../pipeline/formats/piano_roll.ts";
import {
  jensenShannon,
  musicDistances,
  musicStatistics,
  rollAt,
  rollCount,
  type RollSet,
  wasserstein,
} from "../../pipeline/metrics/music.ts";
import { copyRate, nearestRolls } from "../../pipeline/metrics/music_copies.ts";
import { frameNll, pitchFrequencyNll, previousFrameNll } from "../../pipeline/metrics/music_likelihood.ts";
import { noteScores } from "../../pipeline/metrics/music_notes.ts";
import { randomStream } from "../../pipeline/base/random.ts";
import { assertNear } from "../support/assert_near.ts";

type Drawn = readonly (readonly [pitch: number, onset: number, end: number])[];

const FORMAT: RollFormat = { stepsPerQuarter: 2, lowestPitch: 59, pitches: 14, articulation: true };
const LENGTH = 16;

/** Rolls of 16 steps with the given notes, each struck at its onset. */
function rolls(...drawn: Drawn[]): RollSet {
  const size = LENGTH * columnsOf(FORMAT);
  const cells = new Uint8Array(drawn.length * size);
  for (const [i, notes] of drawn.entries()) {
    for (const [pitch, onset, end] of notes) {
      const cell = (step: number) => i * size + step * 28 + pitch - 59;
      for (let step = onset; step < end; step++) cells[cell(step)] = 1;
      cells[cell(onset) + 14] = 1;
    }
  }
  return { format: FORMAT, length: LENGTH, cells };
}

function noise(count: number, share: number, seed: number): RollSet {
  const random = randomStream(seed, "noise");
  const cells = new Uint8Array(count * LENGTH * 28).map(() => random.uniform() < share ? 1 : 0);
  return { format: FORMAT, length: LENGTH, cells };
}

const near = (actual: number | null, expected: number, absolute = 1e-12) =>
  assertNear(actual, expected, { absolute });

Deno.test("Jensen-Shannon divergence has its published values, bounds and symmetry", () => {
  near(jensenShannon(Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0)), 1);
  // scipy.spatial.distance.jensenshannon documents 0.46450140402245893, the root of it in nats.
  near(jensenShannon(Float64Array.of(1, 0), Float64Array.of(0.5, 0.5)), 0.46450140402245893 ** 2 / Math.LN2);
  near(jensenShannon(Float64Array.of(0.3, 0.7), Float64Array.of(0.3, 0.7)), 0);
  assert.equal(jensenShannon(Float64Array.of(0, 0), Float64Array.of(1, 0)), null);
});

Deno.test("1-Wasserstein distance has its published values, and of shifted histograms it is the shift", () => {
  // scipy.stats.wasserstein_distance documents ([0, 1, 3], [5, 6, 8]) -> 5 and ([0, 1], [0, 1], [3, 1], [2, 2]) -> 0.25.
  const third = 1 / 3;
  near(
    wasserstein(
      Float64Array.of(third, third, 0, third),
      Float64Array.of(0, 0, 0, 0, 0, third, third, 0, third),
    ),
    5,
  );
  near(wasserstein(Float64Array.of(0.75, 0.25), Float64Array.of(0.5, 0.5)), 0.25);
  assert.equal(wasserstein(Float64Array.of(0, 0), Float64Array.of(1, 0)), null);
});

Deno.test("statistics of two rolls, worked by hand", () => {
  // Bars of 8 steps. First roll: C for 2 steps, C and E together for 2; second bar empty. Second roll: B for 1.
  const set = rolls([[60, 0, 4], [64, 2, 4]], [[59, 11, 12]]);
  assert.equal(rollCount(set), 2);
  const statistics = musicStatistics(set, 8, [0, 4]);
  assert.deepEqual(
    [...statistics.pitchClasses],
    [4, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1].map((steps) => steps / 7),
  );
  assert.deepEqual([...statistics.polyphony.slice(0, 4)], [27 / 32, 3 / 32, 2 / 32, 0]);
  assert.deepEqual([...statistics.groove], [1, 0, 1, 0, 0, 0, 0, 1].map((onsets) => onsets / 3));
  assert.deepEqual([...statistics.durations.slice(0, 6)], [0, 1, 1, 0, 1, 0].map((notes) => notes / 3));
  near(statistics.meanPolyphony, 7 / 32);
  near(statistics.meanDuration, 7 / 3);
  near(statistics.notesPerBar, 3 / 4);
  near(statistics.emptyBars, 2 / 4);
});

Deno.test("without a known place in the bar, the groove does not depend on where the windows begin", () => {
  const rhythm = (shift: number): Drawn =>
    [0, 0, 3, 8, 8, 11].map((step, i) => [60 + i, step + shift, step + shift + 1] as const);
  const grooves = [0, 1, 4].map((shift) => [...musicStatistics(rolls(rhythm(shift)), 8).groove]);
  assert.deepEqual(grooves[0], [4 / 6, 0, 0, 2 / 6, 0, 0, 0, 0]);
  assert.deepEqual(grooves[1], grooves[0]);
  assert.deepEqual(grooves[2], grooves[0]);
});

Deno.test("a note that is held over from before the window is no onset", () => {
  const set = rolls([[60, 0, 4], [62, 4, 8]]);
  set.cells[14 + 1] = 0;
  assert.deepEqual([...musicStatistics(set, 8, [0]).groove], [0, 0, 0, 0, 1, 0, 0, 0]);
});

Deno.test("silence has statistics, and no distance where nothing can be counted", () => {
  const silence = musicStatistics(rolls([]), 8);
  assert.equal(silence.emptyBars, 1);
  assert.equal(silence.meanDuration, null);
  const sound = musicStatistics(rolls([[60, 0, 16]]), 8);
  assert.deepEqual(musicDistances(silence, sound), {
    pitchClasses: null,
    polyphony: 1,
    groove: null,
    durations: null,
  });
  assert.deepEqual(musicDistances(sound, sound), { pitchClasses: 0, polyphony: 0, groove: 0, durations: 0 });
});

Deno.test("distances see what was changed: an octave leaves the pitch classes, double length doubles durations", () => {
  const a = musicStatistics(rolls([[60, 0, 2], [60, 4, 6]]), 8);
  const b = musicStatistics(rolls([[72, 0, 4], [72, 4, 8]]), 8);
  assert.deepEqual(musicDistances(a, b), { pitchClasses: 0, polyphony: 0.25, groove: 0, durations: 2 });
});

Deno.test("frame NLL is -log p of the cells, summed over columns and averaged over steps", () => {
  const set = noise(3, 0.2, 1);
  const random = randomStream(1, "logits");
  const logits = random.fillNormal(new Float32Array(set.cells.length));
  let expected = 0;
  logits.forEach((logit, i) => {
    const p = 1 / (1 + Math.exp(-logit));
    expected -= Math.log(set.cells[i] ? p : 1 - p);
  });
  near(frameNll(logits, set), expected / (3 * LENGTH), 1e-9);
  const certain = Float32Array.from(set.cells, (cell) => cell ? 500 : -500);
  near(frameNll(certain, set), 0);
  near(frameNll(certain.map((logit) => -logit), set), 28 * 500);
  assert.throws(() => frameNll(new Float32Array(27), set), RangeError);
});

Deno.test("the pitch baseline reaches the entropy of independent cells, and so does copying: there is nothing to copy", () => {
  const [train, test] = [noise(400, 0.1, 2), noise(400, 0.1, 3)];
  const entropy = 28 * -(0.1 * Math.log(0.1) + 0.9 * Math.log(0.9));
  near(pitchFrequencyNll(train, test), entropy, 0.02 * entropy);
  near(previousFrameNll(train, test), entropy, 0.02 * entropy);
});

Deno.test("the pitch baseline, worked by hand", () => {
  const format = { ...FORMAT, pitches: 2, articulation: false };
  const set = (...cells: number[]): RollSet => ({ format, length: 2, cells: Uint8Array.from(cells) });
  // Column 0 was on in 3 of 4 steps, column 1 in none: (3 + 1) / 6 and (0 + 1) / 6.
  const expected = -(Math.log(4 / 6) + Math.log(5 / 6) + Math.log(2 / 6) + Math.log(1 / 6)) / 2;
  near(pitchFrequencyNll(set(1, 0, 1, 0, 1, 0, 0, 0), set(1, 0, 0, 1)), expected);
});

Deno.test("the copying baseline, worked by hand", () => {
  const format = { ...FORMAT, pitches: 1, articulation: false };
  const set = (...cells: number[]): RollSet => ({ format, length: 4, cells: Uint8Array.from(cells) });
  // Training 0 1 1 0, silence before: off->off, off->on, on->on, on->off: each (1 + 1) / (2 + 2).
  near(previousFrameNll(set(0, 1, 1, 0), set(1, 1, 1, 1)), Math.log(2));
  // Training 1 1 1 1: off->on 1 of 1, on->on 3 of 3: 2/3 and 4/5.
  near(
    previousFrameNll(set(1, 1, 1, 1), set(1, 1, 0, 0)),
    -(Math.log(2 / 3) + Math.log(4 / 5) + Math.log(1 / 5) + Math.log(1 / 3)) / 4,
  );
});

Deno.test("held notes are far better predicted by copying than by pitch frequencies", () => {
  const drone = (pitch: number): Drawn => [[pitch, 0, 8], [pitch, 8, 16]];
  const set = rolls(...[59, 61, 64, 66, 70].map(drone));
  assert.ok(previousFrameNll(set, set) < 0.6 * pitchFrequencyNll(set, set));
});

Deno.test("precision, recall and F1 of onsets and notes, worked by hand", () => {
  const reference = rolls([[60, 0, 4], [64, 4, 14], [67, 8, 9]], [[60, 2, 3]]);
  // 60: right. 64: two steps too short of ten, within a fifth. 67: twice as long. 62: invented. Second roll: a step late.
  const estimate = rolls([[60, 0, 4], [64, 4, 12], [67, 8, 10], [62, 0, 1]], [[60, 3, 4]]);
  const { onsets, notes } = noteScores(reference, estimate);
  assert.deepEqual(onsets, { precision: 3 / 5, recall: 3 / 4, f1: 6 / 9 });
  assert.deepEqual(notes, { precision: 2 / 5, recall: 2 / 4, f1: 4 / 9 });
  assert.deepEqual(noteScores(reference, estimate, 0).notes, { precision: 1 / 5, recall: 1 / 4, f1: 2 / 9 });
  const perfect = { precision: 1, recall: 1, f1: 1 };
  assert.deepEqual(noteScores(reference, reference), { onsets: perfect, notes: perfect });
  const nothing = { precision: 0, recall: 0, f1: 0 };
  assert.deepEqual(noteScores(reference, rolls([], [])), { onsets: nothing, notes: nothing });
});

Deno.test("the nearest training roll is the one a cell-by-cell comparison finds", () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 1, max: 8 }), (seed, count) => {
      const [queries, train] = [noise(3, 0.3, seed), noise(count, 0.3, seed + 5000)];
      const size = LENGTH * 28;
      for (const [i, { index, distance, dissimilarity }] of nearestRolls(queries, train).entries()) {
        const query = queries.cells.subarray(i * size, (i + 1) * size);
        const distances = Array.from(
          { length: count },
          (_, j) => query.reduce((sum, cell, k) => sum + (cell === train.cells[j * size + k] ? 0 : 1), 0),
        );
        assert.equal(distance, Math.min(...distances));
        assert.equal(index, distances.indexOf(distance));
        const on = [...query, ...train.cells.subarray(index * size, (index + 1) * size)].filter((cell) =>
          cell === 1
        ).length;
        assert.equal(dissimilarity, distance / on);
      }
    }),
    { numRuns: 25, seed: 5 },
  );
});

Deno.test("a copied roll is found as a copy, a fresh one is not, and silence is only near to silence", () => {
  const train = rolls([[60, 0, 8], [64, 8, 16]], [[62, 0, 16]]);
  const nearest = nearestRolls(rolls([[62, 0, 16]], [[71, 0, 4]], []), train);
  assert.deepEqual(nearest.map(({ dissimilarity }) => dissimilarity), [0, 1, 1]);
  assert.equal(nearest[0]!.index, 1);
  assert.equal(copyRate(nearest), 1 / 3);
  assert.equal(copyRate([]), 0);
  assert.throws(() => nearestRolls(train, rolls()), RangeError);
});

Deno.test("a set gives back each of its rolls", () => {
  const set = rolls([[60, 0, 8]], [[62, 4, 16], [64, 4, 5]]);
  const roll = rollAt(set, 1);
  assert.deepEqual(scoreToRoll(rollToScore(roll, { title: "t" }), FORMAT), roll);
});
