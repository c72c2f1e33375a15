import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../../pipeline/base/random.ts";
import { notesOfVoice, REST, voicesOfNotes } from "../../../pipeline/formats/voices.ts";
import {
  heldSymbol,
  symbolsOf,
  type VoiceFormat,
  voicesOfSymbols,
  voiceSymbols,
} from "../../../pipeline/formats/voice_symbols.ts";
import {
  chooseWhole,
  stepChooser,
  type SymbolChoice,
  VoiceWriter,
} from "../../../pipeline/kinds/music/symbols.ts";
import * as page from "../../../pipeline/kinds/music/symbols.js";
import { isConsonant, isPartOfChord, pitchClassesAt } from "../../../pipeline/metrics/voices/chords.ts";
import { assertNear } from "../../support/assert_near.ts";

const SHARES = [0.5, 0.2, 0.3, 0, 0];
const VOICES: VoiceFormat = { names: ["high", "low"], lowestPitch: 60, pitches: 3 };
const FREE: SymbolChoice = {
  draws: true,
  temperature: 1,
  topP: 1,
  ranges: null,
  crosses: true,
  parallels: true,
  chords: "free",
};

/** The symbols that examples of probabilities become, [n, length, voices, symbols]. */
function choose(
  means: Float32Array,
  format: VoiceFormat,
  length: number,
  choice: Partial<SymbolChoice>,
  uniform: () => number,
): Uint8Array {
  const count = means.length / (length * format.names.length * symbolsOf(format));
  return chooseWhole(means, stepChooser(format, length, { ...FREE, ...choice }, uniform), count);
}

/** How often each symbol is drawn by a choice from probabilities, as the first step of a lone voice. */
function drawnShares(probabilities: readonly number[], choice: Partial<SymbolChoice>): number[] {
  const format = { names: ["one"], lowestPitch: 60, pitches: probabilities.length - 2 }, draws = 20_000;
  const means = Float32Array.from(
    { length: draws * probabilities.length },
    (_, i) => probabilities[i % probabilities.length]!,
  );
  const stream = randomStream(1, "test");
  const chosen = choose(means, format, 1, choice, () => stream.uniform());
  return probabilities.map((_, symbol) =>
    chosen.reduce((sum, one, i) => sum + (i % probabilities.length === symbol ? one : 0), 0) / draws
  );
}

// Four standard deviations of a share of 20,000 draws are below 0.015.
const CLOSE = { absolute: 0.015 };

Deno.test("symbols are drawn as often as they are probable", () => {
  assertNear(drawnShares(SHARES, {}), SHARES, CLOSE);
});

Deno.test("the temperature divides log-probabilities: half of it squares the shares, and twice takes their roots", () => {
  const powers = (power: number) => {
    const raised = SHARES.map((share) => share ** power);
    return raised.map((share) => share / raised.reduce((a, b) => a + b));
  };
  assertNear(drawnShares(SHARES, { temperature: 0.5 }), powers(2), CLOSE);
  assertNear(drawnShares(SHARES, { temperature: 2 }), powers(0.5), CLOSE);
  assertNear(drawnShares(SHARES, { temperature: 0.01 }), [1, 0, 0, 0, 0], CLOSE);
});

Deno.test("of a nucleus only the fewest symbols are drawn that have its share together", () => {
  assertNear(drawnShares(SHARES, { topP: 0.45 }), [1, 0, 0, 0, 0], CLOSE);
  assertNear(drawnShares(SHARES, { topP: 0.6 }), [5 / 8, 0, 3 / 8, 0, 0], CLOSE);
  assertNear(drawnShares(SHARES, { topP: 0.81 }), SHARES, CLOSE);
});

