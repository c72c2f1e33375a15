import * as tf from "@tensorflow/tfjs";
import { randomStream } from "../../../base/random.ts";
import type { Initialisation } from "../../initialisation_names.ts";
import { dense } from "../../layer.ts";
import { Variables } from "../../variables.ts";
import type { Discriminator, DiscriminatorParts } from "../objective.ts";

/** What a discriminator's variables are named after. */
const OWN = "discriminator";

/** A network of the encoder's architecture, with variables of its own, and one logit on its last hidden layer. */
export function createDiscriminator(
  { seed, model, inputShape, architecture }: DiscriminatorParts,
): Discriminator {
  const variables = new DiscriminatorVariables(seed, model.initialisation);
  const { hidden, width } = architecture.createEncoder(variables, model, inputShape);
  const logit = dense(variables, `${OWN}/logit`, width, 1);
  return {
    variables: variables.list,
    judge(examples) {
      const features = hidden(examples) as tf.Tensor2D;
      return { features, logits: tf.reshape(logit(features), [-1]) };
    },
  };
}

/** The variables of an encoder, drawn by a seed and under names of their own. */
class DiscriminatorVariables extends Variables {
  constructor(seed: number, initialisation: Initialisation | undefined) {
    super(randomStream(seed, OWN).integer(2 ** 32), initialisation);
  }

  override make(name: string, shape: number[], values: Float32Array): tf.Variable {
    return super.make(name.replace(/^encoder\b/, OWN), shape, values);
  }
}
