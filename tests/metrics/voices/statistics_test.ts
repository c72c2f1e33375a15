import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../../pipeline/base/random.ts";
import type { Voices } from "../../../pipeline/formats/voices.ts";
import { bootstrap } from "../../../pipeline/metrics/voices/bootstrap.ts";
import { chordAt, isConsonant, isPartOfChord } from "../../../pipeline/metrics/voices/chords.ts";
import { rangeUse, SATB_RANGES, voiceLeading } from "../../../pipeline/metrics/voices/leading.ts";
import {
  countsTogether,
  countVoices,
  voiceDistances,
  voiceStatistics,
} from "../../../pipeline/metrics/voices/statistics.ts";
import { assertNear } from "../../support/assert_near.ts";

/** Voices of chords, one a step, each from the highest voice to the lowest; every change is an onset. */
function chords(...steps: readonly (readonly number[])[]): Voices {
  const voices = steps[0]!.length, pitches = Int16Array.from(steps.flat());
  const onsets = Uint8Array.from(
    pitches,
    (pitch, at) => Number(pitch >= 0 && pitch !== pitches[at - voices]),
  );
  return { steps: steps.length, voices, pitches, onsets };
}

const [C, F, G7, B0] = [[72, 67, 64, 48], [72, 69, 65, 53], [71, 65, 62, 55], [71, 65, 62, 56]] as const;

Deno.test("triads and sevenths are known by their pitch classes, in any inversion and position", () => {
  const named = (...pitches: number[]) => chordAt(chords(pitches), 0);
  assert.deepEqual(named(...C), { root: 0, quality: 0 });
  assert.deepEqual(named(72, 67, 60, 52), { root: 0, quality: 0 });
  assert.deepEqual(named(69, 64, 60, 57), { root: 9, quality: 1 });
  assert.deepEqual(named(...G7), { root: 7, quality: 4 });
  assert.deepEqual(named(69, 65, 62, 59), { root: 11, quality: 7 });
  assert.deepEqual(named(...B0), { root: 8, quality: 8 });
  assert.deepEqual(named(72, 67, 60, 48), undefined, "an open fifth");
  assert.deepEqual(named(72, 67, 62, 60), undefined, "a suspension");
  assert.deepEqual(named(-1, -1, -1, -1), undefined);
});

Deno.test("a chord keeps its kind in every key, and its root moves along", () => {
  fc.assert(
    fc.property(fc.constantFrom(C, F, G7, B0), fc.integer({ min: -12, max: 12 }), (chord, semitones) => {
      const plain = chordAt(chords(chord), 0)!;
      const moved = chordAt(chords(chord.map((pitch) => pitch + semitones)), 0)!;
      assert.deepEqual(moved, { root: (plain.root + semitones + 24) % 12, quality: plain.quality });
    }),
  );
});

Deno.test("consonant are the triads and what is within them: 12 unisons, 66 pairs but seconds and tritones, 24 triads", () => {
  const consonant = Array.from({ length: 1 << 12 }, (_, set) => set).filter(isConsonant);
  const sizes = consonant.map((set) => set.toString(2).replaceAll("0", "").length);
  assert.deepEqual([1, 2, 3, 4].map((size) => sizes.filter((its) => its === size).length), [12, 36, 24, 0]);
});

Deno.test("parts of chords are those of the consonant ones and more: no chord has three neighbouring semitones", () => {
  const sets = Array.from({ length: 1 << 12 }, (_, set) => set);
  assert.ok(sets.every((set) => !isConsonant(set) || isPartOfChord(set)));
  const setOf = (...classes: number[]) => classes.reduce((set, pitch) => set | 1 << pitch, 0);
  assert.ok(isPartOfChord(setOf(7, 11, 2, 5)) && isPartOfChord(setOf(7, 5)) && isPartOfChord(setOf(0, 4, 8)));
  assert.ok(!isPartOfChord(setOf(0, 1, 2)) && !isPartOfChord(setOf(0, 2, 7)) && !isPartOfChord(0));
});

Deno.test("parallels are two voices that go the same way from fifth to fifth or from octave to octave", () => {
  const count = (...steps: number[][]) => {
    const { parallelFifths, parallelOctaves } = voiceLeading(chords(...steps));
    return [parallelFifths, parallelOctaves];
  };
  assert.deepEqual(count([67, 60], [69, 62]), [1, 0]);
  assert.deepEqual(count([79, 60], [69, 50]), [1, 0], "a twelfth");
  assert.deepEqual(count([72, 60], [74, 62]), [0, 1]);
  assert.deepEqual(count([60, 60], [62, 62]), [0, 1], "unisons");
  assert.deepEqual(count([67, 60], [67, 60]), [0, 0], "nothing moves");
  assert.deepEqual(count([67, 60], [69, 50]), [0, 0], "contrary motion");
  assert.deepEqual(count([66, 60], [69, 62]), [0, 0], "a tritone before");
  assert.deepEqual(count([67, 60], [-1, -1], [69, 62]), [0, 0], "a rest between");
  assert.deepEqual(count([72, 67, 60], [74, 69, 62]), [1, 1], "each pair is looked at");
});