Deno.test("without drawing the most probable symbol is taken, and a hold of nothing never", () => {
  const means = Float32Array.of(0.1, 0.2, 0.6, 0.05, 0.05, 0, 0, 0.1, 0.9, 0);
  const chosen = choose(means, VOICES, 1, { draws: false }, () => 0);
  assert.deepEqual(Array.from(chosen), [0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
});

const CONSTRAINED: VoiceFormat = { names: ["a", "b", "c", "d"], lowestPitch: 36, pitches: 46 };

Deno.test("whatever a decoder says, voices keep to their ranges and do not cross where they must not", () => {
  const ranges = [[60, 79], [55, 74], [48, 67], [40, 62]] as const, length = 8;
  const size = CONSTRAINED.names.length * symbolsOf(CONSTRAINED);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.boolean(), fc.boolean(), (seed, draws, steady) => {
      const stream = randomStream(seed, "means");
      // Steady ones hold nearly always: what is held must be allowed as well.
      const means = stream.fillUniform(new Float32Array(length * size)).map((value, i) =>
        steady && i % symbolsOf(CONSTRAINED) === CONSTRAINED.pitches ? 50 : value
      );
      const example = choose(
        means,
        CONSTRAINED,
        length,
        { draws, ranges, crosses: false },
        () => stream.uniform(),
      );
      const { pitches } = voicesOfSymbols(example, CONSTRAINED, length);
      for (let step = 0; step < length; step++) {
        const its = pitches.subarray(4 * step, 4 * step + 4);
        const sounding = [...its].filter((pitch) => pitch !== REST);
        assert.deepEqual(sounding, sounding.toSorted((a, b) => b - a));
        its.forEach((pitch, voice) =>
          assert.ok(pitch === REST || (ranges[voice]![0] <= pitch && pitch <= ranges[voice]![1]))
        );
      }
      // One symbol each.
      assert.equal(example.reduce((sum, one) => sum + one, 0), length * 4);
    }),
  );
});

Deno.test("chords that are asked for are all that sounds, also where voices hold what they sang", () => {
  const length = 16,
    size = CONSTRAINED.names.length * symbolsOf(CONSTRAINED),
    stream = randomStream(3, "means");
  const means = stream.fillUniform(new Float32Array(length * size)).map((value, i) =>
    i % symbolsOf(CONSTRAINED) === CONSTRAINED.pitches ? 5 : value
  );
  const setsOf = (chords: SymbolChoice["chords"]) => {
    const example = choose(means, CONSTRAINED, length, { chords }, () => stream.uniform());
    const voices = voicesOfSymbols(example, CONSTRAINED, length);
    return Array.from({ length }, (_, step) => pitchClassesAt(voices, step)).filter((set) => set !== 0);
  };
  assert.ok(setsOf("consonant").every(isConsonant));
  const tertian = setsOf("tertian");
  assert.ok(tertian.every(isPartOfChord) && !tertian.every(isConsonant));
  assert.ok(!setsOf("free").every(isPartOfChord));
});

Deno.test("whatever a decoder says, voices that must not go in parallel fifths or octaves do not, under a melody neither", () => {
  const length = 24, size = CONSTRAINED.names.length * symbolsOf(CONSTRAINED);
  /** Pairs of voices that move alike from one of these intervals to the same again. */
  const parallelsIn = (pitches: ArrayLike<number>) => {
    let found = 0;
    for (let at = 4; at < length * 4; at++) {
      for (let above = at - at % 4; above < at; above++) {
        const [a, b, c, d] = [above - 4, above, at - 4, at].map((i) => pitches[i]!);
        if (Math.min(a!, b!, c!, d!) < 0 || (b! - a!) * (d! - c!) <= 0) continue;
        const [before, now] = [Math.abs(a! - c!) % 12, Math.abs(b! - d!) % 12];
        if (before === now && (now === 0 || now === 7)) found++;
      }
    }
    return found;
  };
  let free = 0, sung = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.boolean(), fc.boolean(), (seed, draws, isGiven) => {
      const stream = randomStream(seed, "means"), uniform = () => stream.uniform();
      // Few pitches, so that there is much to be avoided.
      const means = stream.fillUniform(new Float32Array(length * size)).map((value, i) =>
        i % symbolsOf(CONSTRAINED) % 7 === 0 ? 100 * value : 0.01 * value
      );
      const melody = Array.from({ length }, () => 24 + 7 * stream.integer(3));
      const pitchesOf = (choice: Partial<SymbolChoice>) => {
        const chooser = stepChooser(
          CONSTRAINED,
          length,
          { ...FREE, draws, ...choice },
          uniform,
          isGiven ? melody : undefined,
        );
        return voicesOfSymbols(chooseWhole(means, chooser, 1), CONSTRAINED, length).pitches;
      };
      free += parallelsIn(pitchesOf({}));
      const held = pitchesOf({ parallels: false });
      assert.equal(parallelsIn(held), 0);
      sung += held.reduce((sum, pitch) => sum + Number(pitch !== REST), 0);
    }),
  );
  // There was something to avoid, and it was not avoided by silence: there are 100 examples of 96 notes.
  assert.ok(free > 200 && sung > 9000, `${free} parallels, ${sung} sung`);
});

