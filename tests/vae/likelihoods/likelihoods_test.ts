import "../../../pipeline/engine/tfjs.ts"; // silences tfjs before it makes its first tensor
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import type {
  Likelihood,
  LikelihoodBase,
  LikelihoodModule,
} from "../../../pipeline/vae/likelihoods/likelihood.ts";
import { LIKELIHOODS } from "../../../pipeline/vae/likelihoods/likelihoods.ts";
import type { Shape } from "../../../pipeline/base/shape.ts";
import { Variables } from "../../../pipeline/vae/variables.ts";
import { assertNear } from "../../support/assert_near.ts";
import { normal, uniform } from "../support.ts";

type Spec = LikelihoodBase & Readonly<Record<string, unknown>>;

/** A likelihood over so many values, and the variables that it learns. */
async function build(
  spec: Spec,
  values: number,
  shape: Shape = [values],
): Promise<{ likelihood: Likelihood; learned: tf.Variable[] }> {
  const { module } = LIKELIHOODS[spec.family as keyof typeof LIKELIHOODS];
  const { createLikelihood }: LikelihoodModule = await import(module.href);
  const variables = new Variables(1);
  const likelihood = createLikelihood(spec, variables, values, shape);
  return { likelihood, learned: variables.list };
}

/** -log p of each of many values under one output of the decoder for a single value. */
function losses(
  { negativeLogLikelihood }: Likelihood,
  output: readonly number[],
  xs: readonly number[],
): number[] {
  return tf.tidy(() =>
    Array.from(
      negativeLogLikelihood(tf.tensor2d([[...output]]), tf.tensor2d([...xs], [xs.length, 1])).dataSync(),
    )
  );
}

function meanOf({ mean }: Likelihood, output: readonly number[]): number {
  return tf.tidy(() => mean(tf.tensor2d([[...output]])).dataSync()[0]!);
}

/** Simpson's rule. */
function integral(values: readonly number[], h: number): number {
  return values.reduce((sum, value, i) => {
    const weight = i === 0 || i === values.length - 1 ? 1 : i % 2 === 1 ? 4 : 2;
    return sum + weight * value * h / 3;
  }, 0);
}

const LEVELS = Array.from({ length: 256 }, (_, level) => level / 255);

Deno.test("the continuous Bernoulli integrates to 1 over [0, 1] and has the mean it says, near λ = 1/2 and far", async () => {
  const { likelihood } = await build({ family: "continuous-bernoulli" }, 1);
  const steps = 2000;
  const xs = Array.from({ length: steps + 1 }, (_, i) => i / steps);
  for (const logit of [0, 1e-7, -1e-4, 0.01, 0.3, -0.49, 0.5, 0.51, -2, 5, -12, 40]) {
    const densities = losses(likelihood, [logit], xs).map((loss) => Math.exp(-loss));
    assertNear(integral(densities, 1 / steps), 1, { absolute: 3e-6, what: `logit ${logit}` });
    const mean = integral(densities.map((density, i) => density * xs[i]!), 1 / steps);
    assertNear(meanOf(likelihood, [logit]), mean, { absolute: 3e-6, what: `mean at logit ${logit}` });
  }
});

Deno.test("the continuous Bernoulli's normaliser is that of the paper, 2 atanh(1 - 2λ) / (1 - 2λ), and 2 at 1/2", async () => {
  const { likelihood } = await build({ family: "continuous-bernoulli" }, 1);
  for (const lambda of [0.01, 0.3, 0.45, 0.499, 0.5, 0.52, 0.8, 0.999]) {
    const logit = Math.log(lambda / (1 - lambda));
    const c = lambda === 0.5 ? 2 : 2 * Math.atanh(1 - 2 * lambda) / (1 - 2 * lambda);
    for (const x of [0, 0.25, 1]) {
      const expected = -Math.log(c * lambda ** x * (1 - lambda) ** (1 - x));
      assertNear(losses(likelihood, [logit], [x]), [expected], { absolute: 2e-6 });
    }
  }
  for (const logit of [1000, -1000]) {
    assertNear(losses(likelihood, [logit], [0.5]), [500 - Math.log(1000)], { relative: 1e-6 });
    assertNear(meanOf(likelihood, [logit]), logit > 0 ? 0.999 : 0.001, { absolute: 1e-6 });
  }
});

