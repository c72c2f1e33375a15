import * as d3 from "d3";
import { bottomAxis, leftAxis, padded } from "../drawing/axes.ts";
import { count, short } from "../../base/words.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import type { ImportanceBound } from "../figure.ts";
import { SERIES, WIDTH } from "../drawing/theme.ts";

/** Draws how the importance-weighted bound tightens as samples are added. */
export function drawImportanceBound(data: ImportanceBound, text: FigureText): string {
  const { samples, bound, standardError } = data;
  const plot = { left: 44, top: 14, width: WIDTH - 54, height: 150 };
  const figure = createFigure("importance-bound", WIDTH, plot.top + plot.height + 34, text);
  const low = bound.map((value, i) => value - (standardError[i] ?? 0));
  const high = bound.map((value, i) => value + (standardError[i] ?? 0));
  const end = samples.at(-1)!;
  const x = d3.scaleLog([samples[0]!, Math.max(end, samples[0]! * 2)], [plot.left, plot.left + plot.width]);
  const y = d3.scaleLinear(padded([Math.min(...low), Math.max(...high)]), [plot.top + plot.height, plot.top]);
  leftAxis(figure.root, plot, y, { ticks: 5, label: "bound on −log p(x) (nats)" });
  const powers = d3.range(0, 7).map((power) => 10 ** power).filter((k) => k >= samples[0]! && k <= end / 2);
  bottomAxis(figure.root, plot, x, {
    ticks: [...powers, end],
    format: d3.format(","),
    label: "samples per example",
  });
  const { colour } = SERIES.test;
  const indices = d3.range(samples.length);
  const band = d3.area<number>().x((i) => x(samples[i]!)).y0((i) => y(low[i]!)).y1((i) => y(high[i]!));
  const line = d3.line<number>().x((i) => x(samples[i]!)).y((i) => y(bound[i]!));
  figure.root.append("path").attr("d", band(indices)).attr("fill", colour).attr("opacity", 0.18);
  figure.root.append("path").attr("d", line(indices)).attr("fill", "none").attr("stroke", colour)
    .attr("stroke-width", 1.6);
  for (const i of indices) {
    figure.root.append("circle").attr("cx", x(samples[i]!)).attr("cy", y(bound[i]!)).attr("r", 2.4)
      .attr("fill", colour).append("title")
      .text(`${count(samples[i]!)} per example: ${short(bound[i]!, 2)} nats`);
  }
  label(0, 4, "start", -9);
  if (samples.length > 1) label(samples.length - 1, 0, "end", -9);
  return figure.toString();

  function label(i: number, dx: number, anchor: "start" | "end", dy: number) {
    addText(figure.root, x(samples[i]!) + dx, y(bound[i]!) + dy, short(bound[i]!, 2), {
      anchor,
      bold: true,
      halo: true,
    });
  }
}
