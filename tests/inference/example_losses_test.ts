import assert from "node:assert/strict";
import { randomStream } from "../../pipeline/base/random.ts";
import { open } from "../../pipeline/engine/portable/open.ts";
import { tf } from "../../pipeline/engine/tfjs.ts";
import { LossEvaluator } from "../../pipeline/inference/example_losses.ts";
import { importanceWeightedBound } from "../../pipeline/metrics/importance.ts";
import { logImportanceWeights } from "../../pipeline/vae/elbo.ts";
import { assertNear } from "../support/assert_near.ts";
import { buildObjective, buildVae } from "../vae/modules.ts";
import { LATENT, MODEL } from "./small_model.ts";

const [EXAMPLES, SIZE, SAMPLES, SEED] = [130, 12, 3, 7];

Deno.test("an objective of examples is measured beside the ELBO, which stays what it is without", async () => {
  const engine = await open();
  const vae = buildVae(MODEL, [4, 3], 1);
  try {
    const parameters = engine.parameters(vae.variables);
    const { ofExamples, samples } = buildObjective({ name: "iwae", samples: SAMPLES } as { name: string });
    const images = randomStream(1, "x").fillUniform(new Float32Array(EXAMPLES * SIZE));
    const part = {
      part: { images, examples: EXAMPLES, size: SIZE, scale: 1 },
      name: "validation" as const,
      seed: SEED,
      dynamic: false,
    };
    const indices = [...Array(EXAMPLES).keys()];
    const pause = () => Promise.resolve();
    const plain = await new LossEvaluator(engine, parameters, vae, SIZE).measure(part, indices, pause);
    const objective = { ofExamples: ofExamples!, samples, trainingExamples: EXAMPLES };
    const measured = await new LossEvaluator(engine, parameters, vae, SIZE, objective)
      .measure(part, indices, pause);
    assert.equal(plain.objective, undefined);
    assert.deepEqual(measured.reconstruction, plain.reconstruction);
    assert.deepEqual(measured.mean, plain.mean);

    // By the weights that the evaluation takes its bound from, averaged in doubles.
    for (const index of [0, 57, EXAMPLES - 1]) {
      const noise = randomStream(SEED, "noise of validation examples", index)
        .fillNormal(new Float32Array(SAMPLES * LATENT));
      const row = ({ data }: { data: Float32Array }) =>
        tf.tensor2d(data.subarray(index * LATENT, (index + 1) * LATENT), [1, LATENT]);
      const x = tf.tensor2d(images.subarray(index * SIZE, (index + 1) * SIZE), [1, SIZE]);
      const [mean, logVariance] = [row(measured.mean), row(measured.logVariance)];
      const weights = logImportanceWeights(vae, x, mean, logVariance, tf.tensor2d(noise, [SAMPLES, LATENT]));
      const bound = importanceWeightedBound(weights.dataSync() as Float32Array, SAMPLES);
      assertNear(measured.objective![index]!, -bound, { relative: 1e-5 });
    }
  } finally {
    vae.dispose();
    engine.dispose();
  }
});
