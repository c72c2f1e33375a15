import type { NamedTensors, StepDefinition } from "../../pipeline/engine/engine.ts";
import { tf } from "../../pipeline/engine/tfjs.ts";
import { randomStream } from "../../pipeline/base/random.ts";

/** Small autoencoders of every architecture, for tests that train. */

export const SMALL_MODELS = ["dense", "sparse", "conv", "lstm"] as const;
export type SmallModelName = typeof SMALL_MODELS[number];

export interface SmallModel {
  readonly variables: tf.Variable[];
  readonly definition: Pick<StepDefinition, "inputs" | "step">;
}

const DATA = 64, LATENT = 4, UNITS = 12;
/** Inputs from which on an engine may skip zeros. */
const WIDE = 5600;

// deno-lint-ignore no-explicit-any -- ranks differ from layer to layer
type T = any;

export function smallModel(name: SmallModelName, batch: number): SmallModel {
  const variables: tf.Variable[] = [];
  const variable = (shape: number[], spread = 0.2): T => {
    const values = randomStream(5, name, variables.length).fillNormal(
      new Float32Array(tf.util.sizeFromShape(shape)),
    );
    const made = tf.variable(
      tf.tensor(values.map((x) => x * spread), shape),
      true,
      `${name}/${variables.length}`,
    );
    variables.push(made);
    return made;
  };
  const linear = (inputs: number, outputs: number) => {
    const w = variable([inputs, outputs]), b = variable([outputs], 0);
    return (x: T): T => tf.add(tf.matMul(x, w), b);
  };
  const [encode, decode] = { dense, sparse, conv, lstm }[name](variable, linear);
  const toMean = linear(UNITS, LATENT), toLogVariance = linear(UNITS, LATENT);
  const step = ({ x, noise, weight }: NamedTensors) => {
    const examples = x!.shape[0]!;
    const h = encode(x);
    const mean = toMean(h), logVariance = toLogVariance(h);
    const logits = decode(tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise!)));
    const reconstruction = tf.div(
      tf.sum(tf.sub(tf.softplus(logits), tf.mul(logits, x!))),
      examples,
    ) as tf.Scalar;
    const divergence = tf.sub(tf.sub(tf.add(logVariance, 1), tf.square(mean)), tf.exp(logVariance));
    const kl = tf.mul(tf.sum(divergence), -0.5 / examples) as tf.Scalar;
    return { loss: tf.add(reconstruction, tf.mul(kl, weight!)) as tf.Scalar, reconstruction, kl };
  };
  return {
    variables,
    definition: {
      inputs: {
        x: name === "sparse"
          ? { shape: [batch, WIDE], batched: true, density: 0.05 }
          : { shape: [batch, DATA], batched: true },
        noise: { shape: [batch, LATENT], batched: true },
        weight: { shape: [], batched: false },
      },
      step,
    },
  };
}

type Halves = [encode: (x: T) => T, decode: (z: T) => T];
type Variable = (shape: number[], spread?: number) => T;
type Linear = (inputs: number, outputs: number) => (x: T) => T;

function dense(_: Variable, linear: Linear): Halves {
  const a = linear(DATA, UNITS), b = linear(LATENT, UNITS), c = linear(UNITS, DATA);
  return [(x) => tf.tanh(a(x)), (z) => c(tf.relu(b(z)))];
}

/** Inputs that are mostly zeros, as a piano roll's. */
function sparse(_: Variable, linear: Linear): Halves {
  const a = linear(WIDE, UNITS), b = linear(LATENT, 8), c = linear(8, WIDE);
  return [(x) => tf.tanh(a(x)), (z) => c(tf.relu(b(z)))];
}

/** A picture of 8 x 8, a strided and a plain convolution, a pool, batch normalisation; transposed back. */
function conv(variable: Variable, linear: Linear): Halves {
  const f = variable([3, 3, 1, 4]), g = variable([3, 3, 4, 6]), bias = variable([4], 0);
  const scale = variable([4]), offset = variable([4], 0);
  const flat = linear(24, UNITS), unflat = linear(LATENT, 64);
  const up = variable([4, 4, 5, 4]), out = variable([3, 3, 1, 5]);
  return [
    (x) => {
      const h = tf.elu(tf.add(tf.conv2d(tf.reshape(x, [-1, 8, 8, 1]) as T, f, 2, "same"), bias)) as T;
      const { mean, variance } = tf.moments(h, [0, 1, 2]);
      const normal = tf.batchNorm(h, mean as T, variance as T, offset, scale) as T;
      const pooled = tf.maxPool(tf.conv2d(normal, g, 1, "same"), 2, 2, "valid");
      return tf.tanh(flat(tf.reshape(pooled, [-1, 24])));
    },
    (z) => {
      const batch = z.shape[0];
      const h = tf.reshape(tf.relu(unflat(z)), [batch, 4, 4, 4]) as T;
      const h1 = tf.softplus(tf.conv2dTranspose(h, up, [batch, 8, 8, 5], 2, "same")) as T;
      return tf.reshape(tf.conv2dTranspose(h1, out, [batch, 8, 8, 1], 1, "same"), [-1, DATA]);
    },
  ];
}

/** Eight time steps of eight numbers; a bidirectional layer, one more on top, layer normalisation. */
function lstm(variable: Variable, linear: Linear): Halves {
  const layer = (inputs: number, units: number) => {
    const project = linear(inputs, 4 * units), w = variable([units, 4 * units]);
    return (sequence: T[]): T[] => {
      let h: T, c: T;
      return sequence.map((x) => {
        const gates = h ? tf.add(project(x), tf.matMul(h, w)) : project(x);
        const [i, f, g, o] = tf.split(gates, 4, 1) as T[];
        const update = tf.mul(tf.sigmoid(i), tf.tanh(g));
        c = c ? tf.add(tf.mul(tf.sigmoid(f), c), update) : update;
        return h = tf.mul(tf.sigmoid(o), tf.tanh(c));
      });
    };
  };
  const forwards = layer(8, 6), backwards = layer(8, 6), above = layer(12, UNITS);
  const start = linear(LATENT, 8), decoder = layer(8, 10), out = linear(10, 8);
  return [
    (x) => {
      const sequence = tf.unstack(tf.reshape(x, [-1, 8, 8]), 1) as T[];
      const back = backwards(sequence.toReversed()).toReversed();
      const last = above(forwards(sequence).map((h, t) => tf.concat([h, back[t]], 1))).at(-1);
      const { mean, variance } = tf.moments(last, -1, true);
      return tf.div(tf.sub(last, mean), tf.sqrt(tf.add(variance, 1e-3)));
    },
    (z) => {
      const states = decoder(Array(8).fill(tf.tanh(start(z))));
      return tf.reshape(tf.stack(states.map(out), 1), [-1, DATA]);
    },
  ];
}

/** Deterministic data in [0, 1] and noise for step number `step`. */
export function fillInputs(inputs: Readonly<Record<string, Float32Array>>, step: number): void {
  const draws = randomStream(6, "data", step % 8).fillUniform(new Float32Array(inputs.x!.length));
  // What is said to be sparse need not be so.
  inputs.x!.set(draws.map((u) => u < 0.2 ? 1 : u / 4));
  randomStream(6, "noise", step).fillNormal(inputs.noise!);
  inputs.weight![0] = Math.min(1, step / 20);
}
