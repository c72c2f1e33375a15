import { addNoise } from "../../vae/input_noise.ts";
import { meanSquaredError, psnr } from "../../metrics/completion.ts";
import { randomStream } from "../../base/random.ts";
import { measuredTest, oneOfEach } from "../measuring/examples.ts";
import { linearModel } from "../measuring/linear.ts";
import type { StudyContext, StudyResult } from "../study.ts";

/** Peak signal-to-noise ratios against the clean image, over all examples together, in decibels. */
export interface DenoisingMetrics {
  readonly examples: number;
  readonly standardDeviation: number;
  readonly noisy: number;
  readonly vae: number;
  /** PCA with as many components as z has dimensions. */
  readonly pca: number;
  /** PCA with the number of components, of those tried, that denoises the test images best. */
  readonly bestPca: { readonly components: number; readonly psnr: number };
}

/** Numbers of components that PCA is tried with. */
const COMPONENTS = [8, 16, 32, 64, 128];

/**
 * Adds the noise that the model was trained against to test images, and takes it away again.
 *
 * @throws {TypeError} where it was trained against none: `needs` keeps such specs from asking
 */
export function measure(context: StudyContext): StudyResult<DenoisingMetrics> {
  const { seed, latentSize, inputNoise, reference, product } = context;
  if (inputNoise === undefined) throw new TypeError("Cannot study denoising without training.inputNoise");
  const noisyOf = (images: Float32Array, name: string) =>
    addNoise(images, inputNoise, randomStream(seed, name), new Float32Array(images.length));
  const pca = linearModel(reference.features, Math.max(...COMPONENTS, latentSize), product);
  const model = (examples: Float32Array) => context.decode(context.encode(examples));

  const { features: { data: images, rows } } = measuredTest(context);
  const noisy = noisyOf(images, "noise to take away");
  const quality = (made: Float32Array) => psnr(meanSquaredError(made, images));
  const [best] = [...new Set([...COMPONENTS, latentSize])]
    .map((components) => ({ components, psnr: quality(pca(noisy, components)) }))
    .sort((a, b) => b.psnr - a.psnr);

  const shown = oneOfEach(context).features.data;
  const shownNoisy = noisyOf(shown, "noise that is shown");
  return {
    metrics: {
      examples: rows,
      standardDeviation: inputNoise,
      noisy: quality(noisy),
      vae: quality(model(noisy)),
      pca: quality(pca(noisy, latentSize)),
      bestPca: best!,
    },
    pictures: [shown, shownNoisy, model(shownNoisy), pca(shownNoisy, best!.components)],
  };
}
