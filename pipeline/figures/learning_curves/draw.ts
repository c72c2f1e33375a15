import * as d3 from "d3";
import { bottomAxis, leftAxis, padded, type Plot } from "../drawing/axes.ts";
import { short } from "../../base/words.ts";
import { addText, createFigure, type FigureText, type Selection } from "../drawing/svg.ts";
import type { Curves, LearningCurves } from "../figure.ts";
import { SERIES, type SeriesName, SIZE, WIDTH } from "../drawing/theme.ts";

const GUTTER = 16;
const PANEL_WIDTH = (WIDTH - GUTTER) / 2;
const PANEL_HEIGHT = 152;

/**
 * Draws loss, KL, reconstruction and KL weight over epochs, train beside test (Figure 4 of the paper), parts in the
 * order of `splits`.
 */
export function drawLearningCurves(data: LearningCurves, text: FigureText): string {
  const figure = createFigure("learning-curves", WIDTH, 2 * PANEL_HEIGHT + 20, text);
  const splits = Object.entries(data.splits) as [SeriesName, Curves][];
  const panels = [
    { title: "Total loss (nats)", key: "loss" },
    { title: "KL divergence (nats)", key: "kl" },
    { title: "Reconstruction (nats)", key: "reconstruction" },
  ] as const;
  panels.forEach(({ title, key }, i) => {
    const lines = splits.map(([name, curves]) => ({ name, values: curves[key] }));
    drawPanel(figure.root, i, title, data.epochs, lines, i >= 2);
  });
  drawPanel(figure.root, 3, "KL weight", data.epochs, [{ name: null, values: data.klWeight }], true);
  return figure.toString();
}

interface Line {
  /** null: one line that needs no name. */
  readonly name: SeriesName | null;
  readonly values: readonly number[];
}

function drawPanel(
  root: Selection,
  index: number,
  title: string,
  epochs: readonly number[],
  lines: readonly Line[],
  labelled: boolean,
): void {
  const left = (index % 2) * (PANEL_WIDTH + GUTTER);
  const top = Math.floor(index / 2) * (PANEL_HEIGHT + 4);
  const panel = root.append("g");
  const plot: Plot = { left: left + 28, top: top + 36, width: PANEL_WIDTH - 36, height: PANEL_HEIGHT - 60 };
  const values = lines.map((line) => line.values);
  const [low, high] = settledRange(values);
  const highest = Math.max(...values.flat());
  const [first, last] = [epochs[0]!, epochs.at(-1)!];
  const x = d3.scaleLinear(first === last ? [first - 0.5, last + 0.5] : [first, last], [
    plot.left,
    plot.left + plot.width,
  ]);
  const y = d3.scaleLinear(padded(lines[0]!.name ? [low, high] : [0, Math.max(1, high)]), [
    plot.top + plot.height,
    plot.top,
  ]);
  addText(panel, left + 2, top + 13, title, { size: SIZE.text, bold: true });
  leftAxis(panel, plot, y, { ticks: 4 });
  const ticks = x.ticks(4).filter(Number.isInteger);
  bottomAxis(panel, plot, x, {
    ticks: first === last ? [first] : ticks,
    format: String,
    grid: false,
    ...(labelled ? { label: "epoch" } : {}),
  });
  const clip = `learning-curves-clip-${index}`;
  panel.append("clipPath").attr("id", clip).append("rect").attr("x", plot.left - 2).attr("y", plot.top)
    .attr("width", plot.width + 5).attr("height", plot.height);
  const curves = panel.append("g").attr("clip-path", `url(#${clip})`);
  if (highest > high) {
    addText(panel, plot.left + plot.width, plot.top + 8, `starts at ${short(highest, 1)}`, {
      anchor: "end",
      quiet: true,
      halo: true,
    });
  }
  let cursor = left + 2;
  for (const { name, values } of lines) {
    const { colour, dash } = name ? SERIES[name] : { colour: "currentColor", dash: null };
    const points = values.map((value, i): [number, number] => [x(epochs[i]!), y(value)]);
    curves.append("path").attr("d", d3.line()(points)).attr("fill", "none")
      .attr("stroke", colour).attr("stroke-width", 1.6).attr("stroke-dasharray", dash)
      .attr("stroke-linejoin", "round");
    const [endX, endY] = points.at(-1)!;
    curves.append("circle").attr("cx", endX).attr("cy", endY).attr("r", 2.2).attr("fill", colour);
    if (!name) {
      addText(panel, cursor, top + 27.5, `at the end ${values.at(-1)!.toFixed(2)}`, { quiet: true });
      continue;
    }
    panel.append("line").attr("x1", cursor).attr("x2", cursor + 13)
      .attr("y1", top + 24).attr("y2", top + 24)
      .attr("stroke", colour).attr("stroke-width", 1.6).attr("stroke-dasharray", dash);
    const words = `${name === "validation" ? "valid." : name} ${short(values.at(-1)!, 1)}`;
    addText(panel, cursor + 16, top + 27.5, words, { colour });
    cursor += 16 + 5.4 * words.length + 6;
  }
}

/**
 * The range to show. Where the first tenth of a long training would take up more than two thirds of the height,
 * curves begin above the frame, so that the difference between the splits can be seen.
 */
function settledRange(curves: readonly (readonly number[])[]): [number, number] {
  const [low, high] = d3.extent(curves.flat()) as [number, number];
  const length = curves[0]!.length;
  if (length < 8) return [low, high];
  const later = curves.flatMap((values) => values.slice(Math.ceil(length / 10)));
  const [settledLow, settledHigh] = d3.extent(later) as [number, number];
  const settles = settledLow === low && high - low > 3 * (settledHigh - settledLow);
  return settles ? [low, settledHigh + (settledHigh - low) / 4] : [low, high];
}
