import assert from "node:assert/strict";
import { DATA } from "../../pipeline/datasets/datasets.ts";
import { KL_SCHEDULES } from "../../pipeline/vae/kl_schedules/kl_schedules.ts";
import { CONV, DENSE, edit, messageOf } from "./helpers.ts";

const namesOf = (table: object) => Object.keys(table).map((name) => `"${name}"`).join(", ");

/** Each mistake of the file alone, and everything that the user reads. */
const MISTAKES: [name: string, text: string, message: string][] = [
  [
    "an unknown key",
    edit(DENSE, `"epochs"`, `"epcohs"`),
    `s.json:18:5: "epcohs" is not a key of training
  Did you mean "epochs"?
  Allowed: "epochs", "batchSize", "optimiser", "learningRate", "weightDecay", "gradientClipNorm", "earlyStopping", "inputNoise", "latentSnapshots", "manifoldSnapshots".`,
  ],
  [
    "a key in the wrong place",
    edit(DENSE, `"name": "small",`, `"name": "small", "epochs": 3,`),
    `s.json:2:20: "epochs" is not a key of the spec
  Did you mean training.epochs?
  Allowed: "$schema", "name", "title", "description", "seed", "dataset", "model", "objective", "kl", "training", "evaluation", "generation", "figures".`,
  ],
  [
    "a misspelt required key, told once",
    edit(DENSE, `"latentSize"`, `"latentsize"`),
    `s.json:12:5: "latentsize" is not a key of model with architecture "dense"
  Did you mean "latentSize"?
  Allowed: "architecture", "latentSize", "likelihood", "prior", "conditional", "initialisation", "encoder", "decoder".`,
  ],
  [
    "a key of another variant",
    edit(DENSE, `"batchSize": 50`, `"optimiser": { "name": "adam", "momentum": 0.9 }`),
    `s.json:19:36: "momentum" is not a key of training.optimiser with name "adam"
  It goes with name "sgd".
  Allowed: "name", "beta1", "beta2", "epsilon".`,
  ],
  [
    "a wrong type",
    edit(DENSE, `"epochs": 3`, `"epochs": "three"`),
    `s.json:18:15: training.epochs must be a whole number of at least 1: it is "three"`,
  ],
  [
    "a number out of range",
    edit(DENSE, `"epochs": 3`, `"epochs": 2.5`),
    `s.json:18:15: training.epochs must be a whole number of at least 1: it is 2.5`,
  ],
  [
    "an unknown name",
    edit(DENSE, `"tanh"`, `"than"`),
    `s.json:14:48: model.decoder.activation must be one of "relu", "tanh", "sigmoid", "elu", "softplus", "linear": it is "than"
  Did you mean "tanh"?`,
  ],
  [
    "a conditional model with a prior that is told no class",
    edit(DENSE, `"latentSize": 2`, `"latentSize": 2, "conditional": true, "prior": { "name": "vamp" }`),
    `s.json:12:52: model.prior: A conditional model has the prior N(0, I): VampPrior, 500 components is told no class
  Next: leave model.prior or model.conditional out.`,
  ],
  [
    "a likelihood of levels for values that are 0 or 1",
    edit(DENSE, `"latentSize": 2`, `"latentSize": 2, "likelihood": { "family": "discretised-logistic" }`)
      .replace(`"name": "mnist"`, `"name": "mnist", "binarisation": "static"`),
    `s.json:12:48: model.likelihood.family: A likelihood of the levels of 8 bits is not for these examples: MNIST has none
  Next: leave dataset.binarisation out, or take the family "bernoulli".`,
  ],
  [
    "an unknown variant",
    edit(DENSE, `"linear"`, `"linaer"`),
    `s.json:16:23: kl.schedule must be one of ${namesOf(KL_SCHEDULES)}: it is "linaer"
  Did you mean "linear"?`,
  ],
  [
    "a name in the place of an object",
    edit(DENSE, `"batchSize": 50`, `"optimiser": "adam"`),
    `s.json:19:18: training.optimiser must be an object with "name": it is "adam"
  Next: { "name": "adam" }.`,
  ],
  [
    "a missing key",
    edit(DENSE, `"latentSize": 2,`, ""),
    `s.json:10:12: model.latentSize is missing: it must be a whole number of at least 1
  Dimensions of z.`,
  ],
  [
    "a name that is no folder's name",
    edit(DENSE, `"small"`, `"../Small"`),
    `s.json:2:11: name must be a plain name: it is "../Small"
  Names the report's folder: at most 64 lower-case letters, digits and hyphens, the first no hyphen.`,
  ],
  [
    "several mistakes, in the order of the file",
    edit(edit(DENSE, `"epochs": 3`, `"epochs": 0`), `"mnist"`, `"minst"`),
    `s.json:4:13: dataset.name must be one of ${namesOf(DATA)}: it is "minst"
  Did you mean "mnist"?
s.json:18:15: training.epochs must be a whole number of at least 1: it is 0`,
  ],
  [
    "count and perClass of one part",
    edit(DENSE, `"count": 2000`, `"count": 2000, "perClass": 3`),
    `s.json:6:16: dataset.split.train has "count" and "perClass": one of them is allowed`,
  ],
  [
    "count and perClass of one file",
    edit(DENSE, `"test": {`, `"validation": { "perClass": 10 }, "test": {`),
    `s.json:7:21: dataset.split.validation: The training part is given by "count" and the validation part by "perClass", both of the training file, so they could overlap
  Next: give both by "count" or both by "perClass".`,
  ],
  [
    "overlapping parts",
    edit(DENSE, `"test": {`, `"validation": { "count": 10, "offset": 1999 }, "test": {`),
    `s.json:7:21: dataset.split.validation: The training and validation parts overlap: training has examples 0 to 1999, validation examples 1999 to 2008
  Next: "offset": 2000 for the validation part, or leave its offset out.`,
  ],
  [
    "more examples than there are",
    edit(DENSE, `"count": 500`, `"count": 500, "offset": 9501`),
    `s.json:7:26: dataset.split.test.count asks for 500 examples from 9501 on: the test file has 10000
  Allowed: 0 to 499.`,
  ],
  [
    "more examples of a class than there are",
    edit(DENSE, `"count": 2000`, `"perClass": 5422`),
    `s.json:6:30: dataset.split.train.perClass asks for 5422 examples of each class: the training file has 5421 of class 5, its smallest
  Allowed: 0 to 5421.`,
  ],
  [
    "a batch larger than the training part",
    edit(DENSE, `"batchSize": 50`, `"batchSize": 2001`),
    `s.json:19:18: The training part has 2000 examples, fewer than training.batchSize, 2001
  Allowed: a batch size of 1 to 2000.`,
  ],
  [
    "early stopping on nothing",
    edit(DENSE, `"batchSize": 50`, `"earlyStopping": { "patience": 2 }`),
    `s.json:19:22: training.earlyStopping: Early stopping needs a validation part, and there is none
  Next: "validation": { "count": 5000 } in dataset.split.`,
  ],
  [
    "a KL schedule that ends before it starts",
    edit(DENSE, `"end": 1`, `"start": 2, "end": 1`),
    `s.json:16:52: kl.end: The KL schedule ends before it starts: it starts at epoch 2 and ends at 1
  Allowed: an end of at least 2.`,
  ],
  [
    "learning-rate changes out of order",
    edit(
      DENSE,
      `"batchSize": 50`,
      `"learningRate": { "schedule": "piecewise", "changes": [{ "epoch": 3, "rate": 1e-4 }, { "epoch": 2, "rate": 1e-5 }] }`,
    ),
    `s.json:19:101: training.learningRate.changes[1].epoch: The learning rate's changes are out of order: epoch 2 comes after epoch 3
  Allowed: each epoch once, in rising order.`,
  ],
  [
    "a class that does not exist",
    edit(
      DENSE,
      `"batchSize": 50\n  }`,
      `"batchSize": 50\n  },\n  "figures": { "interpolation": { "to": 10 } }`,
    ),
    `s.json:21:41: figures.interpolation.to: There is no class 10 to interpolate to
  Allowed: 0 to 9.`,
  ],
  [
    "a snapshot after the last epoch",
    edit(DENSE, `"batchSize": 50`, `"latentSnapshots": [0, 4]`),
    `s.json:19:28: training.latentSnapshots[1]: There is no epoch 4 to take a latent snapshot at: the training has 3
  Allowed: epochs 0 to 3, each once, in rising order.`,
  ],
  [
    "a kernel larger than what it reads",
    edit(CONV, `"kernel": 4, "stride": 2`, `"kernel": 29, "stride": 2, "padding": "valid"`),
    `s.json:9:36: model.encoder.conv[0].kernel: The kernel does not fit: it is 29 x 29, and what it reads is 28 x 28
  Allowed: a kernel of 1 to 28, or "padding": "same".`,
  ],
  [
    "a stride that leaves pixels over",
    edit(CONV, `"kernel": 4, "stride": 2`, `"kernel": 3, "stride": 2, "padding": "valid"`),
    `s.json:9:49: model.encoder.conv[0].stride: The stride does not fit: steps of 2 with a kernel of 3 leave 1 of 28 pixels at the border unread
  Next: "padding": "same", or a kernel of 4, or a stride that divides 28 - 3 = 25.`,
  ],
  [
    "a stride longer than the kernel",
    edit(CONV, `"stride": 2`, `"stride": 5`),
    `s.json:9:49: model.encoder.conv[0].stride: The stride does not fit: it is 5, longer than the kernel of 4, so pixels in between are passed over
  Allowed: a stride of 1 to 4, or a larger kernel.`,
  ],
  [
    "a decoder that ends in another size",
    edit(CONV, `[7, 7, 64]`, `[8, 8, 64]`),
    `s.json:14:18: model.decoder.reshape: The decoder makes 32 x 32 pixels: an image has 28 x 28
  Layer by layer: 8 x 8 x 64 -> 16 x 16 x 32 -> 32 x 32 x 1.
  With these layers, "reshape" must be [7, 7, channels].`,
  ],
  [
    "a decoder that can never end in the image's size",
    edit(CONV, `"filters": 1, "kernel": 4, "stride": 2`, `"filters": 1, "kernel": 4, "stride": 3`),
    `s.json:14:18: model.decoder.reshape: The decoder makes 42 x 42 pixels: an image has 28 x 28
  Layer by layer: 7 x 7 x 64 -> 14 x 14 x 32 -> 42 x 42 x 1.
  No "reshape" leads to 28 x 28 with these layers: change a stride or a kernel. "same" multiplies the side by the stride; "valid" makes (side - 1) x stride + kernel.`,
  ],
  [
    "a decoder with the wrong channels",
    edit(CONV, `"filters": 1,`, `"filters": 3,`),
    `s.json:17:22: model.decoder.conv[1].filters: The last layer must have as many filters as an image has channels, 1: it has 3`,
  ],
  [
    "more parameters than memory",
    edit(DENSE, `[128]`, `[1000000000]`),
    `s.json:10:12: model would learn 789,000,101,524 parameters: at most 67,108,864 are possible
  Most of them are in encoder/dense1: 785,000,000,000.`,
  ],
  [
    "a comma too many",
    edit(DENSE, `"batchSize": 50`, `"batchSize": 50,`),
    `s.json:20:3: Invalid JSON: unexpected '}'
  Remove the comma before it.`,
  ],
  [
    "a text that ends too early",
    DENSE.slice(0, -2),
    `s.json:20:4: Invalid JSON: the text ends too early
  A closing quote, "]" or "}" is missing.`,
  ],
  [
    "a whole number that is too large",
    edit(DENSE, `"epochs": 3`, `"epochs": 9007199254740992`),
    `s.json:18:15: training.epochs must be a whole number of at least 1: it is 9007199254740992
  The largest is 9007199254740991.`,
  ],
  [
    "a whole number that is too large for two reasons, told once",
    edit(DENSE, `"name": "small",`, `"name": "small", "seed": 1e300,`),
    `s.json:2:28: seed must be a whole number from 0 to 4294967295: it is 1e+300
  Every random number of the experiment follows from it.`,
  ],
  [
    "a duplicate key",
    edit(DENSE, `"epochs": 3,`, `"epochs": 3, "epochs": 4,`),
    `s.json:18:18: "epochs" stands here a second time
  The first is at 18:5: keep one of the two.`,
  ],
];

for (const [name, text, message] of MISTAKES) {
  Deno.test(`a spec with ${name} is refused with its place`, () => assert.equal(messageOf(text), message));
}

Deno.test("thirty problems are told as ten and a count", () => {
  const keys = Array.from({ length: 30 }, (_, i) => `"zzz${i}": 1`).join(", ");
  const lines = messageOf(edit(DENSE, `"epochs": 3,`, `"epochs": 3, ${keys},`)).split("\n");
  assert.equal(lines.filter((line) => line.startsWith("s.json:")).length, 10);
  assert.equal(lines.at(-1), "... and 20 more");
});
