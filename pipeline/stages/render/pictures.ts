import { gather, type Part } from "../../artifacts/dataset.ts";
import { UserError } from "../../base/errors.ts";
import { type Images, mosaic, selectImages, stack } from "../../figures/drawing/image.ts";
import { interpolation } from "../../figures/interpolation/draw.ts";
import { manifold } from "../../figures/manifold/draw.ts";
import { gridColumns, priorSamples } from "../../figures/prior_samples/draw.ts";
import { reconstructions } from "../../figures/reconstructions/draw.ts";
import { gridCoordinates, latentGrid } from "../../metrics/latent_grid.ts";
import { randomStream } from "../../base/random.ts";
import { count, nats } from "../../base/words.ts";
import type { Draw, RenderData } from "../../figures/figure.ts";
import { text } from "./plots.ts";

/** Samples shown above their nearest training images, and pairs that are interpolated between. */
const NEIGHBOURS = 8;
const PAIRS = 4;

export const drawPriorSamples: Draw = (data) => {
  const { slice: { seed, figures, model }, train, decode } = data;
  const noise = randomStream(seed, "render/prior").fillNormal(
    new Float32Array(figures.samples * model.latentSize),
  );
  const samples = decode(noise);
  const first = selectImages(samples, [...Array(Math.min(NEIGHBOURS, figures.samples)).keys()]);
  const nearest = imagesOf(data, train, nearestExamples(first, train));
  const title = "Samples from the prior";
  const caption =
    `${count(figures.samples)} images decoded from z ~ N(0, I), in the order drawn, none left out; a ` +
    `pixel's brightness is the mean of p(x|z). Below, the first ${NEIGHBOURS} above the training image that is nearest ` +
    `in Euclidean distance: a sample that equals its neighbour would be a copy.`;
  const alt =
    `A grid of ${figures.samples} generated images, and the training images nearest to the first ones.`;
  return {
    title,
    caption,
    alt,
    svg: priorSamples({ samples, nearest }, text(title, alt)),
    picture: mosaic(samples, gridColumns(figures.samples), 1),
  };
};

export const drawManifold: Draw = ({ slice: { figures, model }, decode }) => {
  if (model.latentSize !== 2) {
    return { reason: `It needs two latent dimensions, and this model has ${model.latentSize}.` };
  }
  const { manifoldSize: side, manifoldTail: tail } = figures;
  const coordinates = gridCoordinates(side, tail);
  const images = decode(latentGrid(coordinates));
  const title = "The latent manifold";
  const caption =
    `The decoder's mean over a ${side} × ${side} grid of z. Coordinates are the inverse normal CDF of ` +
    `${side} points evenly spaced in [${tail}, ${
      round(1 - tail)
    }], so that every picture stands for the same share ` +
    `of the prior. Neighbours should change smoothly from one into the other.`;
  const alt = `A ${side} by ${side} grid of decoded images that change gradually from place to place.`;
  return {
    title,
    caption,
    alt,
    svg: manifold({ images, coordinates }, text(title, alt)),
    picture: mosaic(images, side),
  };
};

export const drawReconstructions: Draw = (data) => {
  const { slice, test, losses } = data;
  const shown = Math.min(slice.figures.reconstructions, test.examples);
  const order = randomStream(slice.seed, "render/reconstructions").permutation(test.examples);
  // Ties keep the file's order, so equal losses give the same figure on every machine.
  const worst = [...losses.keys()].sort((a, b) => losses[b]! - losses[a]! || a - b);
  const rows = [
    { title: "Drawn at random", indices: Array.from(order.subarray(0, shown)) },
    { title: `The worst of ${count(test.examples)}`, indices: worst.slice(0, shown) },
  ].map(({ title, indices }) => ({
    title,
    originals: imagesOf(data, test, indices),
    reconstructions: data.decode(codesOf(data, indices)),
    losses: indices.map((i) => losses[i]!),
  }));
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const title = "Reconstructions";
  const caption =
    `Test images above what the decoder makes of their posterior mean: ${shown} drawn at random, and ` +
    `the ${shown} with the highest loss. Below each, its negative ELBO in nats; the mean over the test set is ` +
    `${nats(mean)}. The worst ones show what the model has no room for.`;
  const alt = `Pairs of original and reconstructed test images; the worst has a loss of ${
    nats(losses[worst[0]!]!)
  } nats.`;
  const pictures = rows.flatMap((row) => [row.originals, row.reconstructions]).map((images) =>
    mosaic(images, shown, 1)
  );
  return { title, caption, alt, svg: reconstructions(rows, text(title, alt)), picture: stack(pictures, 2) };
};

export const drawInterpolation: Draw = (data) => {
  const { from, to, steps } = data.slice.figures.interpolation;
  const [starts, ends] = [examplesOfClass(data, from, 0), examplesOfClass(data, to, from === to ? 1 : 0)];
  const pairs = Math.min(PAIRS, starts.length, ends.length);
  const { latentSize } = data.slice.model;
  const rows = Array.from({ length: pairs }, (_, row) => {
    const pair = [starts[row]!, ends[row]!] as const;
    const codes = codesOf(data, pair);
    const line = Float32Array.from({ length: steps * latentSize }, (_, i) => {
      const share = Math.floor(i / latentSize) / (steps - 1);
      return (1 - share) * codes[i % latentSize]! + share * codes[latentSize + i % latentSize]!;
    });
    return {
      ends: [imagesOf(data, data.test, [pair[0]]), imagesOf(data, data.test, [pair[1]])] as const,
      between: data.decode(line),
    };
  });
  const { classes } = data.info;
  const title = `From ${classes[from]} to ${classes[to]}`;
  const caption =
    `Each row joins two test images, shown at its ends, by ${steps} decoded points on the straight line ` +
    `between their posterior means. A good latent space passes through plausible images on the way, not through a ` +
    `blend of both.`;
  const alt = `${pairs} rows of images that turn from class ${classes[from]} into class ${classes[to]}.`;
  return {
    title,
    caption,
    alt,
    svg: interpolation(rows, text(title, alt)),
    picture: stack(rows.map(({ between }) => mosaic(between, steps)), 1),
  };
};

function imagesOf({ info }: RenderData, part: Part, indices: readonly number[]): Images {
  const [height, width, channels = 1] = info.shape as [number, number, 1 | 3 | undefined];
  const values = gather(part, indices, new Float32Array(indices.length * part.size));
  return { height, width, channels, values };
}

function codesOf({ slice, means }: RenderData, indices: readonly number[]): Float32Array {
  const { latentSize } = slice.model;
  const codes = new Float32Array(indices.length * latentSize);
  indices.forEach((from, to) => {
    codes.set(means.subarray(from * latentSize, (from + 1) * latentSize), to * latentSize);
  });
  return codes;
}

/** The first test examples of a class; `skip` passes over some, so that a class can meet itself. */
function examplesOfClass({ test, info }: RenderData, label: number, skip: number): number[] {
  const found = [...test.labels.keys()].filter((i) => test.labels[i] === label).slice(skip, skip + PAIRS);
  if (found.length > 0) return found;
  const present = [...new Set(test.labels)].sort((a, b) => a - b);
  throw new UserError(
    `Cannot draw the interpolation: the test part of ${info.title} has no example of class ${label}`,
    {
      notes: [
        `Its classes are ${present.join(", ")}.`,
        `Next: set figures.interpolation.from and .to to two of them, or leave "interpolation" out of figures.show.`,
      ],
    },
  );
}

/** For each image the index of the example at the smallest Euclidean distance; the earlier one where two tie. */
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

function round(value: number): number {
  return Number(value.toFixed(6));
}
