import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import { encodeNpy } from "../../../pipeline/formats/npy.ts";
import type { PaperRun } from "../../../pipeline/report/paper/parts.ts";
import { type PaperResult, readSeparation, studyOf } from "../../../pipeline/report/paper/read.ts";

Deno.test("separation is told from the first and the last snapshot of the codes, by the labels of the test part", async () => {
  // Codes without order before training, far apart by class after it; every third test example was kept.
  const examples = Array.from({ length: 80 }, (_, i) => 3 * i);
  const labels = Uint8Array.from({ length: 240 }, (_, i) => Math.floor(i / 7) % 4);
  const noise = randomStream(1, "codes").fillNormal(new Float32Array(2 * 80 * 2));
  const data = noise.map((value, at) =>
    at < 160 ? value : value / 10 + 5 * labels[examples[(at - 160) >> 1]!]!
  );
  const files: Record<string, Uint8Array> = {
    "train/latents.json": new TextEncoder().encode(JSON.stringify({ epochs: [0, 9], examples })),
    "train/latents.npy": encodeNpy({ shape: [2, 80, 2], data }),
    "preprocess/test_labels.npy": encodeNpy({ shape: [240], data: labels }),
  };
  const run = {
    outcome: { read: (name: string) => Promise.resolve(files[name]) },
    spec: { name: "run" },
  } as unknown as PaperRun;
  const { before, after, examples: judged } = await readSeparation(run);
  assert.deepEqual([after, judged], [1, 40]);
  assert(before < 0.6, `${before}`);
});

Deno.test("a study that a run did not measure is an error that names it and the next step", () => {
  const result = {
    metrics: { studies: { completion: 1 } },
    spec: { name: "digits" },
  } as unknown as PaperResult;
  assert.equal(studyOf(result, "completion"), 1);
  assert.throws(
    () => studyOf(result, "few-labels"),
    /results of digits: nothing was measured for .*few-labels/,
  );
});
