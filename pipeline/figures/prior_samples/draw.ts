import { addGrid, countImages, gridHeight, type Images, selectImages } from "../drawing/image.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { WIDTH } from "../drawing/theme.ts";

/** Decoded samples, and what they are compared with. */
export interface PriorSamplesData {
  /** Decoder means for z ~ N(0, I), in the order drawn. */
  readonly samples: Images;
  /** Samples in a row. */
  readonly columns: number;
  /** For the first few samples, the training image with the smallest Euclidean distance. */
  readonly nearest: Images;
}

const GAP = 1.5;
const LABEL = 46;

/** Draws unselected samples from the prior; below, the first of them above their nearest training images. */
export function drawPriorSamples({ samples, columns, nearest }: PriorSamplesData, text: FigureText): string {
  const all = { x: 0, y: 0, width: WIDTH, columns, gap: GAP };
  const count = countImages(nearest);
  const row = { x: LABEL, width: WIDTH - LABEL, columns: count, gap: GAP };
  const rowHeight = gridHeight(nearest, row);
  const top = gridHeight(samples, all) + 12;
  const figure = createFigure("prior-samples", WIDTH, top + 2 * rowHeight + 3, text);
  addGrid(figure.root, samples, all);
  const pairs = [
    { label: "sample", images: selectImages(samples, [...Array(count).keys()]) },
    { label: "nearest", images: nearest },
  ];
  pairs.forEach(({ label, images }, i) => {
    const y = top + i * (rowHeight + 3);
    addText(figure.root, LABEL - 6, y + rowHeight / 2 + 3.5, label, { anchor: "end" });
    addGrid(figure.root, images, { ...row, y });
  });
  return figure.toString();
}

/** The columns of as square a grid as the count allows, rather wider than high. */
export function gridColumns(count: number): number {
  return Math.ceil(Math.sqrt(count));
}
