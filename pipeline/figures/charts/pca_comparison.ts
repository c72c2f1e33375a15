import * as d3 from "d3";
import { short } from "../../base/words.ts";
import { bottomAxis, leftAxis, type Plot } from "../drawing/axes.ts";
import type { Spread } from "../../metrics/spread.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { classColour, WIDTH } from "../drawing/theme.ts";

/** What VAE and PCA are compared by. */
export interface PcaComparisonData {
  /** Squared errors of reconstructed test images, summed over pixels, at each latent size; sizes rise. */
  readonly points: readonly { readonly size: number; readonly vae: Spread; readonly pca: Spread }[];
}

const PLOT: Plot = { left: 44, top: 12, width: WIDTH - 100, height: 200 };

/** Draws the reconstruction error over the latent size, which doubles from tick to tick. */
export function pcaComparison({ points }: PcaComparisonData, text: FigureText): string {
  const figure = createFigure("pca-comparison", WIDTH, PLOT.top + PLOT.height + 34, text);
  const sizes = points.map(({ size }) => size);
  const x = d3.scaleLog([sizes[0]!, sizes.at(-1)!], [PLOT.left, PLOT.left + PLOT.width]).base(2);
  const highest = d3.max(points, ({ vae, pca }) => Math.max(upper(vae), upper(pca)))!;
  const y = d3.scaleLinear([0, highest * 1.06], [PLOT.top + PLOT.height, PLOT.top]);
  leftAxis(figure.root, PLOT, y, { ticks: 5, label: "squared error" });
  bottomAxis(figure.root, PLOT, x, { ticks: sizes, format: String, label: "latent dimensions", grid: false });
  for (const [key, label, dash] of [["pca", "PCA", "4 2.5"], ["vae", "VAE", null]] as const) {
    const colour = classColour(key === "vae" ? 1 : 0);
    const line = points.map((point): [number, number] => [x(point.size), y(point[key].mean)]);
    figure.root.append("path").attr("d", d3.line()(line)).attr("fill", "none").attr("stroke", colour)
      .attr("stroke-width", 1.6).attr("stroke-dasharray", dash);
    for (const [i, [cx, cy]] of line.entries()) {
      const { size, [key]: error } = points[i]!;
      figure.root.append("circle").attr("cx", cx).attr("cy", cy).attr("r", 2.6).attr("fill", colour)
        .append("title").text(`${label}, ${size} dimensions: ${short(error.mean, 2)}`);
    }
    for (const point of points) {
      const { mean, deviation } = point[key];
      if (deviation === null) continue;
      figure.root.append("line").attr("x1", x(point.size)).attr("x2", x(point.size))
        .attr("y1", y(mean - deviation)).attr("y2", y(mean + deviation))
        .attr("stroke", colour).attr("stroke-width", 1.2);
    }
    const [endX, endY] = line.at(-1)!;
    addText(figure.root, endX + 7, endY + 3.5, `${label} ${points.at(-1)![key].mean.toFixed(1)}`, { colour });
  }
  return figure.toString();
}

function upper({ mean, deviation }: Spread): number {
  return mean + (deviation ?? 0);
}
