import assert from "node:assert/strict";
import fc from "fast-check";
import { rollToScore, scoreToRoll } from "../../pipeline/kinds/music/piano_roll.ts";
import { columnsOf, type RollFormat } from "../../pipeline/formats/piano_roll.ts";
import {
  type Bars,
  jensenShannon,
  knownGrooves,
  likelyBars,
  musicDistances,
  musicStatistics,
  rollAt,
  rollCount,
  type RollSet,
  transposed,
  wasserstein,
} from "../../pipeline/metrics/music.ts";
import {
  copyRate,
  movedPassage,
  nearestPassages,
  type Stretch,
  stretchesOf,
} from "../../pipeline/metrics/music_copies.ts";
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

/** Bars of 8 steps, 4/4 on this grid, in which rolls begin at these steps. */
const bars = (...steps: number[]): Bars[] =>
  steps.map((stepOfBar) => ({ metre: "4/4", stepsPerBar: 8, stepOfBar }));

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
  const statistics = musicStatistics(set, bars(0, 4), 8);
  assert.deepEqual(
    [...statistics.pitchClasses],
    [4, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1].map((steps) => steps / 7),
  );
  assert.deepEqual([...statistics.polyphony.slice(0, 4)], [27 / 32, 3 / 32, 2 / 32, 0]);
  assert.deepEqual(statistics.groove.map(({ metre, onsets }) => [metre, [...onsets]]), [
    ["4/4", [1, 0, 1, 0, 0, 0, 0, 1].map((onsets) => onsets / 3)],
  ]);
  assert.deepEqual([...statistics.durations.slice(0, 6)], [0, 1, 1, 0, 1, 0].map((notes) => notes / 3));
  near(statistics.meanPolyphony, 7 / 32);
  near(statistics.firstPolyphony, 1 / 2);
  near(statistics.meanDuration, 7 / 3);
  near(statistics.notesPerBar, 3 / 4);
  near(statistics.emptyBars, 2 / 4);
});

/** Rolls of a rhythm that repeats every `length` steps, beginning at these steps of it. */
function rhythm(length: number, onsets: readonly number[], ...begins: number[]): RollSet {
  return rolls(
    ...begins.map((begin) =>
      Array.from({ length: LENGTH }, (_, step) => step).filter((step) =>
        onsets.includes((begin + step) % length)
      )
        .map((step) => [60, step, step + 1] as const)
    ),
  );
}

Deno.test("what fills a roll up is no silence: statistics are those of the rolls without it", () => {
  // Half a roll of two voices, and a whole one of one.
  const notes: Drawn[] = [[[60, 0, 8], [64, 2, 6]], [[62, 0, 16]]];
  const filled = { ...rolls(...notes), steps: [8, 16] };
  const { meanPolyphony, polyphony, emptyBars, notesPerBar } = musicStatistics(filled, bars(0, 0), 8);
  near(meanPolyphony, (8 + 4 + 16) / 24);
  near(polyphony[0]!, 0);
  assert.equal(emptyBars, 0);
  near(notesPerBar, 3 / 3);
  assert.equal(musicStatistics(rolls(...notes), bars(0, 0), 8).emptyBars, 1 / 4);
  assert.equal(rollAt(filled, 0).steps, 8);
  const cut = rolls([[60, 0, 16]]);
  assert.deepEqual(
    noteScores({ ...cut, steps: [8] }, { ...rolls([[60, 0, 8], [70, 9, 12]]), steps: [8] }).notes.f1,
    1,
  );
});

Deno.test("rolls are put into the metre and at the place of the bar that their onsets tell", () => {
  // A march, 4/4 in bars of 8, and a waltz, 3/4 in bars of 6.
  const [march, waltz] = [rhythm(8, [0, 4, 6], 0, 3, 5), rhythm(6, [0, 2, 4, 5], 0, 1, 4)];
  const music = { ...march, cells: Uint8Array.from([...march.cells, ...waltz.cells]) };
  const known: Bars[] = [
    ...bars(0, 3, 5),
    ...[0, 1, 4].map((stepOfBar) => ({ metre: "3/4", stepsPerBar: 6, stepOfBar })),
  ];
  const grooves = knownGrooves(music, known);
  assert.deepEqual(likelyBars(music, grooves), known);
  assert.deepEqual(likelyBars(rhythm(8, [0, 4, 6], 7), grooves), bars(7));
  assert.deepEqual(likelyBars(rhythm(6, [0, 2, 4, 5], 5), grooves), [{
    metre: "3/4",
    stepsPerBar: 6,
    stepOfBar: 5,
  }]);

  // The waltz is not folded into bars of 8: each metre has its own histogram, and all of them together are 1.
  const { groove } = musicStatistics(music, known, 8);
  const shape = (metre: string) =>
    Array.from(groove.find((one) => one.metre === metre)!.onsets, (share) => Number(share > 0));
  assert.deepEqual(groove.map(({ metre }) => metre), ["3/4", "4/4"]);
  assert.deepEqual(shape("4/4"), [1, 0, 0, 0, 1, 0, 1, 0]);
  assert.deepEqual(shape("3/4"), [1, 0, 1, 0, 1, 1]);
  near(groove.flatMap(({ onsets }) => [...onsets]).reduce((a, b) => a + b), 1);
});

