import { assertGradients, normal, randomise, SMALL_MODELS, uniform, withVae } from "../support.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { importanceWeightedBound } from "../../../pipeline/metrics/importance.ts";
import type { ModelSpec } from "../../../pipeline/spec/schema.ts";
import { elboTerms, logImportanceWeights, trainingLoss } from "../../../pipeline/vae/elbo.ts";
import type { ObjectiveBase } from "../../../pipeline/vae/objectives/objective.ts";
import type { Vae } from "../../../pipeline/vae/vae.ts";
import { assertNear } from "../../support/assert_near.ts";
import { buildObjective } from "../modules.ts";

const SHAPE = [6, 4];
const COMPONENTS = 3;
const PRIOR = { name: "vamp", components: COMPONENTS } as const;
const MODEL: ModelSpec = { ...SMALL_MODELS.dense!, prior: PRIOR };

const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

/** The mixture's components by the definition: what the encoder says of the pseudo-inputs, which are cut to [0, 1]. */
function componentsOf(vae: Vae): { mean: number[][]; deviation: number[][] } {
  const free = vae.variables.find(({ name }) => name === "prior/pseudoInputs")!;
  const inputs = numbers(free).map((value) => Math.min(1, Math.max(0, value)));
  const { mean, logVariance } = vae.encode(tf.tensor(inputs, free.shape));
  return {
    mean: mean.arraySync(),
    deviation: (logVariance.arraySync()).map((row) => row.map((l) => Math.exp(l / 2))),
  };
}

