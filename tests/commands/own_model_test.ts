import assert from "node:assert/strict";
import { isPresent, removeIfPresent } from "../../pipeline/store/disk.ts";
import { sharedFolder } from "../support/shared_folder.ts";
import { here } from "./here.ts";
import { reparam } from "./reparam.ts";

const home = sharedFolder();

const SPEC = {
  name: "own",
  dataset: { name: "mnist", split: { train: { count: 200 }, test: { count: 50 } } },
  model: { module: "../models/highway_vae.ts", options: { width: 12 }, latentSize: 2 },
  training: { epochs: 1, batchSize: 50 },
  evaluation: { importanceSamples: 2, importanceExamples: 1, probe: false },
  figures: { show: ["architecture"] },
};

const MODEL = `import {
  ACTIVATIONS, chain, dense, type Decoder, type Encoder, type OwnModel, type Shape, sizeOf, type Variables,
} from "reparam";
import { z } from "zod";
import { highway } from "./parts/highway.ts";

export const options = z.strictObject({ width: z.int().min(1).default(8), depth: z.int().min(1).max(4).default(2) });
type Model = OwnModel<z.output<typeof options>>;

export function createEncoder(variables: Variables, { options: { width, depth } }: Model, shape: Shape): Encoder {
  const layers = Array.from({ length: depth }, (_, i) => highway(variables, \`encoder/highway\${i + 1}\`, width));
  return { hidden: chain([dense(variables, "encoder/dense1", sizeOf(shape), width), ACTIVATIONS.relu, ...layers]), width };
}

export function createDecoder(variables: Variables, { latentSize }: Model, shape: Shape): Decoder {
  return { decode: dense(variables, "decoder/output", latentSize, sizeOf(shape)) };
}
`;

const HIGHWAY = `import * as tf from "@tensorflow/tfjs";
import { dense, type Layer, type Variables } from "reparam";

/** A highway layer (Srivastava et al., 2015). */
export function highway(variables: Variables, name: string, width: number): Layer {
  const gate = dense(variables, \`\${name}/gate\`, width, width);
  const change = dense(variables, \`\${name}/change\`, width, width);
  return (x) => {
    const open = tf.sigmoid(gate(x));
    return tf.add(tf.mul(open, tf.relu(change(x))), tf.mul(tf.sub(1, open), x));
  };
}
`;

const LAPLACE = `import * as tf from "@tensorflow/tfjs";
import type { Likelihood, OwnPart } from "reparam";
import { z } from "zod";

export const options = z.strictObject({ scale: z.number().positive().default(0.5) });
export const about = { title: "Laplace", output: "medians" };

export function createLikelihood({ options: { scale } }: OwnPart<z.output<typeof options>>): Likelihood {
  const constant = Math.log(2 * scale);
  return {
    negativeLogLikelihood: (output, x) => tf.sum(tf.add(tf.div(tf.abs(tf.sub(x, output)), scale), constant), 1),
    mean: (output) => output as tf.Tensor2D,
  };
}
`;

const CAPACITY = `import * as tf from "@tensorflow/tfjs";
import type { Objective, OwnPart } from "reparam";
import { z } from "zod";

export const options = z.strictObject({ nats: z.number().min(0) });

/** The KL is held to a capacity (Burgess et al., 2018). */
export function createObjective({ options: { nats } }: OwnPart<z.output<typeof options>>): Objective {
  return {
    samples: 1,
    comparesExamples: true,
    loss: ({ reconstruction, kl, klWeight }) =>
      tf.add(tf.mean(reconstruction), tf.mul(klWeight, tf.abs(tf.sub(tf.sum(tf.mean(kl, 0)), nats)))),
  };
}
`;

const BLOCKS = `import type { OwnDatasetModule } from "reparam";

export const readExamples: OwnDatasetModule["readExamples"] = async ({ shape }, files) => {
  const bytes = await files.read("blocks.bin");
  const examples = bytes.length / (shape[0]! * shape[1]!);
  return { values: bytes, labels: Array.from({ length: examples }, (_, i) => i % 2 === 0 ? "even" : "odd") };
};
`;

const FIGURE = `import type { Drawn, FigureData } from "reparam";

export function draw({ test }: FigureData): Drawn {
  const svg = \`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>\${test.examples} tests</title></svg>\`;
  return { title: "Nothing", caption: "There is nothing to see.", alt: "Nothing.", svg };
}
`;

