import * as tf from "@tensorflow/tfjs";
import type { ClassPosterior } from "./class_posterior.ts";
import { type ElboInputs, type ElboTerms, elboTerms } from "./elbo.ts";
import type { ClassTerms } from "./objectives/objective.ts";
import { repeatRows } from "./repeat_rows.ts";
import type { Vae } from "./vae.ts";

/** Examples of which some have a label. */
export interface PartlyLabelled extends Pick<ElboInputs, "corrupted" | "teacherInput"> {
  /** Flat examples, [n, dimensions]. */
  readonly x: tf.Tensor;
  /** Their classes, one-hot, [n, classes]; a row of zeros where the label is not told. */
  readonly y: tf.Tensor;
  /** Standard normal, [n, latentSize]: the classes of an example share it, so that they differ by nothing else. */
  readonly noise: tf.Tensor;
}

/**
 * The terms of the bound on log p(x) of a conditional model whose class is latent where it is not told (Kingma et al.,
 * 2014, equations 6 and 7). With Q(y) the label where there is one and q(y|x) elsewhere,
 *
 *     -log p(x) <= E_Q[ E[-log p(x|z, y)] + KL(q(z|x, y) || p(z)) ] + KL(Q(y) || p(y)),
 *
 * in which the sum over classes is exact: each example is encoded and decoded once for each class. Where the label is
 * known the last term is log(classes), and the whole a bound on -log p(x, y).
 *
 * @param labelled examples to be classified, as many as in the batch, and their classes
 * @returns means under Q of both terms for each example of the batch, and what is known of classes; posterior and codes
 * of every class
 */
export function marginalTerms(
  vae: Vae,
  classPosterior: ClassPosterior,
  { x, y, noise, corrupted, teacherInput }: PartlyLabelled,
  labelled: { readonly x: tf.Tensor; readonly y: tf.Tensor },
): ElboTerms & { readonly classes: ClassTerms } {
  const { classes } = vae;
  const n = x.shape[0]!;
  const terms = elboTerms(vae.given(everyClass(n, classes)), x, repeatRows(noise, classes), {
    corrupted,
    teacherInput,
  });
  const logProbabilities = classPosterior.logProbabilities(x);
  const unknown = tf.sub(1, tf.sum(y, 1, true));
  const guessed = tf.mul(unknown, tf.exp(logProbabilities));
  const weights = tf.expandDims(tf.add(y, guessed), 2);
  const expected = (values: tf.Tensor) =>
    tf.sum(tf.mul(weights, tf.reshape(values, [n, classes, -1])), 1) as tf.Tensor2D;
  return {
    ...terms,
    reconstruction: tf.reshape(expected(terms.reconstruction), [n]),
    kl: expected(terms.kl),
    classes: {
      kl: tf.add(Math.log(classes), tf.sum(tf.mul(guessed, logProbabilities), 1)) as tf.Tensor1D,
      crossEntropy: tf.neg(tf.sum(tf.mul(labelled.y, classPosterior.logProbabilities(labelled.x)), 1)),
    },
  };
}

/** Every class for each of n examples, one-hot, [n x classes, classes]. */
function everyClass(n: number, classes: number): tf.Tensor2D {
  const ones = Array.from({ length: classes ** 2 }, (_, i) => Number(i % (classes + 1) === 0));
  return tf.tile(tf.tensor2d(ones, [classes, classes]), [n, 1]);
}
