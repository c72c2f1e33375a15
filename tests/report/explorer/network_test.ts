import assert from "node:assert/strict";
import * as ort from "onnxruntime-node";
import { randomStream } from "../../../pipeline/base/random.ts";
import { exportOnnx } from "../../../pipeline/engine/onnx/export.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { exportNetworks } from "../../../pipeline/inference/networks.ts";
import type { ModelBase } from "../../../pipeline/vae/architectures/architecture.ts";
import * as dense from "../../../pipeline/vae/architectures/dense/model.ts";
import * as lstm from "../../../pipeline/vae/architectures/lstm/model.ts";
import * as standardNormal from "../../../pipeline/vae/priors/standard_normal.ts";
import * as bernoulli from "../../../pipeline/vae/likelihoods/bernoulli.ts";
import * as categorical from "../../../pipeline/vae/likelihoods/categorical.ts";
import { createVae } from "../../../pipeline/vae/vae.ts";
import { Network, unpackNetwork } from "../../../pipeline/report/explorer/network.js";
import { type PackedNetwork, packNetwork } from "../../../pipeline/report/explorer/pack.ts";
import { Model } from "../../../pipeline/report/explorer/model.js";
import { openEngine } from "../../engine/engines.ts";
import type { StepMeans } from "../../../pipeline/inference/step_means.ts";
import { CASES } from "../../engine/operations.ts";

/** The page's arithmetic against ONNX Runtime's. */

function packed(bytes: Uint8Array<ArrayBuffer>, isWanted?: (output: string) => boolean): PackedNetwork {
  const result = packNetwork(bytes, "test.onnx", 1e6, isWanted);
  assert(!("reason" in result), JSON.stringify(result));
  return JSON.parse(JSON.stringify(result));
}

async function expected(
  bytes: Uint8Array,
  inputs: Record<string, readonly [Float32Array, readonly number[]]>,
) {
  const session = await ort.InferenceSession.create(bytes);
  const feeds = Object.entries(inputs).map(([name, [data, shape]]) =>
    [name, new ort.Tensor("float32", data, [...shape])] as const
  );
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return results;
}

function near(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(actual.length, wanted.length, what);
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [actual[i]!, wanted[i]!];
    assert(
      Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)),
      `${what}: entry ${i} is ${a} and not ${b}`,
    );
  }
}

Deno.test("whatever the engine exports, the page computes as ONNX Runtime does", async () => {
  const engine = await openEngine("portable");
  const parameters = engine.parameters([]);
  for (const [name, { shapes, fn, range: [from, to] = [-2, 2] }] of Object.entries(CASES)) {
    const inputs = Object.fromEntries(shapes.map((shape, i) => {
      const stream = randomStream(5, name, i);
      const data = Float32Array.from(
        { length: tf.util.sizeFromShape(shape) },
        () => from + (to - from) * stream.uniform(),
      );
      return [`x${i}`, [data, shape] as [Float32Array, number[]]];
    }));
    const bytes = exportOnnx({
      parameters,
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([id, [, shape]]) => [id, { shape, batched: false }]),
      ),
      fn: (given) => ({ y: fn(...shapes.map((_, i) => given[`x${i}`]!)) }),
    });
    const network = new Network(await unpackNetwork(packed(bytes)));
    const used = new Set(packed(bytes).inputs.map(([id]) => id));
    const given = Object.fromEntries(Object.entries(inputs).filter(([id]) => used.has(id)));
    for (const [id, [data]] of Object.entries(given)) network.input(id).set(data);
    near(network.run().y, (await expected(bytes, given)).y!.data as Float32Array, 2e-5, name);
  }
  engine.dispose();
});

