import type { Part } from "../../artifacts/dataset.ts";
import { count } from "../../base/words.ts";
import { imagesAt } from "../drawing/examples.ts";
import { type Images, mosaic, selectImages } from "../drawing/image.ts";
import type { Drawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import { drawPriorSamples, gridColumns } from "./draw.ts";
import type { PriorSamplesOptions } from "./spec.ts";

/** Samples shown above their nearest training images. */
const NEIGHBOURS = 8;

/** Draws images that are decoded from samples of the prior. */
export function draw(data: ImageFigureData<PriorSamplesOptions>): Drawn {
  const { options, prior, train, decode, model, info } = data;
  // Those of a conditional model are of its classes in turn: a column each.
  const columns = model.conditional ? info.classes.length : gridColumns(options.samples);
  const samples = decode(data.samplePrior("render/prior", options.samples));
  const first = selectImages(samples, [...Array(Math.min(NEIGHBOURS, options.samples)).keys()]);
  const nearest = imagesAt(data, train, nearestExamples(first, train));
  const title = "Samples from the prior";
  const caption =
    `${count(options.samples)} images decoded from z ~ ${prior.words}${
      model.conditional ? ` and a class, ${info.classes.join(", ")} from left to right` : ""
    }, in the order drawn, none left out; a ` +
    `pixel's brightness is the mean of p(x|z). Below, the first ${NEIGHBOURS} above the training image that is nearest ` +
    `in Euclidean distance: a sample that equals its neighbour would be a copy.`;
  const alt =
    `A grid of ${options.samples} generated images, and the training images nearest to the first ones.`;
  return {
    title,
    caption,
    alt,
    svg: drawPriorSamples({ samples, columns, nearest }, { title, description: alt }),
    picture: mosaic(samples, columns, 1),
  };
}

/** The index of the example at the smallest Euclidean distance from each image; the earlier one where two tie. */
function nearestExamples({ values }: Images, { images, examples, size, scale }: Part): number[] {
  return Array.from({ length: values.length / size }, (_, image) => {
    const wanted = Float64Array.from(
      values.subarray(image * size, (image + 1) * size),
      (value) => value / scale,
    );
    let best = 0;
    let smallest = Infinity;
    for (let example = 0; example < examples; example++) {
      let distance = 0;
      for (let i = 0, j = example * size; i < size; i++, j++) {
        const difference = wanted[i]! - images[j]!;
        distance += difference * difference;
      }
      if (distance < smallest) [best, smallest] = [example, distance];
    }
    return best;
  });
}
