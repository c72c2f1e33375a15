import * as d3 from "d3";
import { bottomAxis, leftAxis, padded, type Plot } from "../drawing/axes.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { SERIES, SIZE, WIDTH } from "../drawing/theme.ts";

/** A loss of ours, with what the paper has for it. */
export interface PaperCurve {
  readonly part: "train" | "test";
  /** After each of `epochs`. */
  readonly values: readonly number[];
  /** What the paper's plot shows at its first and last epoch; undefined where the data are not the paper's. */
  readonly paper: { readonly start: number; readonly end: number } | undefined;
}

/** What the curves of one of the paper's plots are drawn from. */
export interface PaperCurvesData {
  /** The epochs that the paper's plot shows. */
  readonly epochs: readonly number[];
  /** Total loss on the left, KL divergence on the right, in nats. */
  readonly panels: readonly { readonly title: string; readonly curves: readonly PaperCurve[] }[];
}

const GUTTER = 16;
const HEIGHT = 196;

/** Draws total loss and KL over the epochs, with the ends of the paper's curves (Figures 4 and 5 of the paper). */
export function paperCurves(name: string, { epochs, panels }: PaperCurvesData, text: FigureText): string {
  const figure = createFigure(name, WIDTH, HEIGHT + 14, text);
  const width = (WIDTH - GUTTER) / 2;
  const [first, last] = [epochs[0]!, epochs.at(-1)!];
  panels.forEach(({ title, curves }, i) => {
    const left = i * (width + GUTTER);
    const plot: Plot = { left: left + 36, top: 36, width: width - 48, height: HEIGHT - 60 };
    const values = curves.flatMap(({ values, paper }) => [
      ...values,
      ...(paper ? [paper.start, paper.end] : []),
    ]);
    const x = d3.scaleLinear([first, last], [plot.left, plot.left + plot.width]);
    const y = d3.scaleLinear(padded(d3.extent(values) as [number, number]), [
      plot.top + plot.height,
      plot.top,
    ]);
    addText(figure.root, left + 2, 13, title, { size: SIZE.text, bold: true });
    leftAxis(figure.root, plot, y, { ticks: 5 });
    bottomAxis(figure.root, plot, x, { ticks: 4, format: String, grid: false, label: "epoch" });
    curves.forEach(({ part, values, paper }, j) => {
      const { colour, dash } = SERIES[part];
      figure.root.append("path").attr("fill", "none").attr("stroke", colour).attr("stroke-width", 1.6)
        .attr("stroke-dasharray", dash)
        .attr("d", d3.line()(values.map((value, k): [number, number] => [x(epochs[k]!), y(value)])));
      for (const [epoch, value] of paper ? [[first, paper.start], [last, paper.end]] as const : []) {
        figure.root.append("circle").attr("cx", x(epoch)).attr("cy", y(value)).attr("r", 3.2)
          .attr("fill", "none").attr("stroke", colour).attr("stroke-width", 1.3);
      }
      const legend = left + 2 + j * 62;
      figure.root.append("line").attr("x1", legend).attr("x2", legend + 13).attr("y1", 24).attr("y2", 24)
        .attr("stroke", colour).attr("stroke-width", 1.6).attr("stroke-dasharray", dash);
      addText(figure.root, legend + 17, 27.5, part, { colour });
    });
    if (curves.some(({ paper }) => paper)) {
      addText(figure.root, left + width - 10, 27.5, "○ paper", { anchor: "end", quiet: true });
    }
  });
  return figure.toString();
}