const density = (x: number, mean: number, deviation: number) =>
  Math.exp(-0.5 * ((x - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI));

function priorDensity({ mean, deviation }: ReturnType<typeof componentsOf>, z: readonly number[]): number {
  return mean.reduce(
    (sum, m, k) => sum + z.reduce((p, x, d) => p * density(x, m[d]!, deviation[k]![d]!), 1) / mean.length,
    0,
  );
}

Deno.test("a VampPrior is the mean of the posteriors of its pseudo-inputs, and integrates to 1", () => {
  withVae(MODEL, SHAPE, (vae) => {
    randomise(vae);
    const components = componentsOf(vae);
    const h = 0.1, side = 161;
    const grid = Array.from(
      { length: side * side },
      (_, i) => [i % side, Math.floor(i / side)].map((j) => (j - 80) * h),
    );
    // With q(z|x) = N(0, I) and noise that is z, log p(z) is the ratio plus a known density.
    const z = tf.tensor2d(grid);
    const ratios = numbers(vae.prior.logRatio(z, tf.zeros([1, 2]), z));
    let total = 0;
    for (const [i, at] of grid.entries()) {
      const p = Math.exp(ratios[i]!) * density(at[0]!, 0, 1) * density(at[1]!, 0, 1);
      total += p * h * h;
      if (i % 97 === 0) assertNear(p, priorDensity(components, at), { absolute: 1e-6, relative: 1e-4 });
    }
    assertNear(total, 1, { absolute: 1e-3 });
  });
});

Deno.test("the KL to a VampPrior is estimated without bias: its mean over noise is the integral of q log(q / p)", () => {
  withVae(MODEL, SHAPE, (vae) => {
    randomise(vae);
    const components = componentsOf(vae);
    const n = 4000;
    const x = tf.tensor(uniform("one example", 24), [1, 24]);
    const { posterior, kl } = elboTerms(vae, tf.tile(x, [n, 1]), tf.tensor(normal("many", n * 2), [n, 2]));
    const [mean, logVariance] = [posterior.mean, posterior.logVariance].map((all) =>
      numbers(all).slice(0, 2)
    );
    const deviation = logVariance!.map((l) => Math.exp(l / 2));
    let expected = 0;
    const h = 0.1;
    for (let a = -6; a <= 6; a += h) {
      for (let b = -6; b <= 6; b += h) {
        const at = [mean![0]! + a * deviation[0]!, mean![1]! + b * deviation[1]!];
        const q = at.reduce((p, value, d) => p * density(value, mean![d]!, deviation[d]!), 1);
        expected += q * Math.log(q / priorDensity(components, at)) * h * h * deviation[0]! * deviation[1]!;
      }
    }
    const estimates = numbers(kl);
    assert.deepEqual(kl.shape, [n, 1]);
    const average = estimates.reduce((sum, value) => sum + value / n, 0);
    const variance = estimates.reduce((sum, value) => sum + (value - average) ** 2 / n, 0);
    assertNear(average, expected, { absolute: 4 * Math.sqrt(variance / n) + 1e-3 });
  });
});

Deno.test("codes of a VampPrior are those of the chosen component: mean and deviation times noise", () => {
  withVae(MODEL, SHAPE, (vae) => {
    randomise(vae);
    const { mean, deviation } = componentsOf(vae);
    const choices = [0, 0.33, 0.34, 0.5, 0.67, 0.9999999];
    const noise = normal("noise of codes", 2 * choices.length);
    const z = vae.prior.sample(
      tf.tensor(noise, [choices.length, 2]),
      tf.tensor2d(choices, [choices.length, 1]),
    );
    const expected = choices.flatMap((u, i) => {
      const k = Math.floor(u * COMPONENTS);
      return [0, 1].map((d) => mean[k]![d]! + deviation[k]![d]! * noise[2 * i + d]!);
    });
    assertNear(numbers(z), expected, { absolute: 1e-5 });
  });
});

for (const objective of [{ name: "elbo" }, { name: "iwae", samples: 3 }]) {
  Deno.test(`the gradients of ${JSON.stringify(objective)} under a VampPrior agree with finite differences`, () => {
    withVae(MODEL, SHAPE, (vae) => {
      randomise(vae);
      const made = buildObjective(objective as ObjectiveBase);
      const n = 5;
      const x = tf.tensor(uniform("examples", n * 24), [n, 24]);
      const noise = tf.tensor(normal("noise", n * made.samples * 2), [n, made.samples * 2]);
      // Pseudo-inputs well inside of [0, 1]: at its ends the slope has a corner.
      const free = vae.variables.find(({ name }) => name === "prior/pseudoInputs")!;
      free.assign(tf.tensor(uniform("pseudo-inputs", free.size).map((u) => 0.2 + 0.6 * u), free.shape));
      const loss = () => {
        const terms = elboTerms(vae, x, noise, { samples: made.samples });
        return trainingLoss(made, { ...terms, klWeight: tf.scalar(0.8), freeBits: 0, trainingExamples: n })
          .loss;
      };
      assertGradients(vae, loss);
    });
  });
}

Deno.test("under a VampPrior the importance-weighted bound rises to the integral of p(x|z) p(z)", () => {
  const model: ModelSpec = {
    ...MODEL,
    latentSize: 1,
    likelihood: { family: "gaussian", standardDeviation: 0.8 },
  };
  withVae(model, SHAPE, (vae) => {
    randomise(vae);
    const components = componentsOf(vae);
    const x = tf.tensor(uniform("one example", 24), [1, 24]);
    const h = 0.01;
    const grid = Array.from({ length: 2401 }, (_, i) => (i - 1200) * h);
    const losses = numbers(
      vae.likelihood.negativeLogLikelihood(vae.decode(tf.tensor2d(grid, [grid.length, 1])), x),
    );
    const least = Math.min(...losses);
    const integral = grid.reduce(
      (sum, z, i) => sum + priorDensity(components, [z]) * Math.exp(least - losses[i]!) * h,
      0,
    );
    const exact = Math.log(integral) - least;
    const { mean, logVariance } = vae.encode(x);
    const samples = 5000;
    const noise = tf.tensor(normal("importance", samples), [samples, 1]);
    const weights = numbers(logImportanceWeights(vae, x, mean, tf.add(logVariance, 1), noise));
    const [one, all] = [1, samples].map((k) => importanceWeightedBound(weights, k));
    assert.ok(one! < all!);
    assertNear(all, exact, { absolute: 0.05 });
  });
});