/** A user's modules, as they were written at first. */
const MODULES = {
  "highway_vae.ts": MODEL,
  "parts/highway.ts": HIGHWAY,
  "laplace.ts": LAPLACE,
  "capacity.ts": CAPACITY,
  "blocks.ts": BLOCKS,
  "nothing.ts": FIGURE,
} as const;

/** What takes the place of something in a module. */
interface Edit {
  readonly module: keyof typeof MODULES;
  readonly from: string;
  readonly to: string;
}

const change = (module: Edit["module"], from: string, to: string): Edit => ({ module, from, to });

/** Whose types are right. */
const EDITS = {
  wrongSides: change("parts/highway.ts", "tf.relu(change(x))", "tf.relu(gate(tf.concat([x, x], 1)))"),
  unknownKernel: change("parts/highway.ts", "tf.relu(change(x))", "tf.relu(tf.tan(change(x)))"),
  wrongSidesToo: change("parts/highway.ts", "tf.relu(change(x))", "tf.relu(tf.tan(tf.concat([x, x], 1)))"),
  wrongSize: change("highway_vae.ts", "latentSize, sizeOf(shape))", "latentSize, 7)"), // shape is unused: no mistake
  sumOfAll: change("laplace.ts", ", 1),", "),"),
  otherName: change("capacity.ts", "createObjective", "makeObjective"),
  paragraph: change("nothing.ts", "`<svg", "`<p"),
  otherWords: change("nothing.ts", "Nothing.", "Nothing!"),
  otherLabels: change("blocks.ts", "i % 2 === 0", "i % 4 < 2"),
};

function edited(text: string, { from, to }: Omit<Edit, "module">): string {
  assert(text.includes(from), `${text} has no ${from}`);
  return text.replace(from, to);
}

/** Changes a module of a folder, or takes the change back. */
async function edit(folder: string, { module, from, to }: Edit, isBack = false): Promise<void> {
  const path = `${folder}/${module}`;
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, edited(text, isBack ? { from: to, to: from } : { from, to }));
}

async function editFile(path: string, from: string, to: string): Promise<void> {
  await Deno.writeTextFile(path, edited(await Deno.readTextFile(path), { from, to }));
}

