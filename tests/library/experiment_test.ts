import assert from "node:assert/strict";
import { experiment, type ExperimentEvent, UserError } from "../../pipeline/mod.ts";
import { decodeNpy } from "../../pipeline/formats/npy.ts";
import { temporaryFolder } from "../store/temporary.ts";

const SPEC = {
  name: "program",
  dataset: { name: "mnist", split: { train: { count: 200 }, test: { count: 50 } } },
  model: { architecture: "dense", latentSize: 2, encoder: { units: [8] }, decoder: { units: [8] } },
  training: { epochs: 2, batchSize: 50 },
  evaluation: { importanceSamples: 2, importanceExamples: 1, probe: false },
  figures: { show: ["learning-curves"] },
};

Deno.test("a program runs a spec that it built, reads its results and works with the trained model", async () => {
  await using folder = await temporaryFolder();
  const options = { root: folder.path, engine: "portable" };
  const built = await experiment(SPEC, options);
  assert.equal(built.name, "program");
  const events: ExperimentEvent[] = [];
  const results = await built.run({ onEvent: (event) => events.push(event) });
  const of = (type: string) => events.filter((event) => event.type === type).map(({ stage }) => stage);
  assert.deepEqual(of("finished"), ["download", "preprocess", "train", "evaluate", "render", "report"]);
  assert(
    events.some(({ type, fraction, text }) =>
      type === "progress" && fraction! > 0 && text!.includes("epoch")
    ),
  );
  assert.equal(results.report, `${folder.path}/reports/program/index.html`);
  assert((await Deno.readTextFile(results.report)).includes("program"));

  assert.deepEqual(results.curves.map(({ epoch }) => epoch), [0, 1, 2]);
  const rows = await results.table("train/metrics.csv");
  assert.equal(Number(rows[2]!.test_loss), results.curves[2]!.test!.loss);
  const posterior = await results.array("evaluate/posterior.npy");
  assert.deepEqual(posterior.shape, [50, 2, 2]);
  assert.deepEqual(decodeNpy(await results.bytes("evaluate/posterior.npy")), posterior);
  await assert.rejects(() => results.bytes("evaluate/posterior.np"), (error: UserError) => {
    assert.match(error.message, /no stage wrote it/);
    assert.deepEqual(error.notes[0], "Did you mean evaluate/posterior.npy?");
    return true;
  });

  using model = await results.open();
  assert.deepEqual([model.shape, model.latentSize], [[28, 28], 2]);
  const test = await results.array("preprocess/test.npy");
  const means = model.encode(Float32Array.from(test.data as Uint8Array, (level) => level / 255));
  const wanted = (posterior.data as Float32Array).filter((_, i) => i % 4 < 2);
  means.forEach((mean, i) => assert(Math.abs(mean - wanted[i]!) < 1e-4, `${mean} and ${wanted[i]}`));
  assert.equal(model.decode(new Float32Array(6)).length, 3 * 784);
  assert.deepEqual(model.sample(2, 7), model.sample(2, 7));
  assert.notDeepEqual(model.sample(2, 7), model.sample(2, 8));
  assert.throws(() => model.encode(new Float32Array(785)), {
    message: /785 values for examples: each has 784/,
  });
  assert.throws(() => model.decode(new Float32Array(3)), { message: /3 values for codes: each has 2/ });
  assert.throws(() => model.sample(NaN), { message: /Cannot draw NaN samples/ });

  const again = await experiment(SPEC, options);
  const told: string[] = [];
  await again.run({ onEvent: ({ type }) => told.push(type) });
  assert.deepEqual(told, Array(6).fill("cached"));

  // Where data come from is in no key: what is cached would not look.
  const source = { type: "folder", path: "nowhere" };
  const gone = await experiment({ ...SPEC, dataset: { ...SPEC.dataset, source } }, options);
  await assert.rejects(
    () => gone.run(),
    /dataset\.source\.path: Cannot take MNIST from the folder .*nowhere: there is no such folder/,
  );
});

Deno.test("a mistake in a program's spec is told with its path, and an unknown engine with those that there are", async () => {
  const wrong = { ...SPEC, training: { epochs: 0 } };
  await assert.rejects(() => experiment(wrong), /training\.epochs must be a whole number of at least 1/);
  await assert.rejects(
    () => experiment(SPEC, { set: { "model.latentSize": "two" } }),
    /--set model\.latentSize="two": it must be|must be a whole number/,
  );
  await assert.rejects(() => experiment(SPEC, { engine: "abacus" }), /There is no engine abacus/);
});
