import * as tf from "@tensorflow/tfjs";
import { type Shape, sizeOf } from "../base/shape.ts";
import type { ArchitectureModule, Autoregression, ModelBase } from "./architectures/architecture.ts";
import { dense } from "./layer.ts";
import type { Posterior } from "./posterior.ts";
import type { Prior, PriorModule } from "./priors/prior.ts";
import type { Likelihood, LikelihoodModule } from "./likelihoods/likelihood.ts";
import { repeatRows } from "./repeat_rows.ts";
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
  /** Classes that a conditional model tells apart; 0 where the model is told no class. */
  readonly classes: number;
  /**
   * The model for examples whose classes are known: q(z|x, y) and p(x|z, y) (Sohn et al., 2015). A conditional model
   * encodes and decodes nothing without; any other stays what it is.
   *
   * @param y their classes, one-hot, [n, classes]; where several codes are of one example, one row for all of them.
   * Where several rows are of one example, it is encoded with each of them
   */
  given(y: tf.Tensor | undefined): Vae;
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

/**
 * Builds a model with its initial values, which depend on nothing but the model, the data's shape and classes, and the
 * seed. A conditional one has the class beside the hidden values that the posterior is made of, and beside z.
 *
 * @param classes how many the data have; not looked at where the model is not conditional
 */
export function createVae(
  model: ModelBase,
  inputShape: Shape,
  seed: number,
  { architecture, likelihood, prior }: ModelModules,
  classes = 0,
): Vae {
  const told = model.conditional ? classes : 0;
  const variables = new Variables(seed, model.initialisation);
  const encoder = architecture.createEncoder(variables, model, inputShape);
  const mean = dense(variables, "encoder/mean", encoder.width + told, model.latentSize);
  const logVariance = dense(variables, "encoder/logVariance", encoder.width + told, model.latentSize);
  const outputs = outputsOfDecoder(likelihood, model);
  const decoder = architecture.createDecoder(
    variables,
    { ...model, latentSize: model.latentSize + told },
    inputShape,
    outputs,
  );
  const encodeGiven = (x: tf.Tensor, y?: tf.Tensor): Posterior => {
    const hidden = beside(encoder.hidden(x), y);
    return { mean: mean(hidden) as tf.Tensor2D, logVariance: logVariance(hidden) as tf.Tensor2D };
  };
  const values = sizeOf(inputShape);
  const parts = {
    // What likelihood and prior learn comes last: weights are laid out in the order in which they are made.
    likelihood: likelihood.createLikelihood(model.likelihood, variables, values, inputShape),
    prior: prior.createPrior(model.prior ?? { name: "standard-normal" }, {
      variables,
      encode: (x) => encodeGiven(x),
      values,
    }),
    variables: variables.list,
    latentSize: model.latentSize,
    classes: told,
    dispose: () => tf.dispose(variables.list),
  };
  const { autoregression } = decoder;
  const given = (y?: tf.Tensor): Vae => ({
    ...parts,
    encode: (x) => encodeGiven(x, y),
    decode: (z, teacherInput) => decoder.decode(beside(z, y), teacherInput) as tf.Tensor2D,
    autoregression: autoregression && {
      ...autoregression,
      step: (z, before, state) => autoregression.step(beside(z, y), before, state),
    },
    given,
  });
  return given();
}

/**
 * Values with the class of each row beside them. Where there are more rows of one than of the other, so many of it
 * follow one another for each row of the other.
 */
function beside(values: tf.Tensor, y: tf.Tensor | undefined): tf.Tensor {
  if (!y) return values;
  const rows = Math.max(values.shape[0]!, y.shape[0]!);
  return tf.concat([repeatRows(values, rows / values.shape[0]!), repeatRows(y, rows / y.shape[0]!)], 1);
}
