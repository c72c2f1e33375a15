import * as tf from "@tensorflow/tfjs";
import { penalisedKl } from "../elbo.ts";
import type { Objective } from "./objective.ts";

/** The negative ELBO with a weighted KL term (Kingma and Welling, 2014; beta-VAE: Higgins et al., 2017). */
export function createObjective(): Objective {
  return {
    samples: 1,
    comparesExamples: false,
    loss: ({ reconstruction, kl, klWeight, freeBits }) =>
      tf.add(tf.mean(reconstruction), tf.mul(klWeight, penalisedKl(kl, freeBits))),
    ofMeans(reconstruction, kl, klWeight, freeBits) {
      const penalised = Array.from(kl).reduce((sum, value) => sum + Math.max(freeBits, value), 0);
      return reconstruction + klWeight * penalised;
    },
  };
}
