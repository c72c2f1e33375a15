import assert from "node:assert/strict";
import { open } from "../../pipeline/engine/portable/open.ts";
import { tf } from "../../pipeline/engine/tfjs.ts";
import { randomStream } from "../../pipeline/base/random.ts";
import type { ModelSpec } from "../../pipeline/spec/schema.ts";
import { compileDecoder } from "../../pipeline/inference/decoder.ts";
import { buildVae } from "../vae/modules.ts";

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
    const { values } = decoder.write!(codes, (step) => {
      const [batch, t] = [Math.floor(calls / 5), calls % 5];
      calls++;
      return step.map((mean, i) => {
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
