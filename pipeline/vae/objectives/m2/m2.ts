import * as tf from "@tensorflow/tfjs";
import { penalisedKl } from "../../elbo.ts";
import type { Objective } from "../objective.ts";
import type { M2Spec } from "./m2.spec.ts";

/**
 * Kingma et al. (2014), equation 9, divided by the number N of training examples: the mean over all of them of the
 * bound on -log p(x, y) where the label is told and on -log p(x) where it is not, and alpha times the mean of
 * -log q(y|x) over those with a label. The paper's α is alpha N; its 0.1 N is an alpha of 0.1. Classes are equally
 * likely a priori.
 */
export function createObjective({ labelsPerClass, draw, alpha }: M2Spec): Objective {
  return {
    samples: 1,
    comparesExamples: false,
    labels: { perClass: labelsPerClass, draw },
    loss({ reconstruction, kl, klWeight, classes }) {
      const rate = tf.add(penalisedKl(kl, 0), tf.mean(classes!.kl));
      const bound = tf.add(tf.mean(reconstruction), tf.mul(klWeight, rate));
      return tf.add(bound, tf.mul(tf.mean(classes!.crossEntropy), alpha));
    },
  };
}
