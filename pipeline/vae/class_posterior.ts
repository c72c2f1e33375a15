import * as tf from "@tensorflow/tfjs";
import { createTwin, type TwinParts } from "./encoder_twin.ts";
import { dense } from "./layer.ts";

/** What the variables of q(y|x) are named after. */
export const CLASS_POSTERIOR = "classifier";

/** q(y|x): what a model makes of the class of an example that it was not told. */
export interface ClassPosterior {
  /** What it learns. Names differ from all of the model's. */
  readonly variables: readonly tf.Variable[];
  /** Flat examples [n, dimensions] -> log q(y|x), [n, classes]. */
  logProbabilities(examples: tf.Tensor): tf.Tensor2D;
}

/** A network of the encoder's architecture, with variables of its own, and a softmax on its last hidden layer. */
export function createClassPosterior(parts: TwinParts, classes: number): ClassPosterior {
  const { variables, encoder: { hidden, width } } = createTwin(parts, CLASS_POSTERIOR);
  const logits = dense(variables, `${CLASS_POSTERIOR}/logits`, width, classes);
  return {
    variables: variables.list,
    logProbabilities: (examples) => tf.logSoftmax(logits(hidden(examples))) as tf.Tensor2D,
  };
}
