import * as tf from "@tensorflow/tfjs";
import { penalisedKl } from "../elbo.ts";
import type { Posterior } from "../posterior.ts";
import type { BetaTcSpec } from "./beta_tc.spec.ts";
import type { Objective } from "./objective.ts";

/**
 * The negative ELBO with a weight on the total correlation (Chen et al., 2018, equation 2 and 4 with α = γ = 1):
 * KL = mutual information + total correlation + dimension-wise KL, so a weight β of the second is KL + (β - 1) TC. The
 * KL is the prior's, where it can be in closed form, which varies less than the sum of three estimates.
 */
export function createObjective({ beta, estimator }: BetaTcSpec): Objective {
  return {
    samples: 1,
    comparesExamples: true,
    loss({ posterior, z, reconstruction, kl, klWeight, freeBits, trainingExamples }) {
      const weights = logWeights(estimator, z.shape[0]!, trainingExamples);
      const excess = tf.mul(totalCorrelation(posterior, z, weights), beta - 1);
      return tf.add(tf.mean(reconstruction), tf.mul(klWeight, tf.add(penalisedKl(kl, freeBits), excess)));
    },
  };
}

/**
 * The mean over codes z_i of log q(z_i) - sum_d log q(z_id), where q is estimated as sum_j weight_ij q(z_i|x_j).
 *
 * @param z a code of each example, [n, latentSize]
 * @param logWeights [n, n]
 */
function totalCorrelation({ mean, logVariance }: Posterior, z: tf.Tensor, logWeights: tf.Tensor): tf.Scalar {
  // log q(z_id|x_j), [n, n, latentSize].
  const distance = tf.sub(tf.expandDims(z, 1), tf.expandDims(mean, 0));
  const width = tf.expandDims(logVariance, 0);
  const squares = tf.mul(tf.square(distance), tf.exp(tf.neg(width)));
  const logDensities = tf.mul(tf.add(squares, tf.add(width, Math.log(2 * Math.PI))), -0.5);
  const whole = tf.logSumExp(tf.add(tf.sum(logDensities, 2), logWeights), 1);
  const single = tf.logSumExp(tf.add(logDensities, tf.expandDims(logWeights, 2)), 1);
  return tf.mean(tf.sub(whole, tf.sum(single, 1)));
}

/**
 * How much the posterior of example j counts where q(z_i) is estimated from a batch of n out of N examples, [n, n].
 * Minibatch-weighted sampling (equation 5): 1 / nN for all, which is biased by a constant. Stratified (appendix C.1):
 * the code's own example has 1/N, as it has among all, and n - 1 others stand for the rest, one of them for less.
 */
export function logWeights(estimator: BetaTcSpec["estimator"], n: number, all: number): tf.Tensor2D {
  if (estimator === "weighted") return tf.fill([n, n], -Math.log(n * all)) as tf.Tensor2D;
  const others = n - 1;
  const weights = Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    if (i === j) return 1 / all;
    return j === (i + 1) % n ? (all - others) / (all * others) : 1 / others;
  });
  return tf.tensor2d(weights.map(Math.log), [n, n]);
}
