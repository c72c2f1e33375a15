import * as tf from "@tensorflow/tfjs";
import { penalisedKl } from "../../elbo.ts";
import type { Objective, ObjectiveTerms } from "../objective.ts";
import { createDiscriminator } from "./discriminator.ts";
import { asReal, discriminatorLoss, standing } from "./losses.ts";
import type { VaeGanSpec } from "./vae_gan.spec.ts";

/**
 * Larsen et al. (2016), algorithm 1: the encoder minimises L_prior + L_llike, the decoder γ L_llike - L_GAN, the
 * discriminator L_GAN, all in the same step, where L_llike is -log N(D_l(x); D_l(x̃), I) without its constant, D_l the
 * discriminator's last hidden layer and x̃ the mean of p(x|z). For the decoder, -log D stands for log(1 - D), as the
 * authors and Goodfellow et al. (2014) do: it has a gradient where the discriminator is sure.
 */
export function createObjective({ gamma, rate, gradientPenalty }: VaeGanSpec): Objective {
  return {
    samples: 1,
    comparesExamples: false,
    drawsFromPrior: true,
    loss: (terms) => tf.add(tf.mul(terms.klWeight, penalisedKl(terms.kl, 0)), featureError(terms)),
    adversary: {
      rate,
      createDiscriminator,
      losses(terms) {
        const game = terms.game!;
        const generated = game.generated();
        const real = game.judge(game.x);
        const reconstructed = game.judge(game.reconstructions()), made = game.judge(generated);
        const fooled = tf.add(asReal(reconstructed), asReal(made));
        return {
          decoder: tf.add(tf.mul(featureError(terms), gamma), fooled),
          discriminator: discriminatorLoss(game, real, [reconstructed, made], gradientPenalty),
          ...standing(game, real, generated, made),
        };
      },
    },
  };
}

/** Half the squared distance of the features of examples and of their reconstructions, a mean over them. */
function featureError({ game }: ObjectiveTerms): tf.Scalar {
  const { x, judge, reconstructions } = game!;
  const errors = tf.sub(judge(x).features, judge(reconstructions()).features);
  return tf.mul(tf.mean(tf.sum(tf.square(errors), 1)), 0.5);
}