Deno.test("leaps are counted from a seventh on, and those beyond an octave again; crossings by steps", () => {
  assert.deepEqual(voiceLeading(chords([60], [69], [59], [71], [58], [-1], [80])), {
    parallelFifths: 0,
    parallelOctaves: 0,
    moves: 4, // 9, 10, 12, 13 semitones
    leapsBeyondSixth: 3,
    leapsBeyondOctave: 1,
    crossings: 0,
  });
  assert.equal(voiceLeading(chords([60, 64, 62], [64, 64, 60], [64, -1, 65])).crossings, 2);
});

Deno.test("ranges are held to voice by voice, and rests are in all of them", () => {
  const use = rangeUse(chords([80, 54, 48, 40], [79, 55, -1, 39], [-1, 75, 68, 62]), SATB_RANGES);
  assert.deepEqual(use, [
    { sung: 2, outside: 1 },
    { sung: 3, outside: 2 },
    { sung: 2, outside: 1 },
    { sung: 3, outside: 1 },
  ]);
});

Deno.test("the bootstrap's error of a mean is its standard error", () => {
  const stream = randomStream(1, "values");
  const values = Array.from({ length: 100 }, () => stream.uniform());
  const { value, error } = bootstrap(
    [100],
    (weights) => values.reduce((sum, its, i) => sum + its * weights[i]! / 100, 0),
    randomStream(1, "draws"),
  );
  // 1 / sqrt(12 * 100), to the error's own error: 5 % of 200 resamples, and the sample's.
  assertNear(error!, Math.sqrt(1 / 1200), { absolute: 0.004 });
  assertNear(value!, 0.5, { absolute: 0.1 });
});

Deno.test("a set is as far from itself as nothing, and one that lacks what the other has by one bit", () => {
  const cadence = countVoices(chords(C, F, G7, C), SATB_RANGES);
  const other = countVoices(chords(C, B0, C, B0), SATB_RANGES);
  const distances = (a: typeof cadence, b: typeof cadence) =>
    voiceDistances([a, a], [b, b], randomStream(1, "draws"));
  assert.deepEqual(distances(cadence, cadence), {
    pitchClasses: { value: 0, error: 0 },
    chordPairs: { value: 0, error: 0 },
  });
  assertNear(distances(cadence, other).chordPairs.value, 1, { absolute: 1e-12 });
});

Deno.test("what is measured does not depend on the key, but for the ranges", () => {
  const plain = chords(C, F, G7, C, B0, C),
    moved = chords(...[C, F, G7, C, B0, C].map((its) => its.map((p) => p + 5)));
  const [{ outOfRange: _, ...a }, { outOfRange: __, ...b }] = [
    countVoices(plain, []),
    countVoices(moved, []),
  ];
  assert.deepEqual(a, b);
});

Deno.test("shares are of all steps together, and parts of a piece add up to it", () => {
  const [first, second] = [
    countVoices(chords(C, G7), SATB_RANGES),
    countVoices(chords(C, C, F, G7), SATB_RANGES),
  ];
  const { ratios, outOfRange } = voiceStatistics([first, second], randomStream(1, "draws"));
  assert.equal(ratios.consonant.value, 4 / 6);
  assert.equal(ratios.tertian.value, 1);
  assert.equal(ratios.onsets.value, (4 + 4 + 4 + 0 + 3 + 4) / 6);
  assert.deepEqual(outOfRange.map(({ value }) => value), [0, 0, 0, 0]);
  assert.deepEqual(countsTogether([first, second]).ratios.consonant, [4, 6]);
  assert.equal(countsTogether([first, first]).chordPairs.get((0 * 12 + 7) * 9 + 4), 2);
});

Deno.test("where nothing sounds there is nothing to measure, and no error", () => {
  const silent = countVoices(chords([-1, -1], [-1, -1]), SATB_RANGES);
  const { ratios } = voiceStatistics([silent, silent], randomStream(1, "draws"));
  assert.deepEqual(ratios.consonant, { value: null, error: null });
  assert.deepEqual(ratios.crossings, { value: 0, error: 0 });
  assert.equal(voiceDistances([silent, silent], [silent], randomStream(1, "draws")).pitchClasses.value, null);
});