Deno.test("music in another metre is far away, and rolls that begin elsewhere in the bar are not", () => {
  const train = rhythm(8, [0, 4, 6], 0, 1, 2, 3);
  const grooves = knownGrooves(train, bars(0, 1, 2, 3));
  const described = (set: RollSet) => musicStatistics(set, likelyBars(set, grooves), 8);
  const distance = (set: RollSet) => musicDistances(described(train), described(set)).groove!;
  assert.ok(distance(rhythm(8, [0, 4, 6], 4, 5, 6, 7)) < 0.01);
  assert.ok(distance(rhythm(6, [0, 2, 4, 5], 0, 1, 2, 3)) > 0.1);
});

Deno.test("test windows that are compared with transposed training windows are transposed, too", () => {
  const plain = musicStatistics(rolls([[60, 0, 4], [64, 4, 8]]), bars(0), 8);
  const moved = musicStatistics(
    rolls([[60 - 1, 0, 4], [64 - 1, 4, 8]], [[60, 0, 4], [64, 4, 8]], [[62, 0, 4], [66, 4, 8]]),
    bars(0, 0, 0),
    8,
  );
  assert.ok(musicDistances(moved, plain).pitchClasses! > 0.2);
  near(musicDistances(moved, transposed(plain, [-1, 0, 2])).pitchClasses, 0);
  assert.deepEqual(transposed(plain, [0]), plain);
  assert.deepEqual(transposed(plain, [12]), plain);
});

Deno.test("a note that is held over from before the window is no onset", () => {
  const set = rolls([[60, 0, 4], [62, 4, 8]]);
  set.cells[14 + 1] = 0;
  assert.deepEqual([...musicStatistics(set, bars(0), 8).groove[0]!.onsets], [0, 0, 0, 0, 1, 0, 0, 0]);
});

Deno.test("silence has statistics, and no distance where nothing can be counted", () => {
  const silence = musicStatistics(rolls([]), bars(0), 8);
  assert.equal(silence.emptyBars, 1);
  assert.equal(silence.meanDuration, null);
  const sound = musicStatistics(rolls([[60, 0, 16]]), bars(0), 8);
  assert.deepEqual(musicDistances(silence, sound), {
    pitchClasses: null,
    polyphony: 1,
    groove: null,
    durations: null,
  });
  assert.deepEqual(musicDistances(sound, sound), { pitchClasses: 0, polyphony: 0, groove: 0, durations: 0 });
});

