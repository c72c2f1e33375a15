import { addGrid, countImages, type Images } from "../drawing/image.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { WIDTH } from "../drawing/theme.ts";

/** One interpolation. */
export interface InterpolationRow {
  /** The two test images at the ends. */
  readonly ends: readonly [Images, Images];
  /** Decoder means along the straight line between the posterior means of the ends, both included. */
  readonly between: Images;
}

/** Draws one line per pair: the first image, decoded points on the way, the second image. */
export function drawInterpolation(rows: readonly InterpolationRow[], text: FigureText): string {
  const steps = countImages(rows[0]!.between);
  const gap = 6;
  const { height, width } = rows[0]!.between;
  const tile = (WIDTH - 2 * gap) / (steps + 2);
  const tileHeight = tile * height / width;
  const figure = createFigure("interpolation", WIDTH, 18 + rows.length * (tileHeight + 3), text);
  const middle = tile + gap + tile * steps / 2;
  addText(figure.root, 0, 11, "from");
  addText(figure.root, middle, 11, "decoded on the way", { anchor: "middle" });
  addText(figure.root, WIDTH, 11, "to", { anchor: "end" });
  rows.forEach(({ ends, between }, i) => {
    const y = 18 + i * (tileHeight + 3);
    addGrid(figure.root, ends[0], { x: 0, y, width: tile, columns: 1, gap: 0 });
    addGrid(figure.root, between, { x: tile + gap, y, width: tile * steps, columns: steps, gap: 0 });
    addGrid(figure.root, ends[1], { x: WIDTH - tile, y, width: tile, columns: 1, gap: 0 });
  });
  return figure.toString();
}