Deno.test("the discretised logistic gives its 256 levels probabilities whose sum is 1, and their mean", async () => {
  for (const scale of [0.002, 0.02, 0.3]) {
    const { likelihood } = await build({ family: "discretised-logistic", scale }, 1);
    assert.equal(likelihood.levels, 256);
    for (const location of [-0.3, 0, 0.2, 0.5017, 1, 1.4]) {
      const probabilities = losses(likelihood, [location], LEVELS).map((loss) => Math.exp(-loss));
      const total = probabilities.reduce((sum, p) => sum + p, 0);
      assertNear(total, 1, { absolute: 2e-5, what: `scale ${scale}, location ${location}` });
      // By the definition: what a logistic distribution has between the edges of a level.
      const below = (edge: number) => 1 / (1 + Math.exp(-(edge - location) / scale));
      const expected = LEVELS.map((x, k) =>
        (k === 255 ? 1 : below(x + 0.5 / 255)) - (k === 0 ? 0 : below(x - 0.5 / 255))
      );
      assertNear(probabilities, expected, { absolute: 1e-5 });
      const mean = expected.reduce((sum, p, k) => sum + p * LEVELS[k]!, 0);
      assertNear(meanOf(likelihood, [location]), mean, { absolute: 0.03 / 255, what: "mean" });
    }
  }
});

Deno.test("levels that are far out for a discretised logistic have finite losses, which grow with the distance", async () => {
  const { likelihood } = await build({ family: "discretised-logistic", scale: 1e-3 }, 1);
  const [near, far] = losses(likelihood, [0.1], [LEVELS[100]!, LEVELS[200]!]);
  // log p falls by 1 / scale for each unit of distance.
  assertNear(far! - near!, 100 / 255 / 1e-3, { relative: 1e-4 });
});

Deno.test("a Gaussian's deviation for each value, or from the decoder, is that of a density which integrates to 1", async () => {
  const xs = Array.from({ length: 8001 }, (_, i) => 0.3 + (i - 4000) / 400);
  for (const standardDeviation of ["per-value", "decoder"] as const) {
    const { likelihood, learned } = await build({ family: "gaussian", standardDeviation }, 1);
    for (const free of [-2, 0, 1]) {
      for (const variable of learned) variable.assign(tf.fill(variable.shape, free));
      const output = standardDeviation === "decoder" ? [0.3, free] : [0.3];
      const densities = losses(likelihood, output, xs).map((loss) => Math.exp(-loss));
      assertNear(integral(densities, 1 / 400), 1, { absolute: 1e-4 });
      assert.equal(meanOf(likelihood, output), Math.fround(0.3));
      // log σ = log 0.004 + softplus(free + log 0.3 - log 0.004); the peak is 1 / (σ sqrt(2π)).
      const deviation = 0.004 * (1 + Math.exp(free + Math.log(0.3 / 0.004)));
      assertNear(densities[4000], 1 / (deviation * Math.sqrt(2 * Math.PI)), { relative: 1e-5 });
    }
    tf.dispose(learned);
  }
});

Deno.test("a deviation that is learned keeps above 0.004, however far its variable falls", async () => {
  const { likelihood } = await build({ family: "gaussian", standardDeviation: "decoder" }, 1);
  const [loss] = losses(likelihood, [0.5, -1000], [0.5]);
  assertNear(loss, Math.log(0.004 * Math.sqrt(2 * Math.PI)), { absolute: 1e-5 });
});

Deno.test("categorical probabilities are the exponentials of the logits by their sum, and sum to 1 over all symbols", async () => {
  const symbols = 4,
    logits = [0.3, -1, 2, 0.5, 90, -90, 0, 1],
    of = (k: number) => logits.slice(4 * k, 4 * k + 4);
  const { likelihood } = await build({ family: "categorical" }, 8, [1, 2, symbols]);
  const expected = [of(0), of(1)].map((own) => {
    const most = Math.max(...own), total = own.reduce((sum, l) => sum + Math.exp(l - most), 0);
    return own.map((l) => most + Math.log(total) - l); // -log p
  });
  const oneHot = (a: number, b: number) =>
    Array.from({ length: 8 }, (_, i) => Number(i === a || i === 4 + b));
  const pairs = Array.from({ length: symbols ** 2 }, (_, i) => [i >> 2, i % 4] as const);
  const x = tf.tensor2d(pairs.map(([a, b]) => oneHot(a, b)));
  const nll = Array.from(likelihood.negativeLogLikelihood(tf.tensor2d([logits]), x).dataSync());
  assertNear(nll, pairs.map(([a, b]) => expected[0]![a]! + expected[1]![b]!), {
    relative: 1e-6,
    absolute: 1e-6,
  });
  assertNear(nll.reduce((sum, loss) => sum + Math.exp(-loss), 0), 1, { absolute: 1e-6 });
  const mean = Array.from(likelihood.mean(tf.tensor2d([logits])).dataSync());
  assertNear(mean, expected.flat().map((loss) => Math.exp(-loss)), { absolute: 1e-6 });
});

