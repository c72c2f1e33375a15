import * as tf from "@tensorflow/tfjs";
import type { NamedTensors, StepInput } from "../pipeline/engine/engine.ts";
import type { Shape } from "../pipeline/base/shape.ts";
import { randomStream } from "../pipeline/base/random.ts";
import { lstmStates } from "../pipeline/vae/architectures/lstm/recurrence.ts";

/**
 * The four networks of the benchmark, as training steps in plain `tf.*`. They are written here a second time,
 * apart from `pipeline/vae/`, so that a change of the product's models does not move the benchmark; the peers
 * in `peers/` hold the same networks, with the same variable names, in their own frameworks.
 */
export const modelNames = ["dense", "conv", "lstm", "midi"] as const;
export type ModelName = (typeof modelNames)[number];

export interface BenchModel {
  readonly variables: readonly tf.Variable[];
  /** A whole batch's: `x` [batch, dimensions] and `noise` [batch, latent size]. */
  readonly inputs: Readonly<Record<"x" | "noise", StepInput>>;
  /** Negative ELBO (Kingma and Welling, 2014), Bernoulli likelihood, in nats, mean over the examples given. */
  step(inputs: NamedTensors): { loss: tf.Scalar; reconstruction: tf.Scalar; kl: tf.Scalar };
  dispose(): void;
}

interface Network {
  readonly dimensions: number;
  readonly latent: number;
  /** x [batch, dimensions] to the last hidden layer [batch, units]. */
  encode(x: tf.Tensor2D): tf.Tensor2D;
  readonly mean: Layer;
  readonly logVariance: Layer;
  /** z [batch, latent] to logits [batch, dimensions]. */
  decode(z: tf.Tensor2D): tf.Tensor2D;
}

type Layer = (x: tf.Tensor2D) => tf.Tensor2D;

export function benchModel(name: ModelName, batch: number): BenchModel {
  const variables = new Variables();
  const network = networks[name](variables);
  return {
    variables: variables.all,
    inputs: {
      x: { shape: [batch, network.dimensions], batched: true },
      noise: { shape: [batch, network.latent], batched: true },
    },
    step: (inputs) => negativeElbo(network, inputs["x"] as tf.Tensor2D, inputs["noise"] as tf.Tensor2D),
    dispose: () => tf.dispose(variables.all),
  };
}

function negativeElbo(network: Network, x: tf.Tensor2D, noise: tf.Tensor2D) {
  const hidden = network.encode(x);
  const mean = network.mean(hidden);
  const logVariance = network.logVariance(hidden);
  const z = tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise)) as tf.Tensor2D;
  const logits = network.decode(z);
  const examples = x.shape[0];
  const reconstruction = tf.div(
    tf.sum(tf.sub(tf.softplus(logits), tf.mul(logits, x))),
    examples,
  ) as tf.Scalar;
  const spread = tf.sub(tf.sub(tf.add(logVariance, 1), tf.square(mean)), tf.exp(logVariance));
  const kl = tf.mul(tf.sum(spread), -0.5 / examples) as tf.Scalar;
  return { loss: tf.add(reconstruction, kl) as tf.Scalar, reconstruction, kl };
}

