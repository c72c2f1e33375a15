import assert from "node:assert/strict";
import { basename, dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { createDecoder, createEncoder } from "../examples/residual/residual_vae.ts";
import * as transformer from "../examples/transformer/transformer_vae.ts";
import { randomStream } from "../pipeline/base/random.ts";
import { compileDecoder } from "../pipeline/inference/decoder.ts";
import { elboTerms } from "../pipeline/vae/elbo.ts";
import type { ArchitectureModule } from "../pipeline/vae/architectures/architecture.ts";
import * as categorical from "../pipeline/vae/likelihoods/categorical.ts";
import * as standardNormal from "../pipeline/vae/priors/standard_normal.ts";
import { createVae } from "../pipeline/vae/vae.ts";
import { openEngine, optimiser } from "./engine/engines.ts";
import { Variables } from "../pipeline/vae/variables.ts";
import { painted, writeFiles } from "./kinds/images/pictures/painted.ts";
import { reparam } from "./commands/reparam.ts";
import { ROOT } from "./graph/toy_project.ts";
import { sharedFolder } from "./support/shared_folder.ts";

const home = sharedFolder();
const FOLDER = join(ROOT, "examples");
const FEW_DIGITS = { dataset: { split: { train: { count: 100 }, test: { count: 20 } } } };
const NAMES = Array.from(Deno.readDirSync(FOLDER)).filter(({ isDirectory }) => isDirectory).map(({ name }) =>
  name
).sort();

/** What makes a training brief: what is different in an example's spec, beside what is in all. */
const BRIEF: Readonly<Record<string, object>> = {
  "emoji": { dataset: { source: { path: "tiles" } }, training: { batchSize: 5 } },
  "conditional": FEW_DIGITS,
  "residual": { ...FEW_DIGITS, model: { options: { filters: 2 } } },
  "transformer": {
    dataset: { windows: { length: 16, hop: 400 } },
    model: { options: { width: 8, blocks: 1 } },
  },
  "two-level": FEW_DIGITS,
};
const ALL = {
  training: { epochs: 1, batchSize: 20 },
  evaluation: { importanceSamples: 2, importanceExamples: 1, probe: false },
  figures: { show: ["architecture"] },
};
const COLOUR = {
  dataset: { source: { path: "tiles" }, size: [16, 16] },
  training: { batchSize: 5 },
  model: { options: { filters: 2 } },
  figures: { show: ["reconstructions"], reconstructions: 2 },
};

Deno.test("every example has a spec, a page and settings for a brief training", () => {
  assert.deepEqual(NAMES, Object.keys(BRIEF).sort());
  for (const name of NAMES) {
    const files = Array.from(Deno.readDirSync(join(FOLDER, name)), (entry) => entry.name);
    for (const file of ["README.md", `${name}.json`]) assert(files.includes(file), `${name} has no ${file}`);
  }
});

/** All of them, trained by one command, which looks at their modules at once. @returns the folder of the reports */
const trained = (() => {
  let running: Promise<string> | undefined;
  return () =>
    running ??= (async () => {
      await writeTiles(home());
      const specs = [
        ...NAMES.map((name) => writeBrief(join(FOLDER, name, `${name}.json`), BRIEF[name]!)),
        writeBrief(join(FOLDER, "residual/colour.json"), COLOUR),
      ];
      const { code, stderr } = await reparam(["run", ...specs, "--root", home()]);
      assert.equal(code, 0, stderr);
      return `${home()}/reports`;
    })();
})();

/** Writes an example's spec with something changed. @returns its path */
function writeBrief(example: string, changes: object): string {
  const spec = merged(JSON.parse(Deno.readTextFileSync(example)), ALL, changes);
  const { model } = spec as { model: { module?: string } };
  if (model.module !== undefined) model.module = join(dirname(example), model.module);
  const path = join(home(), basename(example));
  Deno.writeTextFileSync(path, JSON.stringify(spec));
  return path;
}

/** An object in which what comes later counts, part by part. */
function merged(...[first, ...changes]: readonly object[]): object {
  const isPart = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  const all: Record<string, unknown> = { ...first };
  for (const [key, value] of changes.flatMap((change) => Object.entries(change))) {
    all[key] = isPart(value) && isPart(all[key]) ? merged(all[key] as object, value) : value;
  }
  return all;
}

for (const name of NAMES) {
  Deno.test(`the example ${name} trains, and its report has its layers and its networks as ONNX`, async () => {
    const report = `${await trained()}/example-${name}`;
    const { layers, parameters } = JSON.parse(await Deno.readTextFile(`${report}/model/model.json`));
    const sum = layers.reduce((total: number, layer: { parameters: number }) => total + layer.parameters, 0);
    assert.equal(sum, parameters);
    assert(layers.every(({ output }: { output: number[] }) => output.length > 0), JSON.stringify(layers));
    for (const half of ["encoder", "decoder"]) {
      assert((await Deno.stat(`${report}/model/${half}.onnx`)).size > 0);
    }
  });
}

/** Writes pictures of two colours. */
async function writeTiles(folder: string): Promise<void> {
  await writeFiles(
    `${folder}/tiles`,
    Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => {
        const [name, colour] = i % 2 ? ["red", [220, 40, 30]] as const : ["green", [30, 180, 60]] as const;
        return [`${name}/${i}.png`, painted(20 + i, 24, colour, i)];
      }),
    ),
  );
}

