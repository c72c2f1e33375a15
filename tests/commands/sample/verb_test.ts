import assert from "node:assert/strict";
import { join } from "node:path";
import { here } from "../here.ts";
import { reparam } from "../reparam.ts";

const SPEC = {
  name: "tiny",
  dataset: { name: "mnist", split: { train: { count: 100 }, test: { count: 20 } } },
  model: { architecture: "dense", latentSize: 2, encoder: { units: [8] }, decoder: { units: [8] } },
  training: { epochs: 1, batchSize: 50 },
  evaluation: { importanceSamples: 5, importanceExamples: 2, probe: false },
  figures: { show: ["learning-curves"], scatterPoints: 20, reconstructions: 2 },
};

Deno.test("sample makes pictures from a trained model, and says what to do where it is not trained", async () => {
  const folder = await Deno.makeTempDir({ prefix: "reparam-test-" });
  try {
    const spec = join(folder, "tiny.json");
    await Deno.writeTextFile(spec, JSON.stringify(SPEC));
    const store = ["--artifacts", join(folder, "artifacts")];
    const samples = (...args: string[]) =>
      here(["sample", spec, ...store, "--out", join(folder, "samples"), ...args]);

    const early = await samples();
    assert.equal(early.code, 1);
    assert.match(early.stderr, /Cannot sample from tiny: it is not trained as the spec says/);
    assert.ok(early.stderr.includes(`Next: deno task run ${spec}`), early.stderr);

    const ran = await reparam(["run", spec, ...store, "--reports", join(folder, "reports")]);
    assert.equal(ran.code, 0, ran.stderr);
    const made = await samples("--count", "3", "--class", "7", "--seed", "5");
    assert.equal(made.code, 0, made.stderr);
    const names = Array.from(Deno.readDirSync(join(folder, "samples")), ({ name }) => name).sort();
    assert.deepEqual(names, ["7-seed-5-1.png", "7-seed-5-2.png", "7-seed-5-3.png"]);

    const wrong = await samples("--class", "seven");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /there is no such class\n.*The classes are 0, 1, 2/s);
    assert.equal((await samples("--count", "0")).code, 2);
    const melody = await samples("--melody", join(folder, "none.mid"));
    assert.equal(melody.code, 2);
    assert.match(melody.stderr, /Cannot read the melody .*none\.mid: there is no such file/);
    assert.equal((await samples("--set", "training.epochs=2")).code, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
