import * as tf from "@tensorflow/tfjs";
import { type Shape, sizeOf } from "../base/shape.ts";
import type { ArchitectureModule, Autoregression, ModelBase } from "./architectures/architecture.ts";
import { dense } from "./layer.ts";
import type { Posterior } from "./posterior.ts";
import type { Prior, PriorModule } from "./priors/prior.ts";
import type { Likelihood, LikelihoodModule } from "./likelihoods/likelihood.ts";
import { Variables } from "./variables.ts";

/** A variational autoencoder (Kingma and Welling, 2014; Rezende et al., 2014). */
export interface Vae {
  /** All that is trained, by names such as `encoder/dense1/kernel`. tfjs allows each name once at a time. */
  readonly variables: readonly tf.Variable[];
  /** Dimensions of z. */
  readonly latentSize: number;
  /** p(x|z) from what `decode` returns. */
  readonly likelihood: Likelihood;
  /** p(z). */
  readonly prior: Prior;
  /** Flat examples [n, dimensions] -> q(z|x). */
  encode(x: tf.Tensor): Posterior;
  /**
   * [n, latentSize] -> [n, dimensions x outputs per value], what `likelihood` makes a distribution of.
   *
   * @param teacherInput where the decoder is autoregressive, the examples whose steps it reads one step late
   */
  decode(z: tf.Tensor, teacherInput?: tf.Tensor): tf.Tensor2D;
  /** How a decoder that reads its own steps generates; undefined for all others. */
  readonly autoregression: Autoregression | undefined;
  /** Frees its variables. */
  dispose(): void;
}

/** The variants that a model is made of. */
export interface ModelModules {
  readonly architecture: ArchitectureModule;
  readonly likelihood: LikelihoodModule;
  readonly prior: PriorModule;
}

/** Numbers that the decoder puts out for each value of an example. */
export function outputsOfDecoder(likelihood: LikelihoodModule, model: ModelBase): number {
  return likelihood.outputsPerValue?.(model.likelihood) ?? 1;
}

/** Builds a model with its initial values, which depend on nothing but the model and the seed. */
export function createVae(
  model: ModelBase,
  inputShape: Shape,
  seed: number,
  { architecture, likelihood, prior }: ModelModules,
): Vae {
  const variables = new Variables(seed, model.initialisation);
  const encoder = architecture.createEncoder(variables, model, inputShape);
  const mean = dense(variables, "encoder/mean", encoder.width, model.latentSize);
  const logVariance = dense(variables, "encoder/logVariance", encoder.width, model.latentSize);
  const outputs = outputsOfDecoder(likelihood, model);
  const decoder = architecture.createDecoder(variables, model, inputShape, outputs);
  const encode = (x: tf.Tensor): Posterior => {
    const hidden = encoder.hidden(x);
    return { mean: mean(hidden) as tf.Tensor2D, logVariance: logVariance(hidden) as tf.Tensor2D };
  };
  const values = sizeOf(inputShape);
  return {
    // What likelihood and prior learn comes last: weights are laid out in the order in which they are made.
    likelihood: likelihood.createLikelihood(model.likelihood, variables, values, inputShape),
    prior: prior.createPrior(model.prior ?? { name: "standard-normal" }, { variables, encode, values }),
    variables: variables.list,
    latentSize: model.latentSize,
    encode,
    decode: (z, teacherInput) => decoder.decode(z, teacherInput) as tf.Tensor2D,
    autoregression: decoder.autoregression,
    dispose: () => tf.dispose(variables.list),
  };
}
