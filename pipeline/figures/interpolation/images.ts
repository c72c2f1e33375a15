import { UserError } from "../../base/errors.ts";
import { codesAt, imagesAt } from "../drawing/examples.ts";
import { mosaic, stack } from "../drawing/image.ts";
import type { Drawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import { drawInterpolation } from "./draw.ts";
import { straightLine } from "./line.ts";
import type { InterpolationOptions } from "./spec.ts";

/** Pairs of test images that the figure goes between. */
const PAIRS = 4;

/** Draws what lies between test images of two classes. */
export function draw(data: ImageFigureData<InterpolationOptions>): Drawn {
  const { from, to, steps } = data.options.interpolation;
  const [starts, ends] = [examplesOfClass(data, from, 0), examplesOfClass(data, to, from === to ? 1 : 0)];
  const pairs = Math.min(PAIRS, starts.length, ends.length);
  const rows = Array.from({ length: pairs }, (_, row) => {
    const pair = [starts[row]!, ends[row]!] as const;
    return {
      ends: [imagesAt(data, data.test, [pair[0]]), imagesAt(data, data.test, [pair[1]])] as const,
      between: data.decode(straightLine(codesAt(data, pair), steps)),
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
    svg: drawInterpolation(rows, { title, description: alt }),
    picture: stack(rows.map(({ between }) => mosaic(between, steps)), 1),
  };
}

/** The first test examples of a class; `skip` passes over some, so that a class can meet itself. */
function examplesOfClass({ test, info }: ImageFigureData, label: number, skip: number): number[] {
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