async function writeModules(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/parts`, { recursive: true });
  for (const [name, text] of Object.entries(MODULES)) await Deno.writeTextFile(`${folder}/${name}`, text);
}

/**
 * Has all modules that these tests run held to their types at once, edited ones too, and remembered as right: that
 * takes two seconds, and so would it for each alone.
 */
async function checkAllTypes(folder: string, places: readonly string[]): Promise<void> {
  const { sumOfAll, otherName, paragraph, otherLabels, otherWords, ...architectures } = EDITS;
  const together = [
    [otherName, sumOfAll, paragraph, otherLabels], // looked at first, and wrong at first sight
    [otherWords],
    ...Object.values(architectures).map((one) => [one]),
  ];
  const specs: string[] = [];
  for (const [i, edits] of together.entries()) {
    await writeModules(`${folder}/${i}`);
    for (const one of edits) await edit(`${folder}/${i}`, one);
    const spec = {
      name: `types-${i}`,
      dataset: {
        module: "./blocks.ts",
        source: { type: "folder", path: "." },
        files: ["blocks.ts"],
        shape: [6, 4],
      },
      model: { module: "./highway_vae.ts", latentSize: 2, likelihood: { module: "./laplace.ts" } },
      objective: { module: "./capacity.ts", options: { nats: 3 } },
      figures: { own: [{ name: "nothing", module: "./nothing.ts" }] },
    };
    specs.push(`${folder}/${i}/spec.json`);
    await Deno.writeTextFile(specs.at(-1)!, JSON.stringify(spec));
  }
  const { stderr } = await here(["run", ...specs, "--dry-run", ...places]);
  assert.match(stderr, /it exports no function createObjective/);
}

/** The folder of a user's with a spec and modules, as they were written at first. */
async function ownFolder() {
  const path = (name: string) => `${home()}/${name}`;
  const places = ["--artifacts", path("artifacts"), "--reports", path("reports")];
  if (!isPresent(path("types"))) await checkAllTypes(path("types"), places);
  for (const name of ["paper", "moved", "reports"]) removeIfPresent(path(name));
  await Deno.mkdir(path("paper/specs"), { recursive: true });
  await Deno.writeTextFile(path("paper/specs/own.json"), JSON.stringify(SPEC, null, 2));
  await writeModules(path("paper/models"));
  return { path: home(), file: path, models: path("paper/models"), places };
}

Deno.test("a model of the user's goes from a module outside the project to a report, and its code alone is in the keys", async () => {
  const folder = await ownFolder();
  const { file, places } = folder;
  const run = (...args: string[]) => here([...args, ...places]);
  const first = await reparam(["run", file("paper/specs/own.json"), ...places]);
  assert.equal(first.code, 0, first.stderr);

  const model = JSON.parse(await Deno.readTextFile(file("reports/own/model/model.json")));
  assert.equal(model.architecture, "highway_vae.ts");
  assert.deepEqual(
    model.layers.slice(0, 3).map((
      { name, output, parameters }: Record<string, unknown>,
    ) => [name, output, parameters]),
    [["encoder/dense1", [12], 784 * 12 + 12], ["encoder/highway1/gate", [12], 156], [
      "encoder/highway1/change",
      [12],
      156,
    ]],
  );
  const figure = await Deno.readTextFile(file("reports/own/figures/architecture.svg"));
  for (const words of ["dense, sigmoid", "12 · 156 par.", "784 · 2,352 par."]) {
    assert(figure.includes(words), words);
  }
  const spec = await Deno.readTextFile(file("reports/own/spec.json"));
  assert.deepEqual(JSON.parse(spec).model.module, "../../paper/models/highway_vae.ts");
  assert.deepEqual(JSON.parse(spec).model.options, { width: 12, depth: 2 });
  assert(!spec.includes(folder.path), "the report shows where its user keeps files");
  assert((await Deno.stat(file("reports/own/model/decoder.onnx"))).size > 0);

  // Whoever plans many of them knows as much of the module as whoever runs one.
  await Deno.writeTextFile(
    file("paper/specs/seeds.json"),
    JSON.stringify({ name: "seeds", base: "own.json", matrix: { seed: [1, 2] } }),
  );
  const seeds = await run("sweep", file("paper/specs/seeds.json"), "--dry-run");
  assert.match(
    seeds.stdout,
    /^seed-1 +from report on: it never ran\nseed-2 +from train on/,
    seeds.stderr,
  );
  const compared = await run("compare", file("paper/specs/own.json"), "--markdown");
  assert.equal(compared.code, 0, compared.stderr);

  // Options that are written out are looked at, and types that were right are not held to anything again.
  const { ino } = await Deno.stat(file("artifacts/types.json"));
  const fromReport = await run("run", file("reports/own/spec.json"));
  assert.match(fromReport.stdout, /Everything was cached/, fromReport.stderr);
  assert.match(fromReport.stderr, /note: looking at/);
  assert.equal((await Deno.stat(file("artifacts/types.json"))).ino, ino);
  await Deno.rename(file("paper"), file("moved"));
  const moved = await run("run", file("moved/specs/own.json"), "--dry-run");
  assert.equal(moved.stdout.match(/ cached$/gm)?.length, 5, moved.stdout + moved.stderr);

  await editFile(file("moved/models/parts/highway.ts"), "/** A highway layer", "/** One highway layer");
  assert.match((await run("why", file("moved/specs/own.json"), "train")).stdout, /now: cached/);
  await editFile(file("moved/models/parts/highway.ts"), "tf.relu(", "tf.tanh(");
  const why = await run("why", file("moved/specs/own.json"), "train");
  assert.match(why.stdout, /would run: file architecture:parts\/highway\.ts changed/);
  assert.notEqual((await Deno.stat(file("artifacts/types.json"))).ino, ino);
  const other = await run("why", file("moved/specs/own.json"), "preprocess");
  assert.match(other.stdout, /now: cached/);
});

Deno.test("a model of the user's plays against a discriminator of its own encoder, once the penalty is left out", async () => {
  const folder = await ownFolder();
  const { file, places } = folder;
  const gan = ["run", file("paper/specs/own.json"), "--dry-run", "--set", "objective.name=gan", ...places];
  const refused = await here(gan);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /activation can be differentiated twice here: relu, softplus, linear/);
  const played = await here([...gan, "--set", "objective.gradientPenalty=0"]);
  assert.equal(played.code, 0, played.stderr);
});

Deno.test("a mistake in a module's options has its place in the spec, and one in its code its place in the module", async () => {
  const folder = await ownFolder();
  const { file, models, places } = folder;
  const run = async (...args: string[]) => {
    const { code, stderr } = await here([
      "run",
      file("paper/specs/own.json"),
      "--dry-run",
      ...args,
      ...places,
    ]);
    const said = stderr.replaceAll(folder.path, "").replace(
      "note: looking at /paper/models/highway_vae.ts\n",
      "",
    );
    return `${code} ${said}`;
  };
  await editFile(file("paper/specs/own.json"), '"width": 12', '"widht": 12');
  const misspelt = await run();
  assert.match(
    misspelt,
    /^2 error: .*own\.json:\d+:\d+: "widht" is not a key of model\.options\n +Did you mean "width"\?/,
  );
  await editFile(file("paper/specs/own.json"), '"widht": 12', '"width": 0');
  assert.match(
    await run(),
    /^2 error: .*own\.json:17:16: model\.options\.width must be a whole number of at least 1: it is 0/,
  );
  assert.match(
    await run("--set", "model.options.width=wide"),
    /^2 error: --set model\.options\.width=wide: .*"wide"/,
  );

  for (
    const [module, wrong] of [
      ["nowhere.ts", "is not there, or may not be read"],
      [".", "has another ending"],
      ["/etc/passwd", "has another ending"],
    ] as const
  ) {
    const said = await run("--set", `model.module=${module}`);
    assert.ok(
      said.startsWith(`2 error: --set model.module=${module}: model.module must be a TypeScript or`),
      said,
    );
    assert.ok(said.split("\n")[0]!.endsWith(wrong), said);
  }

  await editFile(file("paper/specs/own.json"), '"width": 0', '"width": 12');
  await edit(models, EDITS.wrongSides);
  assert.match(
    await run(),
    /^1 error: \/paper\/models\/parts\/highway\.ts:10:\d+: Cannot train the model on examples of 784 values: Cannot multiply matrices of \[1009,24\] and \[12,12\]: inner sides differ/,
  );
  await edit(models, EDITS.wrongSides, true);
  await editFile(file("paper/models/highway_vae.ts"), "latentSize, sizeOf(shape))", "latentSize, '7')");
  assert.match(
    await run(),
    /^2 error: \/paper\/models\/highway_vae\.ts:\d+:\d+: .*'string' is not assignable to parameter of type 'number' \(TS2345\)/,
  );
  await editFile(file("paper/models/highway_vae.ts"), "latentSize, '7')", "latentSize, sizeOf(shape))");
  await edit(models, EDITS.wrongSize);
  assert.match(await run(), /^1 error: .*The decoder's output must be \[n, 784\]: it is \[n, 7\]/);
});

Deno.test("a likelihood and an objective of the user's train a built-in network, and the page calls them as they say", async () => {
  const folder = await ownFolder();
  const { file, models, places } = folder;
  const spec = {
    ...SPEC,
    model: {
      architecture: "dense",
      latentSize: 2,
      encoder: { units: [8] },
      decoder: { units: [8] },
      likelihood: { module: "../models/laplace.ts", options: { scale: 0.3 } },
    },
    objective: { module: "../models/capacity.ts", options: { nats: 3 } },
  };
  await Deno.writeTextFile(file("paper/specs/own.json"), JSON.stringify(spec));
  const ran = await here(["run", file("paper/specs/own.json"), ...places]);
  assert.equal(ran.code, 0, ran.stderr);
  const page = await Deno.readTextFile(file("reports/own/index.html"));
  for (const words of ["Laplace, scale 0.3", "capacity.ts, nats 3"]) assert(page.includes(words), words);
  const reported = JSON.parse(await Deno.readTextFile(file("reports/own/spec.json")));
  assert.deepEqual(reported.objective, {
    name: "module",
    module: "../../paper/models/capacity.ts",
    options: { nats: 3 },
  });
  const again = await here(["run", file("reports/own/spec.json"), ...places]);
  assert.match(again.stdout, /Everything was cached/, again.stderr);

  await edit(models, EDITS.sumOfAll);
  await edit(models, EDITS.otherName);
  const missing = await here(["run", file("paper/specs/own.json"), "--dry-run", ...places]);
  assert.match(
    missing.stderr,
    /Cannot use capacity\.ts as an objective: it exports no function createObjective/,
  );
  await edit(models, EDITS.otherName, true);
  const wrong = await here(["run", file("paper/specs/own.json"), "--dry-run", ...places]);
  assert.match(wrong.stderr, /The likelihood's losses must be \[n\]: it is \[\]/);
});

Deno.test("data and a figure of the user's: mistakes have their place, files are in the keys, and the page shows the figure", async () => {
  const folder = await ownFolder();
  const { file, models, places } = folder;
  await Deno.writeFile(
    file("paper/blocks.bin"),
    Uint8Array.from({ length: 100 * 24 }, (_, i) => 37 * i % 256),
  );
  const spec = {
    ...SPEC,
    dataset: {
      module: "../models/blocks.ts",
      source: { type: "folder", path: ".." },
      files: ["blocks.bin"],
      shape: [6, 4],
      about: { title: "Blocks", noun: "block" },
    },
    training: { epochs: 1, batchSize: 20 },
    figures: { show: ["latent-scatter"], own: [{ name: "nothing", module: "../models/nothing.ts" }] },
  };
  await Deno.writeTextFile(file("paper/specs/own.json"), JSON.stringify(spec, null, 2));
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await here(["run", file("paper/specs/own.json"), ...args, ...places]);
    return `${code} ${stdout}${stderr}`.replaceAll(folder.path, "");
  };
  for (
    const [setting, expected] of [
      [
        'dataset.files=["../blocks.bin"]',
        /The file \.\.\/blocks\.bin is not named by its path below the folder/,
      ],
      ['dataset.files=["block.bin"]', /there is no such file\n +Did you mean blocks\.bin\?/],
      ["figures.own[0].name=manifold", /There is another figure of the name manifold/],
      ["figures.own[0].options.size=2", /"size" is not a key of figures\.own\[0\]\.options/],
      [
        "figures.own[0].module=../models/blocks.ts",
        /Cannot use blocks\.ts as a figure: it exports no function draw/,
      ],
    ] as const
  ) {
    const at = setting.startsWith("figures.own[0].module")
      ? `figures.own[0].module=${file("paper/models/blocks.ts")}`
      : setting;
    assert.match(await run("--dry-run", "--set", at), expected, setting);
  }

  await edit(models, EDITS.paragraph);
  assert.match(await run(), /Cannot show what nothing\.ts draws: its svg does not begin with <svg/);
  await edit(models, EDITS.paragraph, true);
  assert.match(await run(), /^0 /);
  const page = await Deno.readTextFile(file("reports/own/index.html"));
  for (const words of ["There is nothing to see.", "10 tests", "Blocks", "test blocks"]) {
    assert(page.includes(words), words);
  }
  assert.deepEqual(
    JSON.parse(await Deno.readTextFile(file("reports/own/data/dataset.json"))).classes,
    ["even", "odd"],
  );
  const again = await here(["run", file("reports/own/spec.json"), ...places]);
  assert.match(again.stdout, /Everything was cached/, again.stderr);
  await edit(models, EDITS.otherWords);
  await edit(models, EDITS.otherLabels);
  for (
    const [stage, changed] of [["render", "figure/nothing:nothing.ts"], ["preprocess", "dataset:blocks.ts"]]
  ) {
    const { stdout } = await here(["why", file("paper/specs/own.json"), stage!, ...places]);
    assert.ok(stdout.includes(`file ${changed} changed`), stdout);
  }
});

Deno.test("the portable engine runs what the tracer does not know, and the report says what is missing for it", async () => {
  const folder = await ownFolder();
  const { file, models, places } = folder;
  await edit(models, EDITS.unknownKernel);
  await editFile(file("paper/specs/own.json"), '"count": 200', '"count": 50');
  const spec = file("paper/specs/own.json");
  const unknown = await here(["run", spec, "--dry-run", ...places]);
  assert.equal(unknown.code, 1);
  assert.match(
    unknown.stderr.replaceAll(folder.path, ""),
    /error: \/paper\/models\/parts\/highway\.ts:10:(\d+): Cannot compile: the engine does not know the tfjs kernel Tan, called at highway\.ts:10:\1\n +Next: use tf\.div\(tf\.sin\(x\), tf\.cos\(x\)\)\.\n +Or: --engine portable/,
  );
  const ran = await here(["run", spec, "--engine", "portable", ...places]);
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(
    ran.stderr,
    /The model is not exported as ONNX, for want of the tfjs kernel Tan, called at highway\.ts:10:\d+/,
  );
  const files = Array.from(Deno.readDirSync(file("reports/own/model")), ({ name }) => name);
  assert.deepEqual(files.toSorted(), ["model.json", "weights.safetensors"]);
  const { layers } = JSON.parse(await Deno.readTextFile(file("reports/own/model/model.json")));
  assert.deepEqual(layers[1], {
    name: "encoder/highway1/gate",
    kind: "dense",
    input: [12],
    output: [12],
    parameters: 156,
  });
  const page = await Deno.readTextFile(file("reports/own/index.html"));
  for (const words of ["cannot be explored in this page", "is not exported as ONNX"]) {
    assert(page.includes(words), words);
  }
  await edit(models, EDITS.unknownKernel, true);
  await edit(models, EDITS.wrongSidesToo);
  const refused = await here(["run", spec, "--engine", "portable", "--dry-run", ...places]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /highway\.ts:10:\d+: Cannot train the model on examples of 784 values/);
});
