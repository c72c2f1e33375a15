import { meanRow } from "../../metrics/attributes.ts";
import { expectedCompletion, fill, hide, meanSquaredError } from "../../metrics/completion.ts";
import { measuredTest, oneOfEach, recognised } from "../measuring/examples.ts";
import { linearModel } from "../measuring/linear.ts";
import type { StudyContext, StudyResult } from "../study.ts";

/** How the lower half of test images is made that is hidden. */
export interface CompletionMetrics {
  readonly examples: number;
  /** The share that k-NN recognises of the images as they are, and with the hidden half black. */
  readonly recognised: { readonly whole: number; readonly hidden: number };
  readonly ways: readonly CompletionWay[];
}

/** How well one way of making it does. */
export interface CompletionWay {
  readonly way: "fed" | "inferred" | "pca" | "mean";
  /** Mean squared error of the hidden half, per pixel. */
  readonly squaredError: number;
  /** Share that k-NN recognises: the seen half with the half that was made. */
  readonly recognised: number;
}

/**
 * Hides the lower half of test images and lets the model make it. Fed: the half image goes through the encoder, as the
 * paper says, which takes black for what is there. Inferred: z follows from the seen half alone, by the likelihood of
 * that half under the decoded codes of all training images. Beside them PCA of the same size, fed likewise, and the
 * mean training image.
 */
export function measure(context: StudyContext): StudyResult<CompletionMetrics> {
  const { shape, latentSize, reference, likelihood, product } = context;
  const { rows, columns, data } = reference.features;
  if (!likelihood) {
    throw new TypeError("Cannot complete images under a likelihood that is no exponential family");
  }
  const height = shape[0]!;
  const hidden = Array.from({ length: columns }, (_, i) => Math.floor(i / (columns / height)) >= height / 2);
  const model = (examples: Float32Array) => context.decode(context.encode(examples));
  const pca = linearModel(reference.features, latentSize, product);
  const mean = meanRow(data, columns, [...Array(rows).keys()]);
  const candidates = { rows, columns, data: context.decode(reference.codes.data) };
  const ways = {
    fed: (x: Float32Array) => fill(x, hidden, model(hide(x, hidden))),
    inferred: (x: Float32Array) => expectedCompletion(x, hidden, candidates, likelihood, product),
    pca: (x: Float32Array) => fill(x, hidden, pca(hide(x, hidden), latentSize)),
    mean: (x: Float32Array) => fill(x, hidden, mean),
  };

  const { features: { data: images, rows: examples }, labels } = measuredTest(context);
  const shown = oneOfEach(context).features.data;
  return {
    metrics: {
      examples,
      recognised: {
        whole: recognised(context, images, labels),
        hidden: recognised(context, hide(images, hidden), labels),
      },
      ways: Object.entries(ways).map(([way, completed]) => {
        const made = completed(images);
        return {
          way: way as CompletionWay["way"],
          squaredError: meanSquaredError(made, images, hidden),
          recognised: recognised(context, made, labels),
        };
      }),
    },
    pictures: [
      shown,
      hide(shown, hidden),
      // The whole of what the decoder puts out: the picture that the model sees in half of one.
      model(hide(shown, hidden)),
      ways.inferred(shown),
      ways.pca(shown),
    ],
  };
}
