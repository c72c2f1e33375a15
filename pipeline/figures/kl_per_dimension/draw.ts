import * as d3 from "d3";
import { nats } from "../../base/words.ts";
import { bottomAxis, leftAxis } from "../drawing/axes.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import type { KlPerDimension } from "../figure.ts";
import { SERIES, WIDTH } from "../drawing/theme.ts";

/** The most a bar is wide, in units of the drawing: two dimensions should not look like a wall. */
const MOST_WIDTH = 36;

/** Draws a bar per latent dimension, the largest first; an unused dimension is an empty bar. */
export function drawKlPerDimension({ kl, active }: KlPerDimension, text: FigureText): string {
  const plot = { left: 34, top: 22, width: WIDTH - 38, height: 130 };
  const figure = createFigure("kl-per-dimension", WIDTH, plot.top + plot.height + 34, text);
  const order = d3.sort(d3.range(kl.length), (i) => -kl[i]!);
  const x = d3.scaleBand(order, [plot.left, plot.left + plot.width]).padding(0.25);
  const y = d3.scaleLinear([0, Math.max(...kl, 0.01)], [plot.top + plot.height, plot.top]).nice(4);
  leftAxis(figure.root, plot, y, { ticks: 4, label: "KL (nats)" });
  const colour = SERIES.test.colour;
  for (const i of order) {
    const [top, bottom] = [y(Math.max(0, kl[i]!)), y(0)];
    const width = Math.min(x.bandwidth(), MOST_WIDTH);
    const bar = figure.root.append("rect").attr("x", x(i)! + (x.bandwidth() - width) / 2).attr("width", width)
      .attr("y", Math.min(top, bottom - 1)).attr("height", Math.max(1, bottom - top)).attr("stroke", colour);
    if (active[i]) bar.attr("fill", colour);
    else bar.attr("fill", "none").attr("stroke-dasharray", "2 1.5");
    bar.append("title").text(`Dimension ${i + 1}: ${nats(kl[i]!)} nats${active[i] ? "" : ", not active"}`);
    const every = Math.ceil(kl.length / 20);
    if (order.indexOf(i) % every === 0) {
      const middle = x(i)! + x.bandwidth() / 2;
      addText(figure.root, middle, plot.top + plot.height + 13, String(i + 1), { anchor: "middle" })
        .attr("fill-opacity", 0.8).attr("data-dimension", i + 1);
    }
  }
  const line = d3.scaleLinear([0, 1], [plot.left, plot.left + plot.width]);
  bottomAxis(figure.root, plot, line, { ticks: [], label: "latent dimension, sorted" });
  const count = active.filter(Boolean).length;
  const words = `${count} of ${kl.length} active · ${d3.sum(kl).toFixed(2)} nats in all`;
  addText(figure.root, plot.left + plot.width, 12, words, { anchor: "end", bold: true });
  return figure.toString();
}
