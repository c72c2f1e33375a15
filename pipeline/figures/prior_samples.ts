import { addPicture, countImages, type Images, mosaic } from "./image.ts";
import { addText, createFigure, type FigureText } from "./svg.ts";
import { WIDTH } from "./theme.ts";

export interface PriorSamplesData {
  /** Decoder means for z ~ N(0, I), in the order drawn. */
  readonly samples: Images;
  /** For the first few samples, the training image with the smallest Euclidean distance. */
  readonly nearest: Images;
}

/** Unselected samples from the prior; below, the first of them above their nearest training images. */
export function priorSamples({ samples, nearest }: PriorSamplesData, text: FigureText): string {
  const columns = gridColumns(countImages(samples));
  const grid = mosaic(samples, columns, 1);
  const gridHeight = WIDTH * grid.height / grid.width;

  const count = countImages(nearest);
  const size = samples.values.length / countImages(samples);
  const first: Images = { ...samples, values: samples.values.subarray(0, count * size) };
  const labelWidth = 58;
  const rowWidth = WIDTH - labelWidth;
  const rows = [first, nearest].map((images) => mosaic(images, count, 1));
  const rowHeight = rowWidth * rows[0]!.height / rows[0]!.width;

  const figure = createFigure("prior-samples", WIDTH, gridHeight + 12 + 2 * rowHeight + 3, text);
  addPicture(figure.root, grid, { x: 0, y: 0, width: WIDTH, height: gridHeight });
  rows.forEach((picture, i) => {
    const y = gridHeight + 12 + i * (rowHeight + 3);
    addText(figure.root, labelWidth - 6, y + rowHeight / 2 + 3.5, i === 0 ? "sample" : "nearest", {
      anchor: "end",
    });
    addPicture(figure.root, picture, { x: labelWidth, y, width: rowWidth, height: rowHeight });
  });
  return figure.toString();
}

/** As square a grid as the count allows, rather wider than high. */
export function gridColumns(count: number): number {
  return Math.ceil(Math.sqrt(count));
}
