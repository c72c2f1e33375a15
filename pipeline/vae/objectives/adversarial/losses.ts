import * as tf from "@tensorflow/tfjs";
import type { Assessment, Game, GameLosses } from "../objective.ts";

/** -log D(x) as a mean over examples, of their logits. */
export function asReal({ logits }: Assessment): tf.Scalar {
  return tf.mean(tf.softplus(tf.neg(logits)));
}

/** -log(1 - D(x)) as a mean over examples, of their logits. */
function asMade({ logits }: Assessment): tf.Scalar {
  return tf.mean(tf.softplus(logits));
}

/**
 * What the discriminator minimises: its cross entropy for the real examples and for each kind of those that are made,
 * and the gradient penalty where that has a weight.
 */
export function discriminatorLoss(
  game: Pick<Game, "x" | "judge">,
  real: Assessment,
  made: readonly Assessment[],
  penaltyWeight: number,
): tf.Scalar {
  const terms = [asReal(real), ...made.map(asMade)];
  if (penaltyWeight > 0) terms.push(tf.mul(gradientPenalty(game), penaltyWeight));
  return terms.reduce((sum, term) => tf.add(sum, term));
}

/**
 * What keeps a discriminator from growing steep where the data are, R1 of Mescheder et al. (2018, equation 9): half the
 * squared norm of its logit's gradient at each real example, a mean over them.
 */
function gradientPenalty({ x, judge }: Pick<Game, "x" | "judge">): tf.Scalar {
  const slope = tf.grad((examples) => tf.sum(judge(examples).logits))(x);
  return tf.mul(tf.mean(tf.sum(tf.square(slope), 1)), 0.5);
}

/** How the game stands; see `GameLosses`. */
export function standing(
  { x }: Pick<Game, "x">,
  real: Assessment,
  generated: tf.Tensor2D,
  judged: Assessment,
): Pick<GameLosses, "realScore" | "generatedScore" | "variety"> {
  return {
    realScore: tf.mean(tf.sigmoid(real.logits)),
    generatedScore: tf.mean(tf.sigmoid(judged.logits)),
    // A batch of equal pictures has no variance to divide by.
    variety: tf.div(variance(generated), tf.maximum(variance(x), 1e-12)),
  };
}

/** The variance of each value over the examples, summed over values. */
function variance(examples: tf.Tensor): tf.Scalar {
  return tf.sum(tf.mean(tf.square(tf.sub(examples, tf.mean(examples, 0))), 0));
}