Deno.test("a voice without a symbol is unknown: it counts nothing", async () => {
  const { likelihood } = await build({ family: "categorical" }, 6, [2, 1, 3]);
  const logits = tf.tensor2d([[1, 2, 3, 4, 5, 7]]);
  const of = (...x: number[]) => likelihood.negativeLogLikelihood(logits, tf.tensor2d([x])).dataSync()[0]!;
  assertNear(of(0, 0, 0, 0, 0, 0), 0, { absolute: 0 });
  assertNear(of(0, 1, 0, 0, 0, 0) + of(0, 0, 0, 1, 0, 0), of(0, 1, 0, 1, 0, 0), { absolute: 1e-6 });
});

Deno.test("a padded sequence has the likelihood of the sequence that was filled up, whatever is put out behind it", async () => {
  const padded = (await build({ family: "padded-bernoulli" }, 15, [5, 3])).likelihood;
  const plain = (await build({ family: "bernoulli" }, 9)).likelihood;
  const logits = normal("padded logits", 15);
  // A silent step within the sequence belongs to it; the last step with a 1 is the third.
  const sequence = [1, 0, 1, 0, 0, 0, 0, 1, 0];
  const of = ({ negativeLogLikelihood }: Likelihood, output: number[], x: number[]) =>
    negativeLogLikelihood(tf.tensor2d([output]), tf.tensor2d([x])).dataSync()[0]!;
  const expected = of(plain, Array.from(logits).slice(0, 9), sequence);
  assertNear(of(padded, Array.from(logits), [...sequence, 0, 0, 0, 0, 0, 0]), expected, { relative: 1e-6 });
  assert.equal(of(padded, Array.from(logits), new Array(15).fill(0)), 0);
});

/** Each likelihood with each of its choices, by the numbers that it wants for a value. */
const ALL: readonly [Spec, number][] = [
  [{ family: "bernoulli" }, 1],
  [{ family: "continuous-bernoulli" }, 1],
  [{ family: "gaussian", standardDeviation: 0.3 }, 1],
  [{ family: "gaussian", standardDeviation: "learned" }, 1],
  [{ family: "gaussian", standardDeviation: "per-value" }, 1],
  [{ family: "gaussian", standardDeviation: "decoder" }, 2],
  [{ family: "discretised-logistic", scale: 0.05 }, 1],
  [{ family: "discretised-logistic", scale: "learned" }, 1],
  [{ family: "discretised-logistic", scale: "decoder" }, 2],
  [{ family: "categorical" }, 1],
  [{ family: "padded-bernoulli" }, 1],
];

Deno.test("every likelihood is among those whose gradients are tested", () => {
  assert.deepEqual(new Set(ALL.map(([{ family }]) => family)), new Set(Object.keys(LIKELIHOODS)));
});

for (const [spec, outputs] of ALL) {
  Deno.test(`the gradients of ${JSON.stringify(spec)} agree with finite differences`, async () => {
    const [n, values] = [3, 40];
    const { likelihood, learned } = await build(spec, values, [5, values / 5]);
    const { module, traits } = LIKELIHOODS[spec.family as keyof typeof LIKELIHOODS];
    const { outputsPerValue }: LikelihoodModule = await import(module.href);
    assert.equal((traits as (spec: Spec) => { outputsPerValue: number })(spec).outputsPerValue, outputs);
    assert.equal(outputsPerValue?.(spec) ?? 1, outputs);
    tf.tidy(() => {
      // Levels, with the outermost ones among them.
      const levels = uniform("levels", n * values).map((u) =>
        Math.round(255 * Math.min(1, Math.max(0, 1.4 * u - 0.2)))
      );
      const x = tf.tensor2d(levels.map((level) => level / 255), [n, values]);
      const output = tf.variable(tf.tensor2d(normal("outputs", n * outputs * values), [n, outputs * values]));
      const loss = () => tf.sum(likelihood.negativeLogLikelihood(output, x)) as tf.Scalar;
      assert.deepEqual(likelihood.mean(output).shape, [n, values]);
      const { grads } = tf.variableGrads(loss, [output, ...learned]);
      for (const variable of [output, ...learned]) {
        const value = variable.clone();
        const direction = tf.tensor(normal(`${variable.name} direction`, variable.size), variable.shape);
        const along = tf.sum(tf.mul(grads[variable.name]!, direction)).dataSync()[0]!;
        const at = (distance: number) => {
          variable.assign(tf.add(value, tf.mul(direction, distance)));
          return loss().dataSync()[0]!;
        };
        const slope = (h: number) => (at(h) - at(-h)) / (2 * h);
        const expected = (4 * slope(2e-3) - slope(4e-3)) / 3;
        variable.assign(value);
        assertNear(along, expected, { absolute: 0.05, relative: 0.01, what: variable.name });
      }
      output.dispose();
    });
    tf.dispose(learned);
  });
}
