import { assertGradients, normal, randomise, SMALL_MODELS, uniform, withVae } from "../support.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { elboTerms, trainingLoss } from "../../../pipeline/vae/elbo.ts";
import type { ObjectiveBase, ObjectiveTerms } from "../../../pipeline/vae/objectives/objective.ts";
import { OBJECTIVES as TABLE } from "../../../pipeline/vae/objectives/objectives.ts";
import type { Vae } from "../../../pipeline/vae/vae.ts";
import { logWeights } from "../../../pipeline/vae/objectives/beta_tc.ts";
import { assertNear } from "../../support/assert_near.ts";
import { buildObjective } from "../modules.ts";
import { GAMES } from "./adversarial/games.ts";

const SHAPE = [6, 4];
const EXAMPLES = 5;

/** Every objective, with settings that no term vanishes at. */
const OBJECTIVES: readonly (ObjectiveBase & Readonly<Record<string, unknown>>)[] = [
  { name: "elbo" },
  { name: "iwae", samples: 3 },
  { name: "beta-tc", beta: 4, estimator: "weighted" },
  { name: "beta-tc", beta: 4, estimator: "stratified" },
  { name: "mmd", alpha: 0.5, lambda: 30 },
];

Deno.test("every objective is among those whose gradients are tested", () => {
  const having = (part: "adversary" | "labels") =>
    Object.keys(TABLE).filter((name) => buildObjective(GAMES[name] ?? { name })[part]);
  const games = having("adversary");
  // m2/m2_test.ts has those that see few labels.
  assert.deepEqual(
    new Set([...OBJECTIVES.map(({ name }) => name), ...games, ...having("labels")]),
    new Set(Object.keys(TABLE)),
  );
  assert.deepEqual(games.sort(), Object.keys(GAMES).sort(), "adversarial/games_test.ts tests those");
});

function termsOf(vae: Vae, samples: number, klWeight: number): ObjectiveTerms {
  const x = tf.tensor(uniform("examples", EXAMPLES * 24), [EXAMPLES, 24]);
  const noise = normal("noise", EXAMPLES * samples * vae.latentSize);
  const terms = elboTerms(vae, x, tf.tensor(noise, [EXAMPLES, samples * vae.latentSize]), { samples });
  const priorCodes = tf.tensor(normal("prior", EXAMPLES * vae.latentSize), [EXAMPLES, vae.latentSize]);
  return { ...terms, priorCodes, klWeight: tf.scalar(klWeight), freeBits: 0, trainingExamples: 40 };
}

const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

for (const spec of OBJECTIVES) {
  Deno.test(`the gradients of ${JSON.stringify(spec)} agree with finite differences`, () => {
    withVae(SMALL_MODELS.dense!, SHAPE, (vae) => {
      randomise(vae);
      const objective = buildObjective(spec);
      const loss = () => trainingLoss(objective, termsOf(vae, objective.samples, 0.8)).loss;
      assertGradients(vae, loss);
    });
  });
}

/** log N(z; mean, exp(logVariance)), summed over a row, by the definition and in doubles. */
function logNormal(z: readonly number[], mean: readonly number[], logVariance: readonly number[]): number {
  return z.reduce((sum, value, d) => {
    const square = (value - mean[d]!) ** 2 / Math.exp(logVariance[d]!);
    return sum - (square + logVariance[d]! + Math.log(2 * Math.PI)) / 2;
  }, 0);
}

const rows = (tensor: tf.Tensor) => tensor.arraySync() as number[][];

