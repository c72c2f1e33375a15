import * as tf from "@tensorflow/tfjs";
import { createTwin, type TwinParts } from "../../encoder_twin.ts";
import { dense } from "../../layer.ts";
import type { Discriminator } from "../objective.ts";

/** What a discriminator's variables are named after. */
const OWN = "discriminator";

/** A network of the encoder's architecture, with variables of its own, and one logit on its last hidden layer. */
export function createDiscriminator(parts: TwinParts): Discriminator {
  const { variables, encoder: { hidden, width } } = createTwin(parts, OWN);
  const logit = dense(variables, `${OWN}/logit`, width, 1);
  return {
    variables: variables.list,
    judge(examples) {
      const features = hidden(examples) as tf.Tensor2D;
      return { features, logits: tf.reshape(logit(features), [-1]) };
    },
  };
}
