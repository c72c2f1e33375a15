import * as d3 from "d3";
import { bottomAxis, leftAxis, padded, type Plot } from "../drawing/axes.ts";
import { backToFront, type Group, groupElement, paint } from "./group.ts";
import { addText, createFigure, type FigureText, type Selection } from "../drawing/svg.ts";
import { SIZE, WIDTH } from "../drawing/theme.ts";

/** The losses of one run on examples not trained on, after each epoch, in nats; all lists are as long as `epochs`. */
export interface RunCurves {
  readonly epochs: readonly number[];
  readonly loss: readonly number[];
  readonly kl: readonly number[];
  readonly reconstruction: readonly number[];
  readonly klWeight: readonly number[];
}

/** Runs in groups. */
export interface LossBandsData {
  readonly groups: readonly (Group & { readonly runs: readonly RunCurves[] })[];
}

const GUTTER = 16;
const PANEL_WIDTH = (WIDTH - GUTTER) / 2;
const PANEL_HEIGHT = 140;
const PANELS = [
  { title: "Total loss (nats)", key: "loss" },
  { title: "KL divergence (nats)", key: "kl" },
  { title: "Reconstruction (nats)", key: "reconstruction" },
  { title: "KL weight", key: "klWeight" },
] as const;

/** Draws for each group a line at the mean of its runs, and a band from the lowest to the highest of them. */
export function lossBands({ groups }: LossBandsData, text: FigureText): string {
  const figure = createFigure("loss-bands", WIDTH, 2 * PANEL_HEIGHT + 16, text);
  PANELS.forEach(({ title, key }, i) => {
    const drawn = backToFront(groups).map((group) => ({ group, summary: summarise(group.runs, key) }));
    const panel = figure.root.append("g") as unknown as Selection;
    const left = (i % 2) * (PANEL_WIDTH + GUTTER);
    const top = Math.floor(i / 2) * (PANEL_HEIGHT + 4);
    addText(panel, left + 2, top + 13, title, { size: SIZE.text, bold: true });
    const plot = { left: left + 28, top: top + 22, width: PANEL_WIDTH - 36, height: PANEL_HEIGHT - 46 };
    drawPanel(panel, plot, drawn, key === "klWeight", i >= 2);
  });
  return figure.toString();
}

interface Point {
  readonly epoch: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Mean and range over the runs that got as far as each epoch. */
function summarise(runs: readonly RunCurves[], key: Exclude<keyof RunCurves, "epochs">): Point[] {
  const values = d3.rollup(
    runs.flatMap((run) => run.epochs.map((epoch, i): [number, number] => [epoch, run[key][i]!])),
    (pairs) => pairs.map(([, value]) => value),
    ([epoch]) => epoch,
  );
  return d3.sort([...values], ([epoch]) => epoch).map(([epoch, all]) => ({
    epoch,
    mean: d3.mean(all)!,
    low: d3.min(all)!,
    high: d3.max(all)!,
  }));
}

function drawPanel(
  panel: Selection,
  plot: Plot,
  drawn: readonly { readonly group: Group; readonly summary: readonly Point[] }[],
  fromZero: boolean,
  labelled: boolean,
): void {
  const points = drawn.flatMap(({ summary }) => summary);
  const [first = 0, last = 1] = d3.extent(points, ({ epoch }) => epoch);
  const low = d3.min(points, (point) => point.low) ?? 0;
  const high = d3.max(points, (point) => point.high) ?? 1;
  const x = d3.scaleLinear(first === last ? [first - 0.5, last + 0.5] : [first, last], [
    plot.left,
    plot.left + plot.width,
  ]);
  const range = fromZero ? padded([0, Math.max(1, high)]) : padded([low, high]);
  const y = d3.scaleLinear(range, [plot.top + plot.height, plot.top]);
  leftAxis(panel, plot, y, { ticks: 4 });
  bottomAxis(panel, plot, x, {
    ticks: first === last ? [first] : x.ticks(4).filter(Number.isInteger),
    format: String,
    grid: false,
    ...(labelled ? { label: "epoch" } : {}),
  });
  const band = d3.area<Point>().x(({ epoch }) => x(epoch)).y0(({ low }) => y(low)).y1(({ high }) => y(high));
  const line = d3.line<Point>().x(({ epoch }) => x(epoch)).y(({ mean }) => y(mean));
  for (const { group, summary } of drawn) {
    if (summary.length === 0) continue;
    const element = groupElement(panel, group);
    if (group.colour && summary.some(({ low, high }) => high > low)) {
      element.append("path").attr("d", band([...summary])).attr("fill", group.colour).attr(
        "fill-opacity",
        0.2,
      );
    }
    element.append("path").attr("d", line([...summary])).attr("fill", "none").attr("stroke", paint(group))
      .attr("stroke-width", group.colour ? 1.6 : 0.8).attr("stroke-linejoin", "round");
    const end = summary.at(-1)!;
    element.append("circle").attr("cx", x(end.epoch)).attr("cy", y(end.mean)).attr(
      "r",
      group.colour ? 2.2 : 1.2,
    )
      .attr("fill", paint(group));
  }
}