Deno.test("a melody that is given stands as it is, and what it costs is its log-likelihood", () => {
  const stream = randomStream(5, "means"), length = 3;
  const melody = [1, 3, 0]; // a pitch, its hold, another
  const { choose: next, writers } = stepChooser(
    VOICES,
    length,
    { ...FREE, crosses: false },
    () => stream.uniform(),
    melody,
  );
  const logs = [0, 0];
  for (let step = 0; step < length; step++) {
    const means = Float32Array.from({ length: 2 * 2 * 5 }, () => 0.1 + stream.uniform());
    const chosen = next({ count: 2, draws: 1, given: () => means });
    for (const example of [0, 1]) {
      assert.equal(chosen.subarray(example * 10, example * 10 + 5).indexOf(1), melody[step]);
      logs[example]! += Math.log(means[example * 10 + melody[step]!]!);
    }
  }
  assertNear(writers.map(({ givenLogLikelihood }) => givenLogLikelihood), logs, { absolute: 1e-6 });
});

Deno.test("the page reads the notes out of symbols that the report's MIDI files have", () => {
  const stream = randomStream(2, "test"), length = 12;
  for (let round = 0; round < 50; round++) {
    const means = stream.fillUniform(new Float32Array(length * 2 * 5));
    const example = choose(means, VOICES, length, FREE, () => stream.uniform());
    const voices = voicesOfSymbols(example, VOICES, length);
    const expected = [0, 1].flatMap((voice) =>
      notesOfVoice(voices, voice).map(({ pitch, onset, end }) => [pitch, onset, end, voice])
    ).sort((a, b) => a[1]! - b[1]! || a[0]! - b[0]!);
    assert.deepEqual(page.notesOfSymbols(example, VOICES), expected);
  }
});

Deno.test("voices are the same again from their symbols, whether a hold tells its pitch or not, in the page as well", () => {
  const stream = randomStream(4, "voices"), length = 10;
  for (let round = 0; round < 50; round++) {
    const notes = [0, 1].map(() => {
      const its: { pitch: number; onset: number; end: number }[] = [];
      for (let at = stream.integer(2); at < length;) {
        const end = Math.min(length, at + 1 + stream.integer(4));
        its.push({ pitch: 60 + stream.integer(3), onset: at, end });
        at = end + stream.integer(2);
      }
      return its;
    });
    const voices = voicesOfNotes(notes, length);
    for (const tellsHeld of [false, true]) {
      const format = { ...VOICES, tellsHeld }, example = voiceSymbols(voices, format);
      assert.equal(example.length, length * 2 * (tellsHeld ? 7 : 5));
      assert.deepEqual(voicesOfSymbols(example, format, length), voices);
      const inPage = page.notesOfSymbols(example, format);
      assert.deepEqual(
        [0, 1].map((voice) =>
          inPage.filter((note) => note[3] === voice).map(([pitch, onset, end]) => ({ pitch, onset, end }))
        ),
        notes,
      );
    }
  }
});

Deno.test("nobody holds a pitch that does not sound, and a hold of one begins it where it stands all the same", () => {
  const format = { ...VOICES, tellsHeld: true };
  const writer = new VoiceWriter({ ...format, names: ["one"] }, { ...FREE, draws: false }, () => 0);
  // Symbols: three pitches, their holds, rest.
  const steps = [[0.1, 0.2, 0, 0, 0.7, 0, 0], [0, 0.1, 0, 0.5, 0.4, 0, 0], [0, 0, 0, 0.6, 0, 0.3, 0.1]];
  assert.deepEqual(steps.map((step) => writer.write(Float32Array.from(step))), [1, 4, 6]);
  assert.deepEqual([heldSymbol(format, 61), heldSymbol(VOICES, 61)], [4, 3]);
  const held = Uint8Array.of(0, 0, 0, 0, 1, 0, 0);
  const { pitches, onsets } = voicesOfSymbols(
    Uint8Array.of(...held, ...held),
    { ...format, names: ["one"] },
    2,
  );
  assert.deepEqual([Array.from(pitches), Array.from(onsets)], [[61, 61], [1, 0]]);
});

Deno.test("symbols are drawn by the numbers that a place is given, the same each time", () => {
  const uniforms = [0.71, 0.1, 0.1, 0.71];
  const writer = new VoiceWriter(VOICES, FREE, (at) => uniforms[at]!);
  const shares = Float32Array.from(SHARES);
  // Two steps of two voices.
  assert.deepEqual(uniforms.map(() => writer.write(shares)), [2, 0, 0, 2]);
});
