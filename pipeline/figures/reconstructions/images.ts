import { randomStream } from "../../base/random.ts";
import { count, nats } from "../../base/words.ts";
import { codesAt, imagesAt } from "../drawing/examples.ts";
import { mosaic, stack } from "../drawing/image.ts";
import type { Drawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import { drawReconstructions } from "./draw.ts";
import type { ReconstructionsOptions } from "./spec.ts";

/** Draws test images beside what the decoder makes of their codes: drawn at random, and those of the largest losses. */
export function draw(data: ImageFigureData<ReconstructionsOptions>): Drawn {
  const { seed, options, test, losses } = data;
  const shown = Math.min(options.reconstructions, test.examples);
  const order = randomStream(seed, "render/reconstructions").permutation(test.examples);
  // Ties keep the file's order, so equal losses give the same figure on every machine.
  const worst = [...losses.keys()].sort((a, b) => losses[b]! - losses[a]! || a - b);
  const rows = [
    { title: "Drawn at random", indices: Array.from(order.subarray(0, shown)) },
    { title: `The worst of ${count(test.examples)}`, indices: worst.slice(0, shown) },
  ].map(({ title, indices }) => ({
    title,
    originals: imagesAt(data, test, indices),
    reconstructions: data.decode(codesAt(data, indices), indices.map((i) => test.labels[i]!)),
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
  const svg = drawReconstructions(rows, { title, description: alt });
  return { title, caption, alt, svg, picture: stack(pictures, 2) };
}
