import assert from "node:assert/strict";
import { estimateKey, keyName, MODES } from "../../pipeline/metrics/keys.ts";

/** How long the degrees of a key sound in a cadence I IV I V I of quarter notes, the tonic doubled. */
const CADENCES = {
  major: { 0: 3 + 3 + 1, 4: 3, 7: 3 + 1, 5: 1, 9: 1, 11: 1, 2: 1 },
  minor: { 0: 3 + 3 + 1, 3: 3, 7: 3 + 1, 5: 1, 8: 1, 11: 1, 2: 1 },
} as const;

Deno.test("a cadence is found to be in its key, in each of the twenty-four", () => {
  for (const mode of MODES) {
    for (let tonic = 0; tonic < 12; tonic++) {
      const durations = new Float64Array(12);
      for (const [degree, quarters] of Object.entries(CADENCES[mode])) {
        durations[(tonic + Number(degree)) % 12] = quarters;
      }
      assert.deepEqual(estimateKey(durations), { tonic, mode });
    }
  }
});

Deno.test("a listener's own profile is in the key that it was rated for, as Krumhansl and Kessler have it", () => {
  // The probe tone ratings of C major, but those of the degrees that no scale has left out.
  const diatonic = [6.35, 0, 3.48, 0, 4.38, 4.09, 0, 5.19, 0, 3.66, 0, 2.88];
  assert.equal(keyName(estimateKey(diatonic)), "C major");
  const natural = [6.33, 0, 3.52, 5.38, 0, 3.53, 0, 4.75, 3.98, 0, 3.34, 0];
  assert.equal(keyName(estimateKey(natural)), "C minor");
});

Deno.test("silence is in some key all the same, and keys have the names that musicians give them", () => {
  assert.equal(keyName(estimateKey(new Float64Array(12))), "C major");
  const names = MODES.map((mode) => [1, 6, 8, 10].map((tonic) => keyName({ tonic, mode })));
  assert.deepEqual(names, [["D♭ major", "F♯ major", "A♭ major", "B♭ major"], [
    "C♯ minor",
    "F♯ minor",
    "G♯ minor",
    "B♭ minor",
  ]]);
});
