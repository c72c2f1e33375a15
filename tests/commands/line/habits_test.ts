import assert from "node:assert/strict";
import { looksLikeSetting, settingInOption, settingInWords } from "../../../pipeline/commands/line/habits.ts";

Deno.test("an override as Hydra takes it is known by its form, a file is not", () => {
  for (const setting of ["training.epochs=1", "+seed=3", "model.encoder.units[0]=64", "kl={}"]) {
    assert(looksLikeSetting(setting), setting);
  }
  for (const file of ["experiments/quick.json", "a=b.json", "../seed=3", "=3", "quick"]) {
    assert(!looksLikeSetting(file), file);
  }
});

Deno.test("one value goes to --set, several to a sweep", () => {
  assert.deepEqual(settingInWords("+training.epochs=1"), [
    "A value of the spec is overridden by --set: --set training.epochs=1",
  ]);
  assert.deepEqual(settingInWords("seed=1,2,3"), [
    'Several values are tried by a sweep, in a file of its own: "matrix": { "seed": [1,2,3] }',
    "Then: deno task sweep FILE",
  ]);
  assert.match(
    settingInWords("training.latentSnapshots=[0,1]")[0]!,
    /--set training\.latentSnapshots=\[0,1\]$/,
  );
});

Deno.test("an option that is a key of the spec is answered with --set and the key's whole path", async () => {
  assert.deepEqual(await settingInOption("epochs", "3"), ["Did you mean --set training.epochs=3?"]);
  assert.deepEqual(await settingInOption("batch_size", "64"), ["Did you mean --set training.batchSize=64?"]);
  assert.deepEqual(await settingInOption("latent-size"), ["Did you mean --set model.latentSize=...?"]);
  assert.deepEqual(await settingInOption("training.epochs", "3"), ["Did you mean --set training.epochs=3?"]);
  assert.deepEqual(await settingInOption("epoch", "3"), ["Did you mean --set training.epochs=3?"]);
  assert(
    (await settingInOption("learning-rate", "1e-3")).some((hint) => hint.includes("learningRate.rate=1e-3")),
  );
  assert.deepEqual(await settingInOption("flavour"), []);
});
