import { hasClasses } from "../../artifacts/dataset.ts";
import { codesAt, imagesAt } from "../drawing/examples.ts";
import { mosaic, stack } from "../drawing/image.ts";
import type { Drawn, NotDrawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import { drawInterpolation } from "./draw.ts";
import { endsOf } from "./ends.ts";
import { straightLine } from "./line.ts";
import type { InterpolationOptions } from "./spec.ts";

/** Pairs of test images that the figure goes between. */
const PAIRS = 4;

/** Draws what lies between test images of two classes, or of one where there are no others. */
export function draw(data: ImageFigureData<InterpolationOptions>): Drawn | NotDrawn {
  const found = endsOf(data);
  if ("reason" in found) return found;
  const { from, to } = found;
  const { steps } = data.options.interpolation;
  // A class that meets itself does so one place further on.
  const [starts, ends] = [found.starts, from === to ? found.ends.slice(1) : found.ends];
  const pairs = Math.min(PAIRS, starts.length, ends.length);
  const rows = Array.from({ length: pairs }, (_, row) => {
    const pair = [starts[row]!, ends[row]!] as const;
    return {
      ends: [imagesAt(data, data.test, [pair[0]]), imagesAt(data, data.test, [pair[1]])] as const,
      between: data.decode(straightLine(codesAt(data, pair), steps)),
    };
  });
  const { classes } = data.info;
  const title = hasClasses(data.info) ? `From ${classes[from]} to ${classes[to]}` : "Between test images";
  const caption =
    `Each row joins two test images, shown at its ends, by ${steps} decoded points on the straight line ` +
    `between their posterior means. A good latent space passes through plausible images on the way, not through a ` +
    `blend of both.`;
  const alt = hasClasses(data.info)
    ? `${pairs} rows of images that turn from class ${classes[from]} into class ${classes[to]}.`
    : `${pairs} rows of images that turn from one test image into another.`;
  return {
    title,
    caption,
    alt,
    svg: drawInterpolation(rows, { title, description: alt }),
    picture: stack(rows.map(({ between }) => mosaic(between, steps)), 1),
  };
}
