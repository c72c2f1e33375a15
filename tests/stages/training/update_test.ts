import assert from "node:assert/strict";
import { BACKEND_NAMES } from "../../../pipeline/engine/backends.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { type TrainingData, type TrainSlice, Update } from "../../../pipeline/stages/training/update.ts";
import type { Vae } from "../../../pipeline/vae/vae.ts";
import { createPrior } from "../../../pipeline/vae/priors/standard_normal.ts";
import { buildObjective } from "../../vae/modules.ts";
import { openEngine, optimiser, testEngine } from "../../engine/engines.ts";

/** Intensities 0 and 1; an example is one value. */
const part = { images: Uint8Array.of(0, 1), examples: 2, size: 1, scale: 1 };
const DATASET = { train: part, validation: part, test: part, info: { binarisation: "none" } };

/** A posterior N(weight x, 1), whose KL is (weight x)^2 / 2, and a likelihood that is the same for all. */
function model(): Vae {
  const weight = tf.variable(tf.scalar(0), true, "weight");
  const vae: Vae = {
    variables: [weight],
    latentSize: 1,
    likelihood: {
      mean: (output: tf.Tensor) => output,
      negativeLogLikelihood: (_: tf.Tensor, x: tf.Tensor) => tf.sum(tf.mul(x, 0), 1),
    } as unknown as Vae["likelihood"],
    encode: (x) => ({
      mean: tf.mul(x, weight) as tf.Tensor2D,
      logVariance: tf.mul(x, 0) as tf.Tensor2D,
    }),
    decode: (z) => z as tf.Tensor2D,
    prior: createPrior(),
    autoregression: undefined,
    classes: 0,
    given: () => vae,
    dispose: () => weight.dispose(),
  };
  return vae;
}

for (const name of BACKEND_NAMES) {
  testEngine(
    name,
    `the ${name} engine holds free bits to the mean over the whole batch, not over its halves`,
    async () => {
      const engine = await openEngine(name);
      const vae = model();
      const slice = {
        seed: 1,
        model: { latentSize: 1 },
        kl: { schedule: "constant", weight: 1, freeBits: 0.5 },
        training: { batchSize: 4 },
      } as unknown as TrainSlice;
      try {
        const parameters = engine.parameters(vae.variables, optimiser({ name: "sgd" }));
        const update = new Update(
          slice,
          buildObjective({ name: "elbo" }),
          DATASET as unknown as TrainingData,
          engine,
          vae,
          parameters,
        );
        const of = (weight: number) => {
          parameters.set("weight", Float32Array.of(weight));
          update.enqueue(0, Uint32Array.of(0, 0, 1, 1), 1, 0.1);
          const [{ loss, KL }] = update.collect() as unknown as [{ loss: number; KL: number }];
          return { loss, KL, moved: parameters.get("weight")[0]! - Math.fround(weight) };
        };
        // KLs of 0, 0, 0.98, 0.98: 0.49 on average is free, though of one half it would not be.
        const free = of(1.4);
        assert.equal(free.loss, 0.5);
        assert.ok(Math.abs(free.KL - 0.49) < 1e-6);
        assert.equal(free.moved, 0);
        // KLs of 0, 0, 2, 2: a mean of 1, whose slope is weight / 2.
        const paid = of(2);
        assert.ok(Math.abs(paid.loss - 1) < 1e-6);
        assert.ok(Math.abs(paid.moved + 0.1) < 1e-6);
      } finally {
        engine.dispose();
        vae.dispose();
      }
    },
  );
}
