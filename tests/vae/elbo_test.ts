import { normal, uniform, withVae } from "./support.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { klDivergence, logImportanceWeights, trainingLoss } from "../../pipeline/vae/elbo.ts";
import type { ObjectiveTerms } from "../../pipeline/vae/objectives/objective.ts";
import { buildObjective } from "./modules.ts";
import { importanceWeightedBound } from "../../pipeline/metrics/importance.ts";
import type { ModelSpec } from "../../pipeline/spec/schema.ts";

function linearModel(likelihood: ModelSpec["likelihood"], latentSize = 1): ModelSpec {
  return {
    architecture: "dense",
    latentSize,
    likelihood,
    encoder: { units: [1], activation: "linear" },
    decoder: { units: [latentSize], activation: "linear" },
  };
}

/** The trapezoidal rule, which is exact to rounding for smooth functions that vanish at both ends. */
function integral(f: (x: number) => number, from: number, to: number, steps = 4000): number {
  const h = (to - from) / steps;
  return h * Array.from({ length: steps + 1 }, (_, i) => f(from + i * h)).reduce((a, b) => a + b, 0);
}

const gaussian = (x: number, mean: number, deviation: number) =>
  Math.exp(-0.5 * ((x - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI));

Deno.test("the KL divergence is the integral of q log(q / p)", () => {
  for (const [mean, logVariance] of [[0, 0], [1.5, -1], [-0.3, 0.8], [2, -3]] as const) {
    const deviation = Math.exp(logVariance / 2);
    const expected = integral(
      (z) => {
        const q = gaussian(z, mean, deviation);
        return q === 0 ? 0 : q * Math.log(q / gaussian(z, 0, 1));
      },
      mean - 12 * deviation,
      mean + 12 * deviation,
    );
    const actual = tf.tidy(() =>
      klDivergence(tf.tensor2d([[mean]]), tf.tensor2d([[logVariance]])).dataSync()
    );
    assert.ok(Math.abs(actual[0]! - expected) < 1e-5, `${actual[0]} is not ${expected}`);
  }
});

Deno.test("the Bernoulli likelihood is the cross-entropy, and stays finite for logits of any size", () => {
  withVae(linearModel({ family: "bernoulli" }), [3], (vae) => {
    const logits = [-2.5, 0.3, 4];
    const x = [0.2, 1, 0];
    const expected = logits.reduce((sum, l, i) => {
      const p = 1 / (1 + Math.exp(-l));
      return sum - x[i]! * Math.log(p) - (1 - x[i]!) * Math.log(1 - p);
    }, 0);
    const actual = vae.likelihood.negativeLogLikelihood(tf.tensor2d([logits]), tf.tensor2d([x])).dataSync();
    assert.ok(Math.abs(actual[0]! - expected) < 1e-5);
    const extreme = vae.likelihood.negativeLogLikelihood(
      tf.tensor2d([[500, -500, 500]]),
      tf.tensor2d([[1, 0, 0]]),
    );
    assert.equal(extreme.dataSync()[0], 500);
  });
});

Deno.test("the Gaussian likelihood is a density: it integrates to one, whatever its deviation", () => {
  for (const standardDeviation of [0.4, 2, "learned"] as const) {
    withVae(linearModel({ family: "gaussian", standardDeviation }), [1], (vae) => {
      vae.variables.find(({ name }) => name === "decoder/logStandardDeviation")?.assign(tf.scalar(-0.7));
      const points = Array.from({ length: 8001 }, (_, i) => 0.3 + (i - 4000) / 200);
      const mean = tf.tensor2d([[0.3]]);
      const losses = vae.likelihood.negativeLogLikelihood(mean, tf.tensor2d(points, [points.length, 1]))
        .dataSync<"float32">();
      const total = losses.reduce((sum, loss) => sum + Math.exp(-loss) / 200, 0);
      assert.ok(Math.abs(total - 1) < 1e-4, `${standardDeviation}: ${total}`);
      const deviation = standardDeviation === "learned" ? Math.exp(-0.7) : standardDeviation;
      assert.ok(Math.abs(Math.exp(-losses[4000 + 100]!) - gaussian(0.8, 0.3, deviation)) < 1e-5);
    });
  }
});

Deno.test("free bits spare a dimension below them, and leave the reported KL as it is", () => {
  tf.tidy(() => {
    const terms = {
      reconstruction: tf.tensor1d([10, 20]),
      kl: tf.tensor2d([[0.1, 3, 0.9], [0.3, 5, 1.5]]), // means: 0.2, 4, 1.2
    };
    const at = (weight: number, freeBits: number) => {
      const given = { ...terms, klWeight: tf.scalar(weight), freeBits } as unknown as ObjectiveTerms;
      const { loss, reconstruction, kl } = trainingLoss(buildObjective({ name: "elbo" }), given);
      return [loss, reconstruction, kl].map((scalar) => Number(scalar.dataSync()[0]!.toFixed(4)));
    };
    assert.deepEqual(at(1, 0), [20.4, 15, 5.4]);
    assert.deepEqual(at(0.5, 0), [17.7, 15, 5.4]);
    assert.deepEqual(at(1, 0.5), [20.7, 15, 5.4]); // 0.5 + 4 + 1.2
    assert.deepEqual(at(1, 2), [23, 15, 5.4]); // 2 + 4 + 2
  });
});

// A linear decoder and Gaussian noise: p(x) = N(b, W'W + s^2 I) is known, as is the exact posterior.
const W = [0.8, -1.1, 0.4];
const B = [0.1, 0.5, -0.2];
const S = 0.6;
const X = [0.9, -0.4, 0.3];

function exactLogLikelihood(): number {
  // By the matrix determinant lemma and the Sherman-Morrison formula.
  const r = X.map((x, i) => x - B[i]!);
  const ww = W.reduce((sum, w) => sum + w * w, 0);
  const wr = W.reduce((sum, w, i) => sum + w * r[i]!, 0);
  const rr = r.reduce((sum, v) => sum + v * v, 0);
  const logDeterminant = 3 * Math.log(S * S) + Math.log(1 + ww / (S * S));
  const quadratic = rr / (S * S) - wr * wr / (S ** 4) / (1 + ww / (S * S));
  return -0.5 * (3 * Math.log(2 * Math.PI) + logDeterminant + quadratic);
}

function logWeights(mean: number, logVariance: number, samples: number): Float64Array {
  return withVae(linearModel({ family: "gaussian", standardDeviation: S }), [3], (vae) => {
    const set = (name: string, values: number[], shape: number[]) =>
      vae.variables.find((variable) => variable.name === name)!.assign(tf.tensor(values, shape));
    set("decoder/dense1/kernel", [1], [1, 1]);
    set("decoder/output/kernel", W, [1, 3]);
    set("decoder/output/bias", B, [3]);
    const noise = tf.tensor(normal("importance", samples), [samples, 1]);
    return Float64Array.from(
      logImportanceWeights(
        vae,
        tf.tensor2d([X]),
        tf.tensor2d([[mean]]),
        tf.tensor2d([[logVariance]]),
        noise,
      ).dataSync(),
    );
  });
}

Deno.test("with the exact posterior, every importance weight is the exact likelihood", () => {
  const ww = W.reduce((sum, w) => sum + w * w, 0);
  const wr = W.reduce((sum, w, i) => sum + w * (X[i]! - B[i]!), 0);
  const variance = 1 / (1 + ww / (S * S));
  const mean = variance * wr / (S * S);
  for (const weight of logWeights(mean, Math.log(variance), 20)) {
    assert.ok(Math.abs(weight - exactLogLikelihood()) < 1e-4, `${weight} is not ${exactLogLikelihood()}`);
  }
});

Deno.test("with another posterior, the importance-weighted bound rises to the exact likelihood", () => {
  const weights = logWeights(0.1, 0.3, 20000);
  const exact = exactLogLikelihood();
  const bounds = [1, 10, 100, 20000].map((samples) => importanceWeightedBound(weights, samples));
  for (let i = 1; i < bounds.length; i++) assert.ok(bounds[i]! > bounds[i - 1]!, `${bounds}`);
  assert.ok(bounds[0]! < exact - 0.1, `one sample is the ELBO, below ${exact}: ${bounds[0]}`);
  assert.ok(Math.abs(bounds[3]! - exact) < 0.02, `${bounds[3]} is not ${exact}`);
});

Deno.test("the gradient of the Bernoulli likelihood is sigmoid(l) - x", () => {
  withVae(linearModel({ family: "bernoulli" }), [4], (vae) => {
    const x = tf.tensor2d(uniform("x", 4), [1, 4]);
    const logits = tf.tensor2d([[-30, -1, 0.5, 30]]);
    const gradient = tf.grad((l: tf.Tensor) => tf.sum(vae.likelihood.negativeLogLikelihood(l, x)))(logits);
    const expected = tf.sub(tf.sigmoid(logits), x).dataSync();
    gradient.dataSync().forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-5));
  });
});
