import assert from "node:assert/strict";
import { parseExperiment } from "../../pipeline/spec/load.ts";
import type { ImageDataset } from "../../pipeline/kinds/images/schema.ts";
import type { Experiment } from "../../pipeline/spec/experiment.ts";
import type { DenseModel } from "../../pipeline/vae/architectures/dense/schema.ts";
import type { LstmModel } from "../../pipeline/vae/architectures/lstm/schema.ts";
import { DENSE, edit, messageOf } from "./helpers.ts";

const denseOf = ({ model }: Experiment) => model as DenseModel;
const load = (...overrides: string[]) => parseExperiment(DENSE, "s.json", overrides);

Deno.test("--set replaces values, reads JSON, and takes anything else as text", () => {
  const { spec } = load(
    "training.epochs=7",
    "model.encoder.units=[64, 32]",
    "title=A title = with an equals sign",
    "description=",
    "evaluation.probe=false",
    'kl={"schedule": "constant", "weight": 2}',
    "training.epochs=8",
  );
  assert.equal(spec.training.epochs, 8, "the last one counts");
  assert.deepEqual(denseOf(spec).encoder, { units: [64, 32], activation: "relu" });
  assert.equal(spec.title, "A title = with an equals sign");
  assert.equal(spec.description, "");
  assert.equal(spec.evaluation.probe, false);
  assert.deepEqual(spec.kl, { schedule: "constant", weight: 2, freeBits: 0 });
});

Deno.test("--set reaches list positions, in brackets or as a number between dots", () => {
  for (const path of ["model.encoder.units[0]", "model.encoder.units.0"]) {
    assert.deepEqual(denseOf(load(`${path}=5`).spec).encoder, { units: [5], activation: "relu" });
  }
});

Deno.test("--set fills objects that the file leaves out with what they are by default", () => {
  const { spec } = load("training.learningRate.rate=0.01", "training.optimiser.beta1=0.5");
  assert.deepEqual(spec.training.learningRate, { schedule: "constant", rate: 0.01 });
  assert.equal(spec.training.optimiser.name, "adam");
});

Deno.test("--set of another variant drops what only the former one knows and keeps the rest", () => {
  const text = edit(DENSE, `"end": 1`, `"end": 1, "freeBits": 0.25`);
  const { spec } = parseExperiment(text, "s.json", ["kl.schedule=constant"]);
  assert.deepEqual(spec.kl, { schedule: "constant", weight: 1, freeBits: 0.25 });
  assert.deepEqual(load("kl.schedule=cosine").spec.kl, {
    schedule: "cosine",
    startWeight: 0,
    endWeight: 1,
    start: 0,
    end: 1,
    unit: "epoch",
    freeBits: 0,
  });
  const dataset = load("dataset.split.train.perClass=100").spec.dataset as ImageDataset;
  assert.deepEqual(dataset.split.train, { perClass: 100, offset: 0 });
});

Deno.test("--set of another variant works in any order with the values that it needs", () => {
  const sets = ["model.architecture=lstm", "model.encoder.units=64", "model.decoder.units=32"];
  for (const overrides of [sets, sets.toReversed()]) {
    const model = load(...overrides).spec.model as LstmModel;
    assert.deepEqual(model.encoder, { units: 64, layers: 1, direction: "forward" });
    assert.deepEqual(model.decoder, { units: 32, layers: 1 });
    assert.equal(model.latentSize, 2);
  }
});

Deno.test("--set of another variant says what is missing, at the --set", () => {
  assert.equal(
    messageOf(DENSE, "model.architecture=lstm"),
    `--set model.architecture=lstm: model.encoder.units is missing: it must be a whole number of at least 1
  Width of each layer, in each direction.
--set model.architecture=lstm: model.decoder.units is missing: it must be a whole number of at least 1
  Width of each layer.`,
  );
});

Deno.test("--set of another variant does not hide a slip that was in the file before", () => {
  assert.match(
    messageOf(edit(DENSE, `"end": 1`, `"ennd": 1`), "kl.schedule=constant"),
    /^s\.json:16:33: "ennd" is not a key of kl with schedule "constant"/,
  );
});

const MISTAKES: [override: string, message: string][] = [
  [
    "training.epochs=x",
    `--set training.epochs=x: training.epochs must be a whole number of at least 1: it is "x"`,
  ],
  [
    "training.epcohs=3",
    `--set training.epcohs=3: "epcohs" is not a key of training
  Did you mean "epochs"?
  Allowed: "epochs", "batchSize", "optimiser", "learningRate", "weightDecay", "gradientClipNorm", "earlyStopping", "inputNoise", "latentSnapshots", "manifoldSnapshots".`,
  ],
  [
    "trainign.epochs=3",
    `--set trainign.epochs=3: "trainign" is not a key of the spec
  Did you mean "training"?
  Allowed: "$schema", "name", "title", "description", "seed", "dataset", "model", "objective", "kl", "training", "evaluation", "generation", "figures".`,
  ],
  [
    "kl.cycles=2",
    `--set kl.cycles=2: "cycles" is not a key of kl with schedule "linear"
  It goes with schedule "cyclical".
  Allowed: "schedule", "startWeight", "endWeight", "start", "end", "unit", "freeBits".`,
  ],
  [
    "training.batchSize=5000",
    `--set training.batchSize=5000: The training part has 2000 examples, fewer than training.batchSize, 5000
  Allowed: a batch size of 1 to 2000.`,
  ],
  [
    "training.earlyStopping.minimumImprovement=1",
    `--set training.earlyStopping.minimumImprovement=1: training.earlyStopping.patience is missing: it must be a whole number of at least 1
  Epochs without improvement before stopping.`,
  ],
  [
    "model.encoder.units[1]=3",
    `--set model.encoder.units[1]=3: model.encoder.units is a list of 1, which has no position 1
  Allowed: model.encoder.units[0], or the whole list: model.encoder.units=[...].`,
  ],
  [
    "name.x=1",
    `--set name.x=1: name is "small", which has no keys
  Next: set name.`,
  ],
  [
    "training.latentSnapshots=[0,,1]",
    `--set training.latentSnapshots=[0,,1]: Invalid JSON: unexpected ','`,
  ],
  ["epochs", `--set epochs: a value is missing\n  Write it as --set training.epochs=2.`],
  [
    "=3",
    `--set =3: the path cannot be read\n  Keys are joined by dots: --set model.encoder.units[0]=256.`,
  ],
];

for (const [override, message] of MISTAKES) {
  Deno.test(`--set ${override} is refused`, () => assert.equal(messageOf(DENSE, override), message));
}

Deno.test("--set cannot reach an object's prototype", () => {
  for (
    const override of [
      "__proto__.polluted=1",
      "training.__proto__.polluted=1",
      "constructor.prototype.polluted=1",
    ]
  ) {
    assert.match(messageOf(DENSE, override), /is not a key of/);
  }
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

Deno.test("50,000 values that are set are each read once: the last holds, and a wrong one among them is found", () => {
  const many = Array.from({ length: 50_000 }, (_, i) => `training.epochs=${i + 1}`);
  assert.equal(load(...many).spec.training.epochs, 50_000);
  assert.match(messageOf(DENSE, ...many.with(31_000, "training.epoch=3")), /training\.epoch\b/);
});
