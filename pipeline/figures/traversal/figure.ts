import * as d3 from "d3";
import { nats } from "../../base/words.ts";
import { moments } from "../../metrics/latent.ts";
import { pictureRows } from "../drawing/picture_rows.ts";
import type { Drawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import type { TraversalOptions } from "./spec.ts";

/** How far from the middle a traversal begins and ends, in standard deviations of the codes. */
const SPAN = 2.5;

/** Decodes the mean of all test codes with one dimension after the other moved through where codes lie. */
export function draw(data: ImageFigureData<TraversalOptions>): Drawn {
  const { model: { latentSize }, means, test, kl: { kl }, options: { traversal } } = data;
  const { mean, covariance } = moments({ rows: test.examples, columns: latentSize, data: means });
  const order = d3.sort(d3.range(latentSize), (j) => -kl[j]!).slice(0, traversal.dimensions);
  const { steps } = traversal;
  const rows = order.map((j) => {
    const codes = new Float32Array(steps * latentSize);
    const deviation = Math.sqrt(covariance[j * latentSize + j]!);
    for (let i = 0; i < steps; i++) {
      codes.set(mean, i * latentSize);
      codes[i * latentSize + j]! += SPAN * deviation * (2 * i / (steps - 1) - 1);
    }
    return {
      id: String(j + 1),
      label: [`z ${j + 1}`, `${nats(kl[j]!)} nats`],
      images: data.decode(codes),
    };
  });
  const shown = order.length < latentSize ? `the ${order.length} of ${latentSize} dimensions` : "dimensions";
  const title = "One latent dimension at a time";
  const caption =
    `Each row decodes the mean code of the test ${data.nouns.many} with one dimension moved from ${SPAN} standard ` +
    `deviations of its posterior means below to ${SPAN} above; all others stay. Shown are ${shown} in the order of ` +
    `their KL, which stands at the left. A row that does not change is a dimension that the decoder does not use.`;
  const alt = `${order.length} rows of ${steps} decoded images each, for dimensions ${
    order.map((j) => j + 1).join(", ")
  }.`;
  return { title, caption, alt, svg: pictureRows("traversal", rows, { title, description: alt }) };
}