Deno.test("a network answers for any size of batch, with weights as float16 to three digits", async () => {
  const engine = await openEngine("portable");
  const stream = randomStream(6, "weights");
  const normal = (...shape: number[]) =>
    tf.variable(tf.tensor(stream.fillNormal(new Float32Array(tf.util.sizeFromShape(shape))), shape));
  const [w, b, u] = [normal(12, 40), normal(40), normal(40, 12)];
  const bytes = exportOnnx({
    parameters: engine.parameters([w, b, u]),
    inputs: { z: { shape: [1, 12], batched: true } },
    fn: ({ z }) => {
      const hidden = tf.tanh(tf.add(tf.matMul(z as tf.Tensor2D, w as tf.Tensor2D), b));
      return { mean: tf.sigmoid(tf.matMul(hidden as tf.Tensor2D, u as tf.Tensor2D)) };
    },
  });
  for (const batch of [1, 7]) {
    const z = randomStream(7, "z").fillNormal(new Float32Array(12 * batch));
    const network = new Network(await unpackNetwork(packed(bytes)), batch);
    network.input("z").set(z);
    const { mean } = await expected(bytes, { z: [z, [batch, 12]] });
    near(network.run().mean, mean!.data as Float32Array, 4e-3, `batch of ${batch}`);
  }
  assert.deepEqual(packNetwork(bytes, "decoder.onnx", 100), {
    reason: "decoder.onnx has 1,000 weights, more than the 100 that a page holds.",
  });
  engine.dispose();
  tf.dispose([w, b, u]);
});

Deno.test("an autoregressive decoder that reads what it wrote gives what it gives where that is read to it", async () => {
  const model = {
    ...{
      architecture: "lstm",
      latentSize: 3,
      likelihood: { family: "bernoulli" },
      initialisation: "glorot-uniform",
    },
    encoder: { units: 4, layers: 1, direction: "forward" },
    decoder: { units: 5, layers: 2, autoregressive: { wordDropout: 0 } },
  } as const;
  const engine = await openEngine("portable");
  const vae = createVae(model as ModelBase, [6, 4], 1, {
    architecture: lstm,
    likelihood: bernoulli,
    prior: standardNormal,
  });
  const networks = exportNetworks(engine.parameters(vae.variables), vae, [6, 4]);
  assert.deepEqual(Object.keys(networks), ["encoder", "decoder", "decoder-step"]);
  const decoder = await unpackNetwork(packed(networks["decoder-step"]!));
  const z = Float32Array.of(0.7, -1.2, 0.3);
  const means: number[] = [];
  const page = new Model(
    { latentSize: 3, steps: 6, decoder, encoder: null },
    ({ given }: StepMeans, step: number) => {
      const mean = given([]);
      means.push(...mean);
      return mean.map((value, i) => value + (step * 3 + i) % 5);
    },
  );
  const written = page.decode(z);
  const { mean } = await expected(networks.decoder!, { z: [z, [1, 3]], x: [written, [1, 24]] });
  near(means, mean!.data as Float32Array, 2e-3, "means");
  engine.dispose();
  vae.dispose();
});

