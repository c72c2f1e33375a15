import assert from "node:assert/strict";
import { listening, weaknesses } from "../../../pipeline/report/paper/music.ts";
import type { PaperResult } from "../../../pipeline/report/paper/read.ts";

/** A finished run whose samples have so many pitches at once, where training windows have 2.5. */
function result(meanPolyphony: number): PaperResult {
  const losses = { loss: 800 };
  const music = {
    split: { method: "windows", mean: 0.93 },
    reconstruction: { onsets: { f1: 0.5 } },
    statistics: { train: { meanPolyphony: 2.5 }, samples: { meanPolyphony } },
  };
  return {
    spec: { name: "music", generation: { threshold: 0.2 } },
    metrics: { test: losses, train: losses, music },
    learningRate: "constant, 0.001",
    figures: [],
  } as unknown as PaperResult;
}

Deno.test("samples with less than half of the notes of the music are said to be sparse, with the threshold", () => {
  const words = String(listening(result(0.31)));
  assert.match(
    words,
    /little to hear: prior samples have 0\.31 pitches at once, where training windows have 2\.50/,
  );
  assert.match(words, /paper's threshold of 0\.2/);
  assert.doesNotMatch(String(listening(result(1.3))), /little to hear/);
});

Deno.test("the page says that nothing was held out to choose its schedules by", () => {
  const words = String(weaknesses(result(1), result(1), result(1)));
  assert.match(words, /no test loss on this page is that\s+of a model that was chosen without it/);
});
