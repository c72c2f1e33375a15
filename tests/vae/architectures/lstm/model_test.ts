import { assertGradients, normal, randomise, SMALL_MODELS, uniform, withVae } from "../../support.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import type { ModelSpec } from "../../../../pipeline/spec/schema.ts";
import type { LstmModel } from "../../../../pipeline/vae/architectures/lstm/schema.ts";
import { hideSteps } from "../../../../pipeline/vae/elbo.ts";
import { assertNear } from "../../../support/assert_near.ts";
import { rows, scalarDense, scalarLstm, weightsOf } from "../scalar_lstm.ts";

const STEPS = 6;
const FEATURES = 4;

function closeTo(actual: ArrayLike<number>, expected: readonly number[]): void {
  assertNear(actual, expected, { absolute: 1e-5 });
}

Deno.test("a stacked bidirectional encoder computes what the scalar equations say", () => {
  withVae(SMALL_MODELS.lstm!, [STEPS, FEATURES], (vae) => {
    randomise(vae);
    const weights = weightsOf(vae);
    const x = uniform("sequence", 2 * STEPS * FEATURES);
    const { mean, logVariance } = vae.encode(tf.tensor2d(x, [2, STEPS * FEATURES]));
    rows(x, STEPS * FEATURES).forEach((example, n) => {
      const layer = (name: string, sequence: number[][]) => {
        const back = scalarLstm(weights, `${name}/backward`, sequence, true);
        return scalarLstm(weights, `${name}/forward`, sequence).map((state, t) => [...state, ...back[t]!]);
      };
      const top = layer("encoder/lstm2", layer("encoder/lstm1", rows(example, FEATURES)));
      // The forward direction has read everything at the end, the backward one at the start.
      const last = [...top.at(-1)!.slice(0, 3), ...top[0]!.slice(3)];
      closeTo(tf.slice(mean, [n, 0], [1, 2]).dataSync(), scalarDense(weights, "encoder/mean", last));
      closeTo(
        tf.slice(logVariance, [n, 0], [1, 2]).dataSync(),
        scalarDense(weights, "encoder/logVariance", last),
      );
    });
  });
});

Deno.test("a sequence may have one step alone, there and in its gradient", () => {
  withVae(SMALL_MODELS.lstm!, [1, FEATURES], (vae) => {
    randomise(vae);
    const x = tf.tensor2d(uniform("step", 2 * FEATURES), [2, FEATURES]);
    assertGradients(vae, () => {
      const { mean, logVariance } = vae.encode(x);
      return tf.sum(tf.square(tf.sub(vae.decode(tf.add(mean, logVariance)), x))) as tf.Scalar;
    });
  });
});

Deno.test("a stacked decoder reads z at every step, as the scalar equations say", () => {
  withVae(SMALL_MODELS.lstm!, [STEPS, FEATURES], (vae) => {
    randomise(vae);
    const weights = weightsOf(vae);
    const z = normal("z", 2 * 2);
    const output = vae.decode(tf.tensor2d(z, [2, 2])).dataSync();
    const expected = rows(z, 2).flatMap((code) => {
      const first = scalarLstm(weights, "decoder/lstm1", Array.from({ length: STEPS }, () => code));
      const second = scalarLstm(weights, "decoder/lstm2", first);
      return second.flatMap((state) => scalarDense(weights, "decoder/output", state));
    });
    closeTo(output, expected);
  });
});

Deno.test("a forward encoder has no backward weights, and forget gates start open", () => {
  const model: ModelSpec = {
    architecture: "lstm",
    latentSize: 2,
    likelihood: { family: "bernoulli" },
    encoder: { units: 3, layers: 1, direction: "forward" },
    decoder: { units: 2, layers: 1 },
  };
  withVae(model, [STEPS, FEATURES], (vae) => {
    assert.ok(vae.variables.every((variable) => !variable.name.includes("backward")));
    const bias = vae.variables.find((variable) => variable.name === "encoder/lstm1/forward/bias")!;
    assert.deepEqual(Array.from(bias.dataSync()), [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  });
});

const LSTM = SMALL_MODELS.lstm as LstmModel;
const AUTOREGRESSIVE: ModelSpec = {
  ...LSTM,
  decoder: { ...LSTM.decoder, autoregressive: { wordDropout: 0.5 } },
};

Deno.test("an autoregressive decoder is the plain one with the step before added to its input", () => {
  withVae(AUTOREGRESSIVE, [STEPS, FEATURES], (vae) => {
    randomise(vae);
    const [z, x] = [normal("z", 2), uniform("x", STEPS * FEATURES)];
    const decoded = vae.decode(tf.tensor2d(z, [1, 2]), tf.tensor2d(x, [1, STEPS * FEATURES])).dataSync();

    const weights = weightsOf(vae);
    // One kernel over z and the step before, side by side.
    const joint = {
      ...weights,
      "decoder/lstm1/kernel": [
        ...Array.from(weights["decoder/lstm1/kernel"]!),
        ...Array.from(weights["decoder/lstm1/beforeKernel"]!),
      ],
    };
    const before = [new Array<number>(FEATURES).fill(0), ...rows(x, FEATURES).slice(0, -1)];
    const first = scalarLstm(joint, "decoder/lstm1", before.map((row) => [...z, ...row]));
    const second = scalarLstm(weights, "decoder/lstm2", first);
    closeTo(decoded, second.flatMap((state) => scalarDense(weights, "decoder/output", state)));
  });
});

Deno.test("a step sees the steps before it and none after", () => {
  withVae(AUTOREGRESSIVE, [STEPS, FEATURES], (vae) => {
    randomise(vae);
    const [z, x] = [tf.tensor2d(normal("z", 2), [1, 2]), uniform("x", STEPS * FEATURES)];
    const decode = (given: Float32Array) =>
      rows(vae.decode(z, tf.tensor2d(given, [1, STEPS * FEATURES])).dataSync(), FEATURES);
    const changed = x.slice();
    changed[2 * FEATURES]! += 1; // in step 2
    const [was, is] = [decode(x), decode(changed)];
    for (let t = 0; t < STEPS; t++) {
      if (t <= 2) assert.deepEqual(is[t], was[t]);
      else assert.notDeepEqual(is[t], was[t]);
    }
  });
});

Deno.test("hidden steps are zeros, the others as they were", () => {
  const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [1, 6]);
  assert.deepEqual([...hideSteps(x, tf.tensor2d([1, 0, 1], [1, 3])).dataSync()], [1, 2, 0, 0, 5, 6]);
});