Deno.test("the importance-weighted objective is minus the log of the mean of the weights p(x, z) / q(z|x)", () => {
  withVae(SMALL_MODELS.dense!, SHAPE, (vae) => {
    randomise(vae);
    for (const samples of [1, 4]) {
      const terms = termsOf(vae, samples, 1);
      const [means, logVariances] = [rows(terms.posterior.mean), rows(terms.posterior.logVariance)];
      const [codes, reconstruction] = [rows(terms.z), numbers(terms.reconstruction)];
      assert.equal(codes.length, EXAMPLES * samples);
      const bounds = means.map((mean, i) => {
        const weights = Array.from({ length: samples }, (_, k) => {
          const z = codes[i * samples + k]!;
          const prior = logNormal(z, z.map(() => 0), z.map(() => 0));
          const posterior = logNormal(z, mean, logVariances[i]!);
          return Math.exp(prior - posterior - reconstruction[i * samples + k]!);
        });
        return Math.log(weights.reduce((sum, weight) => sum + weight / samples, 0));
      });
      const expected = -bounds.reduce((sum, bound) => sum + bound / EXAMPLES, 0);
      const actual = numbers(buildObjective({ name: "iwae", samples } as ObjectiveBase).loss(terms))[0]!;
      assertNear(actual, expected, { absolute: 1e-4 });
    }
  });
});

Deno.test("several codes of an example are decoded as if each were an example of its own", () => {
  withVae(SMALL_MODELS.conv!, SHAPE, (vae) => {
    randomise(vae);
    const samples = 3;
    const { z, reconstruction } = termsOf(vae, samples, 1);
    const x = tf.tensor(uniform("examples", EXAMPLES * 24), [EXAMPLES, 24]);
    for (let i = 0; i < EXAMPLES; i++) {
      const output = vae.decode(tf.slice(z, [i * samples, 0], [samples, vae.latentSize]));
      const alone = vae.likelihood.negativeLogLikelihood(output, tf.slice(x, [i, 0], [1, 24]));
      const together = tf.slice(reconstruction, [i * samples], [samples]);
      assertNear(numbers(together), numbers(alone), { absolute: 1e-5 });
    }
  });
});

Deno.test("one importance sample is the ELBO: on average over its noise", () => {
  withVae(SMALL_MODELS.dense!, SHAPE, (vae) => {
    randomise(vae);
    const n = 4000;
    const x = tf.tile(tf.tensor(uniform("one example", 24), [1, 24]), [n, 1]);
    const terms = elboTerms(vae, x, tf.tensor(normal("many", n * vae.latentSize), [n, vae.latentSize]));
    const given = { ...terms, klWeight: tf.scalar(1), freeBits: 0, trainingExamples: n };
    const [elbo] = numbers(buildObjective({ name: "elbo" }).loss(given));
    const [one] = numbers(buildObjective({ name: "iwae", samples: 1 } as ObjectiveBase).loss(given));
    // Their difference is the error of the estimated KL: four standard errors of it.
    const estimates = numbers(terms.logRatio());
    const mean = estimates.reduce((sum, value) => sum + value / n, 0);
    const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2 / n, 0);
    assertNear(one, elbo!, { absolute: 4 * Math.sqrt(variance / n) });
  });
});

const make = (spec: object) => buildObjective(spec as ObjectiveBase);

Deno.test("beta-TC at β = 1 and an InfoVAE at α = 0, λ = 1 are the ELBO, at any KL weight", () => {
  withVae(SMALL_MODELS.dense!, SHAPE, (vae) => {
    randomise(vae);
    for (const klWeight of [0, 0.4, 1]) {
      const terms = termsOf(vae, 1, klWeight);
      const [elbo] = numbers(make({ name: "elbo" }).loss(terms));
      for (const estimator of ["weighted", "stratified"]) {
        assertNear(numbers(make({ name: "beta-tc", beta: 1, estimator }).loss(terms)), [elbo!], {
          absolute: 1e-4,
        });
      }
      assertNear(numbers(make({ name: "mmd", alpha: 0, lambda: 1 }).loss(terms)), [elbo!], {
        absolute: 1e-4,
      });
    }
  });
});

/** Terms of codes with these posteriors and nothing to reconstruct. */
function codesOf(
  mean: number[][],
  logVariance: number[][],
  z: number[][],
  trainingExamples: number,
): ObjectiveTerms {
  return {
    posterior: { mean: tf.tensor2d(mean), logVariance: tf.tensor2d(logVariance) },
    z: tf.tensor2d(z),
    reconstruction: tf.zeros([z.length]),
    kl: tf.zeros([z.length, 1]),
    logRatio: () => tf.zeros([z.length]),
    klWeight: tf.scalar(1),
    freeBits: 0,
    trainingExamples,
  };
}

