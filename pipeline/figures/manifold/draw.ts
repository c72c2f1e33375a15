import * as d3 from "d3";
import { bottomAxis, leftAxis } from "../drawing/axes.ts";
import { addGrid, type Images } from "../drawing/image.ts";
import { createFigure, type FigureText } from "../drawing/svg.ts";
import { WIDTH } from "../drawing/theme.ts";

/** A decoded grid. */
export interface ManifoldData {
  /** Decoder means, row by row from the top: z2 falls from row to row, z1 rises from column to column. */
  readonly images: Images;
  /** The grid's coordinates in each dimension, rising. */
  readonly coordinates: readonly number[];
}

/** Draws the decoder's output over a grid in a two-dimensional latent space (Figure 2 of the paper). */
export function drawManifold({ images, coordinates }: ManifoldData, text: FigureText): string {
  const side = coordinates.length;
  const plot = { left: 44, top: 4, width: WIDTH - 48, height: (WIDTH - 48) * images.height / images.width };
  const figure = createFigure("manifold", WIDTH, plot.height + 38, text);
  addGrid(figure.root, images, { x: plot.left, y: plot.top, width: plot.width, columns: side, gap: 0 });
  // Columns are equally wide although the coordinates are not equally spaced, so the scale has a knot in each.
  const centres = coordinates.map((_, i) => (i + 0.5) / side);
  const x = d3.scaleLinear(coordinates, centres.map((share) => plot.left + share * plot.width));
  const y = d3.scaleLinear(coordinates, centres.map((share) => plot.top + (1 - share) * plot.height));
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => coordinates[Math.round(share * (side - 1))]!);
  const options = { ticks: [...new Set(ticks)], format: signed, grid: false };
  bottomAxis(figure.root, plot, x, { ...options, label: "z₁" });
  leftAxis(figure.root, plot, y, { ...options, label: "z₂" });
  return figure.toString();
}

function signed(z: number): string {
  return (Math.round(z * 100) / 100 || 0).toFixed(2).replace("-", "−");
}