for (const isWhole of [false, true]) {
  const what = isWhole ? "that writes all steps at once" : "that reads the step before";
  Deno.test(`a model ${what} and draws voice after voice has in the page the means of its ONNX files`, async () => {
    const common = {
      latentSize: 3,
      likelihood: { family: "categorical", autoregressive: { units: 4 } },
      initialisation: "fan-in-uniform" as const,
    };
    const model: ModelBase & Record<string, unknown> = isWhole
      ? {
        ...common,
        architecture: "dense",
        encoder: { units: [4], activation: "tanh" },
        decoder: { units: [5], activation: "tanh" },
      }
      : {
        ...common,
        architecture: "lstm",
        encoder: { units: 4, layers: 1, direction: "forward" },
        decoder: { units: 5, layers: 1, autoregressive: { wordDropout: 0 } },
      };
    const engine = await openEngine("portable"), shape = [6, 3, 2];
    const vae = createVae(model, shape, 1, {
      architecture: isWhole ? dense : lstm,
      likelihood: categorical,
      prior: standardNormal,
    });
    // What rows are told is nothing at first.
    for (const { name, shape } of vae.variables.filter(({ name }) => name.startsWith("decoder/row"))) {
      const variable = vae.variables.find((variable) => variable.name === name)!;
      variable.assign(tf.tensor(randomStream(2, name).fillNormal(new Float32Array(variable.size)), shape));
    }
    const networks = exportNetworks(engine.parameters(vae.variables), vae, shape);
    const { encoder: _, ...others } = networks;
    assert.deepEqual(Object.keys(others), ["decoder", ...(isWhole ? [] : ["decoder-step"]), "decoder-row"]);
    const decoder = packed(networks[isWhole ? "decoder" : "decoder-step"]!, (output) => output !== "mean");
    assert.ok(!decoder.outputs.includes("mean") && decoder.outputs.includes("logits"));
    const row = await unpackNetwork(packed(networks["decoder-row"]!));
    const z = Float32Array.of(0.7, -1.2, 0.3), means: number[] = [];
    const page = new Model(
      { latentSize: 3, steps: 6, decoder: await unpackNetwork(decoder), row, encoder: null },
      ({ given }: StepMeans, step: number) => {
        const drawn = new Float32Array(6);
        for (let voice = 0; voice < 3; voice++) {
          means.push(...given(drawn).subarray(2 * voice, 2 * voice + 2));
          drawn[2 * voice + (step + voice * voice) % 2] = 1;
        }
        return drawn;
      },
    );
    const written = page.decode(z);
    const told = isWhole ? {} : { x: [written, [1, 36]] as const };
    const { logits } = await expected(networks.decoder!, { z: [z, [1, 3]], ...told });
    const { mean } = await expected(networks["decoder-row"]!, {
      logits: [logits!.data as Float32Array, [6, 6]],
      x: [written, [6, 6]],
    });
    near(means, mean!.data as Float32Array, 5e-3, "means");
    engine.dispose();
    vae.dispose();
  });
}

Deno.test("a conditional model decodes and encodes in the page with the class that it is told", async () => {
  const model = {
    ...{
      architecture: "lstm",
      latentSize: 3,
      likelihood: { family: "bernoulli" },
      initialisation: "glorot-uniform",
    },
    encoder: { units: 4, layers: 1, direction: "forward" },
    decoder: { units: 5, layers: 1 },
    conditional: true,
  } as const;
  const engine = await openEngine("portable");
  const variants = { architecture: lstm, likelihood: bernoulli, prior: standardNormal };
  const vae = createVae(model as ModelBase, [6, 4], 1, variants, 3);
  const networks = exportNetworks(engine.parameters(vae.variables), vae, [6, 4]);
  const [decoder, encoder] = [
    await unpackNetwork(packed(networks.decoder!)),
    await unpackNetwork(packed(networks.encoder!)),
  ];
  const page = new Model(
    { latentSize: 3, steps: null, decoder, encoder, classes: ["a", "b", "c"] },
    ({ given }: StepMeans) => given([]),
  );
  const z = Float32Array.of(0.7, -1.2, 0.3);
  const x = randomStream(2, "x").fillUniform(new Float32Array(24));
  const others: Float32Array[] = [];
  for (const label of [0, 2]) {
    page.told = label;
    const y = Float32Array.from({ length: 3 }, (_, i) => Number(i === label));
    const { mean } = await expected(networks.decoder!, { z: [z, [1, 3]], y: [y, [1, 3]] });
    const decoded = page.decode(z).slice();
    near(decoded, mean!.data as Float32Array, 2e-3, `means of class ${label}`);
    others.push(decoded);
    const posterior = await expected(networks.encoder!, { x: [x, [1, 24]], y: [y, [1, 3]] });
    near(page.encode(x).mean, posterior.mean!.data as Float32Array, 2e-3, `posterior of class ${label}`);
  }
  assert.notDeepEqual(others[0], others[1]);
  engine.dispose();
  vae.dispose();
});
