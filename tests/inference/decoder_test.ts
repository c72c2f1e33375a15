import assert from "node:assert/strict";
import { open } from "../../pipeline/engine/portable/open.ts";
import { tf } from "../../pipeline/engine/tfjs.ts";
import { randomStream } from "../../pipeline/base/random.ts";
import type { ModelSpec } from "../../pipeline/spec/schema.ts";
import { compileDecoder } from "../../pipeline/inference/decoder.ts";
import { assertNear } from "../support/assert_near.ts";
import { buildVae } from "../vae/modules.ts";
import { randomise } from "../vae/support.ts";

const SHAPE = [5, 3];
const MODEL: ModelSpec = {
  architecture: "lstm",
  latentSize: 2,
  likelihood: { family: "bernoulli" },
  encoder: { units: 3, layers: 1, direction: "forward" },
  decoder: { units: 4, layers: 2, autoregressive: { wordDropout: 0.5 } },
};

Deno.test("an autoregressive decoder that reads an example writes what it does when it is taught", async () => {
  const engine = await open();
  const vae = buildVae(MODEL, SHAPE, 3);
  try {
    const decoder = compileDecoder(engine, engine.parameters(vae.variables), vae, SHAPE);
    const count = 70; // more than a batch
    const codes = randomStream(1, "codes").fillNormal(new Float32Array(count * 2));
    const x = randomStream(1, "x").fillUniform(new Float32Array(count * 15));
    const means: number[][] = Array.from({ length: count }, () => []);
    // Whatever it would write, it is made to write the examples.
    let calls = 0;
    const { values } = decoder.write!(codes, ({ given }) => {
      const [batch, t] = [Math.floor(calls / 5), calls % 5];
      calls++;
      return given([]).map((mean, i) => {
        const example = 64 * batch + Math.floor(i / 3);
        means[example]!.push(mean);
        return x[example * 15 + 3 * t + i % 3]!;
      });
    });
    assert.deepEqual(values, x);
    const taught = tf.sigmoid(vae.decode(tf.tensor2d(codes, [count, 2]), tf.tensor2d(x, [count, 15])))
      .dataSync();
    means.flat().forEach((mean, i) => assert.ok(Math.abs(mean - taught[i]!) < 1e-5, `${i}`));
  } finally {
    engine.dispose();
    vae.dispose();
  }
});

/** Models whose rows of three voices with two symbols are drawn voice after voice. */
const IN_TURN: Readonly<Record<string, ModelSpec>> = {
  dense: {
    architecture: "dense",
    latentSize: 2,
    likelihood: { family: "categorical", autoregressive: { units: 4 } },
    encoder: { units: [3], activation: "tanh" },
    decoder: { units: [4], activation: "tanh" },
  },
  "LSTM that reads the past": {
    ...MODEL,
    likelihood: { family: "categorical", autoregressive: { units: 4 } },
  },
};

for (const [name, model] of Object.entries(IN_TURN)) {
  Deno.test(`where a ${name} draws voice after voice, each is told those above it, as it was taught`, async () => {
    const engine = await open(), shape = [5, 3, 2];
    const vae = buildVae(model, shape, 3);
    try {
      randomise(vae);
      const decoder = compileDecoder(engine, engine.parameters(vae.variables), vae, shape);
      const count = 70; // more than a batch
      const codes = randomStream(1, "codes").fillNormal(new Float32Array(count * 2));
      const stream = randomStream(1, "symbols");
      const x = Float32Array.from({ length: count * 15 }, () => stream.integer(2)).reduce(
        (all, symbol, i) => {
          all[2 * i + symbol] = 1;
          return all;
        },
        new Float32Array(count * 30),
      );
      const means = new Float32Array(x.length);
      let calls = 0;
      const { values } = decoder.write!(codes, (step) => {
        assert.equal(step.draws, 3);
        const [batch, t] = [Math.floor(calls / 5), calls % 5], drawn = new Float32Array(step.count * 6);
        calls++;
        for (let voice = 0; voice < 3; voice++) {
          const told = step.given(drawn);
          for (let i = 0; i < step.count; i++) {
            const from = 6 * i + 2 * voice, to = (64 * batch + i) * 30 + 6 * t + 2 * voice;
            means.set(told.subarray(from, from + 2), to);
            drawn.set(x.subarray(to, to + 2), from);
          }
        }
        return drawn;
      });
      assert.deepEqual(values, x);
      const { given, conditionalMean } = vae.likelihood.autoregression!;
      const rows = tf.tensor2d(x, [count, 30]);
      const output = vae.decode(tf.tensor2d(codes, [count, 2]), vae.autoregression && rows);
      assertNear(means, conditionalMean(given(output, rows)).dataSync(), { absolute: 1e-5 });
      // What reads no more than means is what the likelihood says of them.
      if (!vae.autoregression) {
        assertNear(decoder.decode(codes).values, vae.likelihood.mean(output).dataSync(), { absolute: 1e-5 });
      }
    } finally {
      engine.dispose();
      vae.dispose();
    }
  });
}
