import "../../pipeline/engine/tfjs.ts"; // silences tfjs before it makes its first tensor
import * as tf from "@tensorflow/tfjs";
import { type ModelSpec } from "../../pipeline/spec/schema.ts";
import { randomStream } from "../../pipeline/base/random.ts";
import type { Vae } from "../../pipeline/vae/vae.ts";
import { assertNear } from "../support/assert_near.ts";
import { buildVae } from "./modules.ts";

await tf.setBackend("cpu");

const bernoulli = { family: "bernoulli" } as const;

/** One small model of each kind, for examples of shape [6, 4]. */
export const SMALL_MODELS: Readonly<Record<string, ModelSpec>> = {
  dense: {
    architecture: "dense",
    latentSize: 2,
    likelihood: bernoulli,
    encoder: { units: [7, 5], activation: "tanh" },
    decoder: { units: [6], activation: "softplus" },
  },
  "dense, linear": {
    architecture: "dense",
    latentSize: 2,
    likelihood: bernoulli,
    encoder: { units: [], activation: "relu" },
    decoder: { units: [], activation: "relu" },
  },
  conv: {
    architecture: "conv",
    latentSize: 3,
    likelihood: bernoulli,
    encoder: {
      conv: [{ filters: 3, kernel: 3, stride: 2, padding: "same" }, {
        filters: 2,
        kernel: 2,
        stride: 1,
        padding: "valid",
      }],
      dense: [5],
      activation: "elu",
    },
    decoder: {
      dense: [4],
      reshape: [2, 1, 3],
      conv: [{ filters: 2, kernel: 2, stride: 1, padding: "valid" }, {
        filters: 1,
        kernel: 3,
        stride: 2,
        padding: "same",
      }],
      activation: "sigmoid",
    },
  },
  lstm: {
    architecture: "lstm",
    latentSize: 2,
    likelihood: bernoulli,
    encoder: { units: 3, layers: 2, direction: "bidirectional" },
    decoder: { units: 4, layers: 2 },
  },
};

export function normal(name: string, length: number): Float32Array {
  return randomStream(7, name).fillNormal(new Float32Array(length));
}

export function uniform(name: string, length: number): Float32Array {
  return randomStream(7, name).fillUniform(new Float32Array(length));
}

/** tfjs allows each variable name once at a time, so a model is given back before the next is made. */
export function withVae<T>(model: ModelSpec, shape: readonly number[], body: (vae: Vae) => T): T {
  const vae = buildVae(model, shape, 3);
  try {
    return tf.tidy(() => body(vae) as tf.TensorContainer) as T;
  } finally {
    vae.dispose();
  }
}

/** Gives every variable, biases included, a random value, so that no term is hidden by a zero. */
export function randomise(vae: Pick<Vae, "variables">): void {
  for (const variable of vae.variables) {
    variable.assign(tf.mul(tf.tensor(normal(variable.name, variable.size), variable.shape), 0.5));
  }
}

/** Holds the gradient of each variable, along a direction drawn at random, to finite differences of the loss. */
export function assertGradients(vae: Pick<Vae, "variables">, loss: () => tf.Scalar): void {
  const { grads } = tf.variableGrads(loss, [...vae.variables]);
  const number = (tensor: tf.Tensor) => tensor.dataSync()[0]!;
  for (const variable of vae.variables) {
    const value = variable.clone();
    const direction = tf.tensor(normal(`${variable.name} direction`, variable.size), variable.shape);
    const along = number(tf.sum(tf.mul(grads[variable.name]!, direction)));
    const at = (distance: number) => {
      variable.assign(tf.add(value, tf.mul(direction, distance)));
      return number(loss());
    };
    // Richardson's extrapolation of central differences: the error falls with the fourth power of h.
    const slope = (h: number) => (at(h) - at(-h)) / (2 * h);
    const expected = (4 * slope(4e-3) - slope(8e-3)) / 3;
    variable.assign(value);
    assertNear(along, expected, { absolute: 0.02, relative: 0.02, what: variable.name });
  }
}