Deno.test("the total correlation is that of the definition: 0 where dimensions are independent, log 2 where one says all of the other", () => {
  tf.tidy(() => {
    // β = 2 and a KL of 0 leave the total correlation. The batch is all there is.
    const tc = make({ name: "beta-tc", beta: 2, estimator: "stratified" });
    const alike = codesOf([[0, 0], [0, 0]], [[0, 0], [0, 0]], [[0.3, -1], [2, 0.5]], 2);
    assertNear(numbers(tc.loss(alike)), [0], { absolute: 1e-6 });
    const narrow = -6;
    const tied = codesOf([[3, 3], [-3, -3]], [[narrow, narrow], [narrow, narrow]], [[3, 3], [-3, -3]], 2);
    assertNear(numbers(tc.loss(tied)), [Math.log(2)], { absolute: 1e-5 });
  });
});

Deno.test("minibatch-weighted sampling is log of the sum over the batch, divided by its size and the data's", () => {
  withVae(SMALL_MODELS.dense!, SHAPE, (vae) => {
    randomise(vae);
    const terms = termsOf(vae, 1, 1);
    const [means, logVariances, codes] = [terms.posterior.mean, terms.posterior.logVariance, terms.z].map(
      rows,
    );
    const logMean = (densities: number[]) =>
      Math.log(densities.reduce((sum, l) => sum + Math.exp(l), 0) / (EXAMPLES * 40));
    const expected = codes!.reduce((sum, z) => {
      const at = (d: number) =>
        means!.map((mean, j) => logNormal([z[d]!], [mean[d]!], [logVariances![j]![d]!]));
      const whole = logMean(means!.map((mean, j) => logNormal(z, mean, logVariances![j]!)));
      return sum + (whole - z.reduce((all, _, d) => all + logMean(at(d)), 0)) / EXAMPLES;
    }, 0);
    const loss = (beta: number) =>
      numbers(make({ name: "beta-tc", beta, estimator: "weighted" }).loss(terms))[0]!;
    assertNear(loss(2) - loss(1), expected, { absolute: 1e-3 });
  });
});

Deno.test("stratified weights are without bias: a code's own example has 1/N, the others together the rest", () => {
  for (const [n, all] of [[2, 2], [3, 10], [16, 1000]] as const) {
    const weights = rows(tf.tidy(() => tf.exp(logWeights("stratified", n, all))));
    for (const [i, row] of weights.entries()) {
      assertNear(row[i], 1 / all, { relative: 1e-5 });
      assertNear(row.reduce((sum, weight) => sum + weight, 0), 1, { absolute: 1e-5 });
    }
  }
});

Deno.test("the discrepancy is 0 between a sample and itself, and else that of the kernel's definition", () => {
  tf.tidy(() => {
    const objective = make({ name: "mmd", alpha: 1, lambda: 1 });
    const a = [[0, 1], [2, -1], [0.5, 0.5]], b = [[1, 1], [-1, 0], [0, -2]];
    const terms = codesOf(a, a, a, 3);
    assertNear(numbers(objective.loss({ ...terms, priorCodes: tf.tensor2d(a) })), [0], { absolute: 1e-6 });
    const likeness = (p: number[][], q: number[][]) =>
      p.reduce(
        (sum, x) =>
          sum +
          q.reduce((all, y) => all + Math.exp(-((x[0]! - y[0]!) ** 2 + (x[1]! - y[1]!) ** 2) / 4) / 9, 0),
        0,
      );
    const expected = likeness(a, a) + likeness(b, b) - 2 * likeness(a, b);
    assertNear(numbers(objective.loss({ ...terms, priorCodes: tf.tensor2d(b) })), [expected], {
      absolute: 1e-6,
    });
  });
});
