import * as d3 from "d3";
import { bottomAxis, leftAxis } from "../drawing/axes.ts";
import {
  drawClassNames,
  drawLegend,
  drawPoints,
  drawPrior,
  type LabelledPoints,
  squareLimits,
} from "../drawing/scatter.ts";
import { createFigure, type FigureText } from "../drawing/svg.ts";
import { WIDTH } from "../drawing/theme.ts";

/** Codes in a plane. */
export interface LatentScatterData {
  /** Posterior means in two dimensions. */
  readonly points: LabelledPoints;
  readonly axes: readonly [string, string];
  /** Whether the prior is drawn; default: it is. */
  readonly circles?: boolean;
}

/** Draws where the test images lie in latent space, coloured by class (Figure 3 of the paper). */
export function drawLatentScatter(
  { points, axes, circles = true }: LatentScatterData,
  text: FigureText,
): string {
  const side = WIDTH - 36;
  const plot = { left: 32, top: 20, width: side, height: side };
  const figure = createFigure("latent-scatter", WIDTH, side + 54, text);
  const limits = squareLimits(points.coordinates);
  const x = d3.scaleLinear(limits, [plot.left, plot.left + side]);
  const y = d3.scaleLinear(limits, [plot.top + side, plot.top]);
  drawLegend(figure.root, points, plot.left, 9, side);
  leftAxis(figure.root, plot, y, { ticks: 5, label: axes[1] });
  bottomAxis(figure.root, plot, x, { ticks: 5, label: axes[0] });
  const clip = figure.root.append("clipPath").attr("id", "latent-scatter-clip");
  clip.append("rect").attr("x", plot.left).attr("y", plot.top).attr("width", side).attr("height", side);
  const inside = figure.root.append("g").attr("clip-path", "url(#latent-scatter-clip)");
  drawPoints(inside, points, x, y, points.labels.length > 2000 ? 2.4 : 3.2);
  if (circles) drawPrior(inside, x, y);
  drawClassNames(inside, points, x, y);
  return figure.toString();
}
