import { normal, randomise, uniform, withVae } from "../../support.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import type { HierarchicalModel } from "../../../../pipeline/vae/architectures/hierarchical/schema.ts";
import { hierarchical } from "../../../../pipeline/vae/architectures/hierarchical/spec.ts";
import type { DecoderState } from "../../../../pipeline/vae/architectures/architecture.ts";
import type { Vae } from "../../../../pipeline/vae/vae.ts";
import { assertNear } from "../../../support/assert_near.ts";
import { rows, scalarDense, scalarLstm, weightsOf } from "../scalar_lstm.ts";

const [STEPS, FEATURES, SEGMENT, LATENT] = [6, 4, 3, 2];

const MODEL: HierarchicalModel = {
  architecture: "hierarchical",
  latentSize: LATENT,
  likelihood: { family: "bernoulli" },
  encoder: { units: 3, layers: 1, direction: "bidirectional" },
  conductor: { units: 5, embedding: 3 },
  segment: SEGMENT,
  decoder: { units: 4, wordDropout: 0.5 },
};

/** Teacher-forced output for one code, by the scalar equations. */
function expected(vae: Vae, z: number[], x: number[][]): number[] {
  const weights = weightsOf(vae);
  const conducted = scalarLstm(
    weights,
    "decoder/conductor",
    Array.from({ length: STEPS / SEGMENT }, () => z),
  );
  // One kernel over the embedding and the step before, side by side.
  const joint = {
    ...weights,
    "decoder/lstm/kernel": [
      ...Array.from(weights["decoder/lstm/kernel"]!),
      ...Array.from(weights["decoder/lstm/beforeKernel"]!),
    ],
  };
  const before = [new Array<number>(FEATURES).fill(0), ...x.slice(0, -1)];
  return conducted.flatMap((hidden, segment) => {
    const embedding = scalarDense(weights, "decoder/embedding", hidden).map(Math.tanh);
    const told = before.slice(segment * SEGMENT, (segment + 1) * SEGMENT).map((
      row,
    ) => [...embedding, ...row]);
    return scalarLstm(joint, "decoder/lstm", told).flatMap((state) =>
      scalarDense(weights, "decoder/output", state)
    );
  });
}

Deno.test("a conductor tells each segment what to write, and the decoder begins anew in each, as the scalar equations say", () => {
  withVae(MODEL, [STEPS, FEATURES], (vae) => {
    randomise(vae);
    const [z, x] = [normal("z", 2 * LATENT), uniform("x", 2 * STEPS * FEATURES)];
    const decoded = vae.decode(tf.tensor2d(z, [2, LATENT]), tf.tensor2d(x, [2, STEPS * FEATURES])).dataSync();
    const all = rows(z, LATENT).flatMap((code, i) =>
      expected(vae, code, rows(rows(x, STEPS * FEATURES)[i]!, FEATURES))
    );
    assertNear(decoded, all, { absolute: 1e-5 });
  });
});

Deno.test("one example may stand for all codes, as importance weights have it", () => {
  withVae(MODEL, [STEPS, FEATURES], (vae) => {
    randomise(vae);
    const [z, x] = [normal("z", 3 * LATENT), uniform("x", STEPS * FEATURES)];
    const decoded = vae.decode(tf.tensor2d(z, [3, LATENT]), tf.tensor2d(x, [1, STEPS * FEATURES])).dataSync();
    assertNear(decoded, rows(z, LATENT).flatMap((code) => expected(vae, code, rows(x, FEATURES))), {
      absolute: 1e-5,
    });
  });
});

for (const segment of [1, 2, 3, 6]) {
  Deno.test(`step by step the decoder writes what it writes at once, in segments of ${segment}`, () => {
    withVae({ ...MODEL, segment }, [STEPS, FEATURES], (vae) => {
      randomise(vae);
      const z = tf.tensor2d(normal("z", 2 * LATENT), [2, LATENT]);
      const x = tf.tensor2d(uniform("x", 2 * STEPS * FEATURES), [2, STEPS * FEATURES]);
      const atOnce = tf.reshape(vae.decode(z, x), [2, STEPS, FEATURES]);
      const { step, state: shapes } = vae.autoregression!;
      let state: DecoderState = Object.fromEntries(
        Object.entries(shapes).map(([name, shape]) => [name, tf.zeros([2, ...shape])]),
      );
      let before: tf.Tensor = tf.zeros([2, FEATURES]);
      for (let t = 0; t < STEPS; t++) {
        const next = step(z, before, state);
        assertNear(next.output.dataSync(), tf.slice(atOnce, [0, t, 0], [2, 1, FEATURES]).dataSync(), {
          absolute: 1e-5,
        });
        state = next.state;
        before = tf.reshape(tf.slice(tf.reshape(x, [2, STEPS, FEATURES]), [0, t, 0], [2, 1, FEATURES]), [
          2,
          FEATURES,
        ]);
      }
    });
  });
}

Deno.test("a segment depends on what is before it by one step alone: what comes further must be in z", () => {
  withVae(MODEL, [STEPS, FEATURES], (vae) => {
    randomise(vae);
    const [z, x] = [tf.tensor2d(normal("z", LATENT), [1, LATENT]), uniform("x", STEPS * FEATURES)];
    const decode = (given: Float32Array) =>
      rows(vae.decode(z, tf.tensor2d(given, [1, STEPS * FEATURES])).dataSync(), FEATURES);
    const changed = x.slice();
    changed[0]! += 1; // in the first step of the first segment
    const [was, is] = [decode(x), decode(changed)];
    const same = was.map((row, t) => String(row) === String(is[t]));
    assert.deepEqual(same, [true, false, false, true, true, true]);
  });
});

Deno.test("examples that cannot be divided into segments are refused", () => {
  assert.deepEqual(hierarchical.problems(MODEL, [6, 4]), []);
  const [problem] = hierarchical.problems(MODEL, [7, 4]);
  assert.deepEqual(problem!.path, ["model", "segment"]);
  assert.match(problem!.message, /The 7 steps of an example cannot be divided into segments of 3/);
});
