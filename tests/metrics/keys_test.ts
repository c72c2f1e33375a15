import assert from "node:assert/strict";
import { estimateKey } from "../../pipeline/metrics/keys.ts";

Deno.test("a scale's key is found in its durations, wherever it begins", () => {
  const major = [4, 0, 2, 0, 3, 2, 0, 4, 0, 2, 0, 1];
  for (let tonic = 0; tonic < 12; tonic++) {
    const durations = major.map((_, i) => major[(i - tonic + 12) % 12]!);
    assert.deepEqual(estimateKey(durations), { tonic, mode: "major" });
  }
  assert.deepEqual(estimateKey([4, 0, 2, 3, 0, 2, 0, 4, 2, 0, 0, 1]), { tonic: 0, mode: "minor" });
  assert.deepEqual(estimateKey(new Float64Array(12)), { tonic: 0, mode: "major" });
});