Deno.test("distances see what was changed: an octave leaves the pitch classes, double length doubles durations", () => {
  const a = musicStatistics(rolls([[60, 0, 2], [60, 4, 6]]), bars(0), 8);
  const b = musicStatistics(rolls([[72, 0, 4], [72, 4, 8]]), bars(0), 8);
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

Deno.test("what fills a roll up counts nothing: the baselines are those of the rolls without it", () => {
  const short = noise(1, 0.2, 4), columns = columnsOf(FORMAT);
  const own = { ...short, length: 10, cells: short.cells.subarray(0, 10 * columns) };
  const filled = {
    ...short,
    cells: short.cells.map((cell, at) => at < 10 * columns ? cell : 0),
    steps: [10],
  };
  near(pitchFrequencyNll(filled, filled), pitchFrequencyNll(own, own));
  near(previousFrameNll(filled, filled), previousFrameNll(own, own));
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

/** A stretch of a piece with the given notes. */
function stretch(steps: number, notes: Drawn): Stretch {
  const cells = new Uint8Array(steps * 28);
  for (const [pitch, onset, end] of notes) {
    for (let step = onset; step < end; step++) cells[step * 28 + pitch - 59] = 1;
    cells[onset * 28 + 14 + pitch - 59] = 1;
  }
  return { piece: 0, start: 0, semitones: 0, roll: { format: FORMAT, steps, cells } };
}

Deno.test("the nearest passage is the one that comparing all places and keys by hand finds", () => {
  const note = fc.record({
    pitch: fc.integer({ min: 59, max: 72 }),
    onset: fc.nat(15),
    length: fc.integer({ min: 1, max: 4 }),
  });
  const drawn = (notes: readonly { pitch: number; onset: number; length: number }[], steps: number): Drawn =>
    [...new Map(notes.map((one) => [`${one.pitch}`, one])).values()].map(({ pitch, onset, length }) =>
      [pitch, onset, Math.min(steps, onset + length)] as const
    );
  const notes = fc.array(note, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(notes, fc.array(notes, { minLength: 1, maxLength: 3 }), (query, pieces) => {
      const set = rolls(drawn(query, LENGTH));
      const stretches = pieces.map((piece) =>
        stretch(20, drawn(piece.map((one, i) => ({ ...one, onset: one.onset + i % 5 })), 20))
      );
      const onsets = (cells: Uint8Array) =>
        [...cells.keys()].flatMap((at) =>
          at % 28 >= 14 && cells[at] === 1 ? [[Math.floor(at / 28), at % 14] as const] : []
        );
      const wanted = onsets(set.cells);
      let most = 0;
      for (const { roll } of stretches) {
        for (let start = 0; start <= 20 - LENGTH; start++) {
          const there = onsets(roll.cells).filter(([step]) => step >= start && step < start + LENGTH);
          for (let semitones = -12; semitones <= 12; semitones++) {
            const shared = wanted.filter(([step, pitch]) =>
              there.some(([s, p]) =>
                s === step + start && p === pitch + semitones
              )
            ).length;
            most = Math.max(most, 2 * shared / (wanted.length + there.length));
          }
        }
      }
      const [found] = nearestPassages(set, stretches);
      const passage = movedPassage(found!, set);
      if (most === 0) return assert.equal(passage, undefined);
      // All its onsets count; those that are outside of the range in the roll's key cannot be shared.
      const { stretch: where, start } = found!;
      const there = onsets(where!.roll.cells).filter(([step]) => step >= start && step < start + LENGTH);
      const moved = onsets(passage!.cells);
      const shared = wanted.filter(([step, pitch]) =>
        moved.some(([s, p]) => s === step && p === pitch)
      ).length;
      near(2 * shared / (wanted.length + there.length), most);
      const on = (cells: Uint8Array) => cells.reduce((sum, cell) => sum + cell, 0);
      const common = set.cells.reduce((sum, cell, at) => sum + (cell & passage!.cells[at]!), 0);
      const window = where!.roll.cells.subarray(start * 28, (start + LENGTH) * 28);
      near(found!.dissimilarity, 1 - 2 * common / (on(set.cells) + on(window)));
    }),
    { numRuns: 60, seed: 5 },
  );
});

Deno.test("a copy is found wherever it begins and in whatever key; a fresh roll and silence are none", () => {
  const melody: Drawn = [[62, 3, 6], [65, 6, 7], [64, 9, 13], [67, 14, 15]];
  const moved = (steps: number, semitones: number): Drawn =>
    melody.map(([pitch, onset, end]) => [pitch + semitones, onset + steps, end + steps] as const);
  const pieces = [stretch(40, moved(20, 0)), stretch(16, [[70, 0, 16]])];
  // As windows see it: a step later, a semitone higher, an octave off; none of which is where a window began.
  const copies = rolls(moved(0, 0), moved(1, 0), moved(0, 1), moved(-2, -3), moved(1, 5));
  const nearest = nearestPassages(copies, pieces);
  assert.deepEqual(nearest.map(({ start }) => start), [20, 19, 20, 22, 19]);
  assert.deepEqual(nearest.map(({ semitones }) => semitones), [0, 0, -1, 3, -5]);
  nearest.forEach(({ dissimilarity }) => near(dissimilarity, 0));
  assert.equal(copyRate(nearest), 1);
  nearest.forEach((one, i) => assert.deepEqual(movedPassage(one, copies)!.cells, rollAt(copies, i).cells));

  const others = nearestPassages(rolls([[60, 0, 2], [71, 2, 3], [61, 9, 16]], []), pieces);
  assert.ok(others[0]!.dissimilarity > 0.5);
  assert.equal(others[1]!.dissimilarity, 1, "silence copies nothing");
  assert.equal(copyRate(others), 0);
  assert.equal(copyRate([]), 0);
});

Deno.test("windows are joined to the stretch that they were cut from, in one key", () => {
  const whole = stretch(30, [[60, 2, 9], [66, 8, 20], [64, 21, 23]]).roll;
  const starts = [4, 12, 0];
  const cut = (semitones: number) => starts.map((start) => ({ piece: 3, start, semitones }));
  const window = (start: number) => whole.cells.subarray(start * 28, (start + LENGTH) * 28);
  const cells = Uint8Array.from([...starts, ...starts].flatMap((start) => [...window(start)]));
  const set = { format: FORMAT, length: LENGTH, cells };
  const [joined, ...rest] = stretchesOf(set, [...cut(2), ...cut(0)], [7, 3], 1000);
  assert.deepEqual(rest, []);
  assert.deepEqual([joined!.piece, joined!.start, joined!.semitones], [3, 0, 2]);
  assert.equal(joined!.roll.steps, 28);
  assert.deepEqual(joined!.roll.cells, whole.cells.subarray(0, 28 * 28));
  assert.deepEqual(stretchesOf(set, [...cut(2), ...cut(0)], [3], 0), []);
});

Deno.test("a set gives back each of its rolls", () => {
  const set = rolls([[60, 0, 8]], [[62, 4, 16], [64, 4, 5]]);
  const roll = rollAt(set, 1);
  assert.deepEqual(scoreToRoll(rollToScore(roll, { title: "t" }), FORMAT), roll);
});