const networks: Record<ModelName, (variables: Variables) => Network> = {
  /** The paper's image network: 784-500-2-500-784, tanh. */
  dense(variables) {
    const hidden = variables.dense("encoder/hidden", 784, 500);
    const decoderHidden = variables.dense("decoder/hidden", 2, 500);
    const output = variables.dense("decoder/output", 500, 784);
    return {
      dimensions: 784,
      latent: 2,
      encode: (x) => tf.tanh(hidden(x)),
      mean: variables.dense("encoder/mean", 500, 2),
      logVariance: variables.dense("encoder/log-variance", 500, 2),
      decode: (z) => output(tf.tanh(decoderHidden(z))),
    };
  },

  /** The paper's music network: 15600-1000-500-100-20-100-500-15600, rectified. */
  midi(variables) {
    const encoder = [
      variables.dense("encoder/hidden1", 15600, 1000),
      variables.dense("encoder/hidden2", 1000, 500),
      variables.dense("encoder/hidden3", 500, 100),
    ];
    const decoder = [
      variables.dense("decoder/hidden1", 20, 100),
      variables.dense("decoder/hidden2", 100, 500),
    ];
    const output = variables.dense("decoder/output", 500, 15600);
    const rectified = (layers: Layer[], x: tf.Tensor2D) => layers.reduce((y, layer) => tf.relu(layer(y)), x);
    return {
      dimensions: 15600,
      latent: 20,
      encode: (x) => rectified(encoder, x),
      mean: variables.dense("encoder/mean", 100, 20),
      logVariance: variables.dense("encoder/log-variance", 100, 20),
      decode: (z) => output(rectified(decoder, z)),
    };
  },

  /** 28 x 28 images: 32 and 64 filters 4 x 4, stride 2, then 256 units; the decoder mirrors it. */
  conv(variables) {
    const conv1 = variables.filter("encoder/conv1", [4, 4, 1, 32], 32);
    const conv2 = variables.filter("encoder/conv2", [4, 4, 32, 64], 64);
    const hidden = variables.dense("encoder/hidden", 3136, 256);
    const decoderHidden1 = variables.dense("decoder/hidden1", 16, 256);
    const decoderHidden2 = variables.dense("decoder/hidden2", 256, 3136);
    const deconv1 = variables.filter("decoder/conv1", [4, 4, 32, 64], 32);
    const deconv2 = variables.filter("decoder/conv2", [4, 4, 1, 32], 1);
    return {
      dimensions: 784,
      latent: 16,
      encode(x) {
        const images = tf.reshape(x, [-1, 28, 28, 1]) as tf.Tensor4D;
        const maps1 = tf.relu(tf.add(tf.conv2d(images, conv1.kernel, 2, "same"), conv1.bias)) as tf.Tensor4D;
        const maps2 = tf.relu(tf.add(tf.conv2d(maps1, conv2.kernel, 2, "same"), conv2.bias));
        return tf.relu(hidden(tf.reshape(maps2, [-1, 3136])));
      },
      mean: variables.dense("encoder/mean", 256, 16),
      logVariance: variables.dense("encoder/log-variance", 256, 16),
      decode(z) {
        const batch = z.shape[0];
        const flat = tf.relu(decoderHidden2(tf.relu(decoderHidden1(z))));
        const maps2 = tf.reshape(flat, [batch, 7, 7, 64]) as tf.Tensor4D;
        const maps1 = tf.conv2dTranspose(maps2, deconv1.kernel, [batch, 14, 14, 32], 2, "same");
        const rectified = tf.relu(tf.add(maps1, deconv1.bias)) as tf.Tensor4D;
        const images = tf.conv2dTranspose(rectified, deconv2.kernel, [batch, 28, 28, 1], 2, "same");
        return tf.reshape(tf.add(images, deconv2.bias), [batch, 784]);
      },
    };
  },

  /** 100 steps of 156 values; an encoder and a decoder of 256 units; the latent enters every decoder step. */
  lstm(variables) {
    const [steps, width, units] = [100, 156, 256];
    const encoder = variables.lstm("encoder/lstm", width, units);
    const decoderInput = variables.dense("decoder/input", 20, units);
    const decoder = variables.lstm("decoder/lstm", units, units);
    const output = variables.dense("decoder/output", units, width);
    return {
      dimensions: steps * width,
      latent: 20,
      encode(x) {
        const timeFirst = tf.transpose(tf.reshape(x, [-1, steps, width]), [1, 0, 2]);
        const projected = tf.add(tf.matMul(tf.reshape(timeFirst, [-1, width]), encoder.kernel), encoder.bias);
        const perStep = tf.reshape(projected, [steps, -1, 4 * units]);
        return tf.unstack(lstmStates(perStep, encoder.recurrentKernel, steps)).at(-1)! as tf.Tensor2D;
      },
      mean: variables.dense("encoder/mean", units, 20),
      logVariance: variables.dense("encoder/log-variance", units, 20),
      decode(z) {
        const projected = tf.add(tf.matMul(tf.tanh(decoderInput(z)), decoder.kernel), decoder.bias);
        const hidden = lstmStates(tf.expandDims(projected, 0), decoder.recurrentKernel, steps);
        const logits = output(tf.reshape(hidden, [-1, units]));
        return tf.reshape(tf.transpose(tf.reshape(logits, [steps, -1, width]), [1, 0, 2]), [
          -1,
          steps * width,
        ]);
      },
    };
  },
};

/** Makes named variables: kernels by Glorot and Bengio (2010), uniform; biases zero. */
class Variables {
  readonly all: tf.Variable[] = [];

  dense(name: string, inputs: number, units: number): Layer {
    const kernel = this.#glorot(`${name}/kernel`, [inputs, units], inputs, units) as tf.Variable<tf.Rank.R2>;
    const bias = this.#zeros(`${name}/bias`, [units]);
    return (x) => tf.add(tf.matMul(x, kernel), bias);
  }

  filter(name: string, shape: [number, number, number, number], biases: number) {
    const area = shape[0] * shape[1];
    const kernel = this.#glorot(`${name}/kernel`, shape, area * shape[2], area * shape[3]);
    return { kernel: kernel as tf.Variable<tf.Rank.R4>, bias: this.#zeros(`${name}/bias`, [biases]) };
  }

  lstm(name: string, inputs: number, units: number) {
    const kernel = this.#glorot(`${name}/kernel`, [inputs, 4 * units], inputs, 4 * units);
    const recurrent = this.#glorot(`${name}/recurrent-kernel`, [units, 4 * units], units, 4 * units);
    return {
      kernel: kernel as tf.Variable<tf.Rank.R2>,
      recurrentKernel: recurrent as tf.Variable<tf.Rank.R2>,
      bias: this.#zeros(`${name}/bias`, [4 * units]),
    };
  }

  #glorot(name: string, shape: Shape, fanIn: number, fanOut: number): tf.Variable {
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    const values = randomStream(1, name).fillUniform(new Float32Array(shape.reduce((a, b) => a * b, 1)));
    return this.#variable(name, tf.tensor(values.map((u) => (2 * u - 1) * limit), [...shape]));
  }

  #zeros(name: string, shape: Shape): tf.Variable {
    return this.#variable(name, tf.zeros([...shape]));
  }

  #variable(name: string, value: tf.Tensor): tf.Variable {
    // tfjs keeps names in one global table: a second model in the same process would clash without dispose().
    const variable = tf.variable(value, true, name);
    value.dispose();
    this.all.push(variable);
    return variable;
  }
}
