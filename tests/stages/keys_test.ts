import assert from "node:assert/strict";
import { CodeHasher } from "../../pipeline/graph/code.ts";
import { experimentSchema } from "../../pipeline/spec/experiment.ts";
import { DECLARATIONS, type Settings } from "../../pipeline/stages/declarations.ts";
import type { CodeManifest } from "../../pipeline/store/record.ts";
import { Store } from "../../pipeline/store/store.ts";
import { ROOT } from "../graph/toy_project.ts";
import { temporaryFolder } from "../store/temporary.ts";

const DENSE = { architecture: "dense", latentSize: 2, encoder: { units: [8] }, decoder: { units: [8] } };
const LSTM = { architecture: "lstm", latentSize: 2, encoder: { units: 8 }, decoder: { units: 8 } };
const MNIST = { name: "mnist" };
const PIANO = { name: "piano-genres" };

const NAMES = DECLARATIONS.map(({ name }) => name);

/** The code behind each stage of an experiment, by the stage's name. */
async function codeOf(
  spec: object,
  settings: Settings = { engine: "native", reportFolder: "/reports/small" },
): Promise<Readonly<Record<string, CodeManifest>>> {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  const experiment = experimentSchema.parse({ name: "keys", dataset: MNIST, model: DENSE, ...spec });
  const hasher = new CodeHasher(ROOT, store);
  const entries = DECLARATIONS.map(async ({ name, module, modules }) =>
    [name, (await hasher.code(module, modules?.(experiment, settings))).manifest] as const
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** Stages whose code has a file under a path in it: those that an edit there reruns. */
function stagesWith(code: Readonly<Record<string, CodeManifest>>, path: string): string[] {
  return NAMES.filter((name) => Object.keys(code[name]!.modules).some((file) => file.startsWith(path)));
}

Deno.test("an edit of an architecture reruns the stages of the models that have it, and no others", async () => {
  const [dense, lstm] = [await codeOf({}), await codeOf({ model: LSTM })];
  const path = (name: string) => `pipeline/vae/architectures/${name}/`;
  assert.deepEqual(stagesWith(lstm, path("lstm")), ["train", "evaluate", "render"]);
  assert.deepEqual(stagesWith(dense, path("dense")), ["train", "evaluate", "render"]);
  for (const [code, other] of [[dense, "lstm"], [dense, "conv"], [lstm, "dense"], [lstm, "conv"]] as const) {
    assert.deepEqual(stagesWith(code, path(other)), [], other);
  }
});

Deno.test("an edit of the preparation of music touches no MNIST, and the other way round", async () => {
  const [images, music] = [await codeOf({}), await codeOf({ dataset: PIANO })];
  assert.deepEqual(stagesWith(music, "pipeline/kinds/music/prepare.ts"), ["preprocess"]);
  assert.deepEqual(stagesWith(images, "pipeline/kinds/images/prepare.ts"), ["preprocess"]);
  assert.deepEqual(stagesWith(images, "pipeline/kinds/music/"), []);
  assert.deepEqual(stagesWith(music, "pipeline/kinds/images/"), []);
  assert(!Object.hasOwn(images.preprocess!.packages, "@tonejs/midi"));
});

Deno.test("likelihoods, priors, objectives, schedules, optimisers and engines that a spec does not name are in none of its keys", async () => {
  const code = await codeOf({
    model: { ...DENSE, likelihood: { family: "gaussian" }, prior: { name: "vamp" } },
    objective: { name: "iwae" },
    kl: { schedule: "linear", end: 3 },
    training: { optimiser: { name: "sgd" }, learningRate: { schedule: "cosine" } },
  });
  const used: Readonly<Record<string, readonly string[]>> = {
    "pipeline/vae/likelihoods/gaussian.ts": ["train", "evaluate", "render"],
    "pipeline/vae/priors/vamp.ts": ["train", "evaluate", "render"],
    "pipeline/vae/objectives/iwae.ts": ["train"],
    "pipeline/vae/kl_schedules/linear.ts": ["train"],
    "pipeline/vae/learning_rates/cosine.ts": ["train"],
    "pipeline/engine/update/optimisers/sgd.ts": ["train"],
    "pipeline/engine/native/open.ts": ["train", "evaluate", "render"],
  };
  for (const [file, stages] of Object.entries(used)) assert.deepEqual(stagesWith(code, file), stages, file);
  const unused = [
    "pipeline/vae/likelihoods/bernoulli",
    "pipeline/vae/priors/standard_normal",
    "pipeline/vae/objectives/elbo",
    "pipeline/vae/kl_schedules/cyclical",
    "pipeline/vae/learning_rates/piecewise",
    "pipeline/engine/update/optimisers/adam",
    "pipeline/engine/portable/open.ts",
  ];
  for (const path of unused) assert.deepEqual(stagesWith(code, path), [], path);
});

Deno.test("no stage reaches a table of variants, a spec part, or the library that checks specs", async () => {
  for (const spec of [{}, { dataset: PIANO, model: LSTM }]) {
    const code = await codeOf(spec);
    for (const stage of NAMES) {
      const files = Object.keys(code[stage]!.modules);
      assert.deepEqual(files.filter((file) => /(?:\bspec|_union|\/schema)\.ts$/.test(file)), [], stage);
      assert(!Object.hasOwn(code[stage]!.packages, "zod"), stage);
    }
  }
});

Deno.test("a module of the user's brings of the project what it imports by name, and its files by their role", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  await Deno.mkdir(`${folder.path}/mine/parts`, { recursive: true });
  const write = (name: string, text: string) => Deno.writeTextFile(`${folder.path}/mine/${name}`, text);
  await write(
    "model.ts",
    'import { dense, type Layer } from "reparam";\nexport { part } from "./parts/part.ts";\n',
  );
  await write("parts/part.ts", 'import { bytes as size } from "reparam";\nexport const part = size;\n');
  const hasher = new CodeHasher(ROOT, store);
  const train = new URL("../../pipeline/stages/train.ts", import.meta.url);
  const [{ manifest: alone }, { manifest, places }] = [
    await hasher.code(train),
    await hasher.code(train, { architecture: new URL(`file://${folder.path}/mine/model.ts`) }),
  ];
  const added = Object.keys(manifest.modules).filter((name) => !Object.hasOwn(alone.modules, name));
  assert.deepEqual(added.sort(), ["architecture:model.ts", "architecture:parts/part.ts"]);
  assert.deepEqual(manifest.variants, { architecture: "architecture:model.ts" });
  assert.deepEqual(places, { architecture: `${folder.path}/mine` });
  assert.deepEqual(manifest.passedOn, {
    "pipeline/mod.ts": {
      bytes: { module: "pipeline/base/words.ts", name: "bytes" },
      dense: { module: "pipeline/vae/layer.ts", name: "dense" },
    },
  });
});
