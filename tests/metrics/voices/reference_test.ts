import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { randomStream } from "../../../pipeline/base/random.ts";
import { REST, type Voices } from "../../../pipeline/formats/voices.ts";
import { estimateKey, pitchClassDurations } from "../../../pipeline/metrics/keys.ts";
import { countVoices } from "../../../pipeline/metrics/voices/statistics.ts";
import { choralesByVoice } from "../../support/chorales.ts";
import { hasPython, python } from "../../support/python.ts";

interface Described {
  readonly key: [tonic: number, mode: string];
  readonly consonant: number;
  readonly tertian: number;
  readonly sounding: number;
  readonly fifths: number;
  readonly octaves: number;
}

function described(voices: Voices): Described {
  const { ratios: { consonant, tertian, parallelFifths, parallelOctaves } } = countVoices(voices, []);
  const { tonic, mode } = estimateKey(pitchClassDurations(voices));
  return {
    key: [tonic, mode],
    consonant: consonant[0],
    tertian: tertian[0],
    sounding: consonant[1],
    fifths: parallelFifths[0],
    octaves: parallelOctaves[0],
  };
}

function byMusic21(pieces: readonly Voices[]): Described[] {
  const file = Deno.makeTempFileSync({ suffix: ".json" });
  try {
    const steps = pieces.map(({ steps, voices, pitches }) =>
      Array.from({ length: steps }, (_, step) => [...pitches.subarray(step * voices, (step + 1) * voices)])
    );
    Deno.writeTextFileSync(file, JSON.stringify(steps));
    const script = fileURLToPath(new URL("./reference.py", import.meta.url));
    const { success, stdout, stderr } = python([script, file]);
    assert.ok(success, new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout)) as Described[];
  } finally {
    Deno.removeSync(file);
  }
}

/** Voices that wander by thirds, fifths and seconds in the white keys, and rest now and then. */
function wandering(seed: number): Voices {
  const stream = randomStream(seed, "wandering"), [steps, voices] = [64, 4];
  const pitches = new Int16Array(steps * voices), scale = [0, 2, 4, 5, 7, 9, 11];
  const degrees = [30, 26, 23, 19];
  for (let step = 0; step < steps; step++) {
    for (let voice = 0; voice < voices; voice++) {
      if (stream.uniform() < 0.6) degrees[voice]! += [-4, -2, -1, 1, 2, 4][stream.integer(6)]!;
      const degree = Math.max(14, Math.min(40, degrees[voice]!));
      pitches[step * voices + voice] = stream.uniform() < 0.05
        ? REST
        : 12 + 12 * Math.floor(degree / 7) + scale[degree % 7]!;
    }
  }
  return { steps, voices, pitches, onsets: new Uint8Array(steps * voices) };
}

const HAS_MUSIC21 = hasPython("music21");
const CHORALES = choralesByVoice("test");

Deno.test({
  name: "music21 finds the same chords, parallels and keys in voices that wander about",
  ignore: !HAS_MUSIC21,
  fn() {
    const pieces = Array.from({ length: 12 }, (_, i) => wandering(i));
    const ours = pieces.map(described);
    assert.ok(ours.some(({ fifths }) => fifths > 0) && ours.some(({ octaves }) => octaves > 0));
    assert.deepEqual(ours, byMusic21(pieces));
  },
});

Deno.test({
  name: `music21 finds the same chords, parallels and keys in chorales of Bach${
    CHORALES ? "" : " (ignored: they are not beside this checkout)"
  }`,
  ignore: !HAS_MUSIC21 || !CHORALES,
  fn() {
    const pieces = CHORALES!.slice(0, 20);
    assert.deepEqual(pieces.map(described), byMusic21(pieces));
  },
});
