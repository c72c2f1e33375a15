import * as tf from "@tensorflow/tfjs";
import type { Objective } from "../objective.ts";
import { createDiscriminator } from "./discriminator.ts";
import type { GanSpec } from "./gan.spec.ts";
import { asReal, discriminatorLoss, standing } from "./losses.ts";

const LOG_2_PI = Math.log(2 * Math.PI);

/**
 * Goodfellow et al. (2014), with -log D(G(z)) for the generator (section 3). The encoder minimises -log q(z|G(z)): it
 * learns to invert the generator, which hears nothing of that (the latent regressor of Donahue et al., 2017, section
 * 4.1). So a GAN can be measured where a code of an example is asked for.
 */
export function createObjective({ rate, gradientPenalty }: GanSpec): Objective {
  return {
    samples: 1,
    comparesExamples: false,
    drawsFromPrior: true,
    loss({ game, priorCodes }) {
      const { mean, logVariance } = game!.encode(game!.generated());
      const squares = tf.mul(tf.square(tf.sub(priorCodes!, mean)), tf.exp(tf.neg(logVariance)));
      return tf.mul(tf.mean(tf.sum(tf.add(squares, tf.add(logVariance, LOG_2_PI)), 1)), 0.5);
    },
    adversary: {
      rate,
      createDiscriminator,
      losses(terms) {
        const game = terms.game!;
        const generated = game.generated();
        const real = game.judge(game.x), made = game.judge(generated);
        return {
          decoder: asReal(made),
          discriminator: discriminatorLoss(game, real, [made], gradientPenalty),
          ...standing(game, real, generated, made),
        };
      },
    },
  };
}