Deno.test("the residual network takes pictures in colour, and pictures that cannot be halved are refused", () => {
  const model = {
    architecture: "module",
    latentSize: 3,
    likelihood: { family: "bernoulli" },
    options: { filters: 2, halvings: 2, blocks: 1 },
  };
  const variables = new Variables(1);
  const encoder = createEncoder(variables, model, [8, 12, 3]);
  const decoder = createDecoder(variables, model, [8, 12, 3]);
  const x = tf.fill([2, 8 * 12 * 3], 0.5);
  assert.deepEqual(encoder.hidden(x).shape, [2, encoder.width]);
  assert.deepEqual(decoder.decode(tf.zeros([2, 3])).shape, [2, 8 * 12 * 3]);
  tf.dispose(variables.list);
  assert.throws(() => createEncoder(new Variables(1), model, [10, 12]), /cannot be halved 2 times/);
});

Deno.test("the Transformer reads and writes voices, of which each is told those above it, and learns them", async () => {
  const shape = [8, 4, 6], size = 8 * 4 * 6, batch = 8;
  const vae = createVae(
    {
      architecture: "module",
      latentSize: 3,
      likelihood: { family: "categorical", autoregressive: { units: 0 } },
      options: { width: 8, heads: 2, blocks: 1 },
    } as Parameters<typeof createVae>[0],
    shape,
    1,
    {
      architecture: transformer as unknown as ArchitectureModule,
      likelihood: categorical,
      prior: standardNormal,
    },
  );
  const engine = await openEngine("native");
  const parameters = engine.parameters(vae.variables, optimiser({ name: "adam" }));
  const step = engine.compileStep({
    parameters,
    inputs: {
      x: { shape: [batch, size], batched: true },
      noise: { shape: [batch, vae.latentSize], batched: true },
    },
    step: ({ x, noise }) => {
      const { reconstruction, kl } = elboTerms(vae, x!, noise!);
      return { loss: tf.add(tf.mean(reconstruction), tf.sum(tf.mean(kl, 0))) as tf.Scalar };
    },
  });
  // Parallel chords: all that the lower voices do is told by the highest.
  const stream = randomStream(1, "chords");
  for (let i = 0; i < 150; i++) {
    step.inputs.x!.fill(0);
    for (let row = 0; row < 8 * batch; row++) {
      const chord = stream.integer(3);
      for (let voice = 0; voice < 4; voice++) step.inputs.x![(row * 4 + voice) * 6 + (chord + voice) % 6] = 1;
    }
    stream.fillNormal(step.inputs.noise!);
    step.enqueue(0.02);
  }
  const losses = step.collect().map(({ loss }) => loss!);
  // One of three chords at each of 8 steps: 8 log 3 nats, where voices that know nothing of each other have four times that.
  const [known, unknown] = [8 * Math.log(3), 4 * 8 * Math.log(3)];
  assert.ok(losses.at(-1)! < known + 3 && losses[0]! > unknown, `${losses[0]} ${losses.at(-1)}`);
  const decoder = compileDecoder(engine, parameters, vae, shape);
  const { values } = decoder.write!(new Float32Array(3), ({ given }) => {
    const drawn = new Float32Array(4 * 6);
    for (let voice = 0; voice < 4; voice++) {
      const own = given(drawn).subarray(6 * voice, 6 * voice + 6);
      drawn[6 * voice + own.indexOf(Math.max(...own))] = 1;
    }
    return drawn;
  });
  const symbol = (row: number) => values.subarray(6 * row, 6 * row + 6).indexOf(1);
  for (let at = 0; at < 8; at++) {
    assert.deepEqual(
      [1, 2, 3].map((voice) => symbol(4 * at + voice)),
      [1, 2, 3].map((k) => (symbol(4 * at) + k) % 6),
    );
  }
  decoder.dispose();
  engine.dispose();
  vae.dispose();
});

Deno.test("the residual network trains on a folder of pictures in colour, with a deviation that is learned", async () => {
  const report = `${await trained()}/example-residual-colour`;
  const { inputShape, layers } = JSON.parse(await Deno.readTextFile(`${report}/model/model.json`));
  assert.deepEqual(inputShape, [16, 16, 3]);
  const output = layers.find(({ name }: { name: string }) => name === "decoder/output");
  assert.deepEqual([output.kind, output.output], ["conv", [16, 16, 3]]);
});
