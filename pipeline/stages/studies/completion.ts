import { meanRow } from "../../metrics/attributes.ts";
import { complete, hide, meanSquaredError } from "../../metrics/completion.ts";
import { linearModel } from "./linear.ts";
import { measuredTest, oneOfEach, recognised, type StudyContext, type StudyResult } from "./study.ts";

/** Of test images whose lower half is hidden. */
export interface CompletionMetrics {
  readonly examples: number;
  readonly rounds: number;
  /** Of the images as they are, and with the hidden half black: the share that k-NN recognises. */
  readonly recognised: { readonly whole: number; readonly hidden: number };
  readonly ways: readonly CompletionWay[];
}

export interface CompletionWay {
  readonly way: "once" | "repeated" | "pca" | "mean";
  /** Mean squared error of the hidden half, per pixel. */
  readonly squaredError: number;
  /** Share that k-NN recognises: the seen half with the half that was made. */
  readonly recognised: number;
}

const ROUNDS = 30;

/**
 * Hides the lower half of test images and lets the model make it: fed once, as the paper says; fed again and again
 * with what it made; and PCA with as many components, and the mean training image, to compare with.
 */
export function studyCompletion(context: StudyContext): StudyResult<CompletionMetrics> {
  const { shape, latentSize, reference, product } = context;
  const [height, width] = shape as [number, number];
  const hidden = Array.from({ length: height * width }, (_, i) => Math.floor(i / width) >= height / 2);
  const model = (examples: Float32Array) => context.decode(context.encode(examples));
  const pca = linearModel(reference.features, latentSize, product);
  const { data, rows: examples } = reference.features;
  const mean = meanRow(data, hidden.length, [...Array(examples).keys()]);
  const ways = {
    once: (x: Float32Array) => complete(x, hidden, 1, model),
    repeated: (x: Float32Array) => complete(x, hidden, ROUNDS, model),
    pca: (x: Float32Array) => complete(x, hidden, ROUNDS, (seen) => pca(seen, latentSize)),
    mean: (x: Float32Array) =>
      x.map((value, i) => hidden[i % hidden.length] ? mean[i % hidden.length]! : value),
  };

  const { features: { data: images, rows }, labels } = measuredTest(context);
  const shown = oneOfEach(context).features.data;
  return {
    metrics: {
      examples: rows,
      rounds: ROUNDS,
      recognised: {
        whole: recognised(context, images, labels),
        hidden: recognised(context, hide(images, hidden), labels),
      },
      ways: Object.entries(ways).map(([way, fill]) => {
        const made = fill(images);
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
      ways.repeated(shown),
      ways.pca(shown),
    ],
  };
}
