import * as tf from "@tensorflow/tfjs";
import type { Likelihood, ModelSpec } from "../spec/schema.ts";
import { convDecoder, convEncoder } from "./architectures/conv/model.ts";
import { dense, denseDecoder, denseEncoder } from "./architectures/dense/model.ts";
import type { Encoder } from "./layer.ts";
import { type Autoregression, type Decoder, lstmDecoder, lstmEncoder } from "./architectures/lstm/model.ts";
import { Variables } from "./variables.ts";

/** The diagonal Gaussian q(z|x); both [n, latentSize]. */
export interface Posterior {
  readonly mean: tf.Tensor2D;
  readonly logVariance: tf.Tensor2D;
}

/** A variational autoencoder (Kingma and Welling, 2014; Rezende et al., 2014). */
export interface Vae {
  /** All that is trained, by names such as `encoder/dense1/kernel`. tfjs allows each name once at a time. */
  readonly variables: readonly tf.Variable[];
  readonly latentSize: number;
  readonly likelihood: Likelihood;
  /** The logarithm of the Gaussian likelihood's standard deviation, a scalar, where it is learned. */
  readonly logStandardDeviation: tf.Variable | undefined;
  /** Flat examples [n, dimensions] -> q(z|x). */
  encode(x: tf.Tensor): Posterior;
  /**
   * [n, latentSize] -> [n, dimensions]: logits of a Bernoulli, means of a Gaussian likelihood.
   * @param given where the decoder is autoregressive, the examples whose steps it reads one step late
   */
  decode(z: tf.Tensor, given?: tf.Tensor): tf.Tensor2D;
  /** How a decoder that reads its own steps generates; undefined for all others. */
  readonly autoregression: Autoregression | undefined;
  dispose(): void;
}

/** Builds a model with its initial values, which depend on nothing but the model and the seed. */
export function createVae(model: ModelSpec, inputShape: readonly number[], seed: number): Vae {
  const variables = new Variables(seed, model.initialisation);
  const { latentSize, likelihood } = model;

  const encoder = createEncoder(variables, model, inputShape);
  const mean = dense(variables, "encoder/mean", encoder.width, latentSize);
  const logVariance = dense(variables, "encoder/logVariance", encoder.width, latentSize);
  const decoder = createDecoder(variables, model, inputShape);
  // One scalar for all dimensions (Rybkin et al., 2021); it starts at a standard deviation of 1.
  const logStandardDeviation = likelihood.family === "gaussian" && likelihood.standardDeviation === "learned"
    ? variables.zeros("decoder/logStandardDeviation", [])
    : undefined;

  return {
    variables: variables.list,
    latentSize,
    likelihood,
    logStandardDeviation,
    encode(x) {
      const hidden = encoder.hidden(x);
      return { mean: mean(hidden) as tf.Tensor2D, logVariance: logVariance(hidden) as tf.Tensor2D };
    },
    decode: (z, given) => decoder.decode(z, given) as tf.Tensor2D,
    autoregression: decoder.autoregression,
    dispose: () => tf.dispose(variables.list),
  };
}

function createEncoder(variables: Variables, model: ModelSpec, inputShape: readonly number[]): Encoder {
  switch (model.architecture) {
    case "dense":
      return denseEncoder(variables, model, inputShape);
    case "conv":
      return convEncoder(variables, model, inputShape);
    case "lstm":
      return lstmEncoder(variables, model, inputShape);
  }
}

function createDecoder(
  variables: Variables,
  model: ModelSpec,
  inputShape: readonly number[],
): Decoder {
  switch (model.architecture) {
    case "dense":
      return { decode: denseDecoder(variables, model, inputShape), autoregression: undefined };
    case "conv":
      return { decode: convDecoder(variables, model, inputShape), autoregression: undefined };
    case "lstm":
      return lstmDecoder(variables, model, inputShape);
  }
}
