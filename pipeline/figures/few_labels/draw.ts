import * as d3 from "d3";
import { count, percent } from "../../base/words.ts";
import { bottomAxis, leftAxis, type Plot } from "../drawing/axes.ts";
import { addPictureRows, type PictureRow, rowsHeight } from "../drawing/picture_rows.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { classColour, WIDTH } from "../drawing/theme.ts";

/** Accuracies by the number of labels. */
export interface FewLabelsData {
  /** The labelled examples of one draw. */
  readonly rows: readonly PictureRow[];
  readonly panels: readonly AccuracyPanel[];
}

/** One classifier. */
export interface AccuracyPanel {
  readonly title: string;
  /** One for each representation; the numbers of labels rise. */
  readonly series: readonly { readonly name: string; readonly points: readonly AccuracyPoint[] }[];
}

/** What a number of labels comes to. */
export interface AccuracyPoint {
  readonly labels: number;
  readonly mean: number;
  /** Over the draws. */
  readonly deviation: number;
}

const GAP = 12;
const LEFT = 44;
/** How far apart points of the same number of labels stand. */
const DODGE = 4;

/** Draws a panel for each classifier: means over the draws, with bars of one standard deviation to either side. */
export function drawFewLabels({ rows, panels }: FewLabelsData, text: FigureText): string {
  const top = rowsHeight(rows) + 44;
  const width = (WIDTH - LEFT - 8 - GAP * (panels.length - 1)) / panels.length;
  const plots = panels.map((_, i): Plot => ({ left: LEFT + i * (width + GAP), top, width, height: 150 }));
  const figure = createFigure("few-labels", WIDTH, top + 150 + 34, text);
  addPictureRows(figure.root, "few-labels", rows);
  const points = panels.flatMap(({ series }) => series.flatMap(({ points }) => points));
  const lowest = d3.min(points, ({ mean, deviation }) => mean - deviation)!;
  const y = d3.scaleLinear([Math.max(0, Math.floor(lowest * 10) / 10), 1], [top + 150, top]);
  const counts = [...new Set(points.map(({ labels }) => labels))];
  panels[0]!.series.forEach(({ name }, s) => {
    const place = LEFT + 4 + 84 * s;
    figure.root.append("circle").attr("cx", place).attr("cy", top - 27).attr("r", 2.8)
      .attr("fill", classColour(s));
    addText(figure.root, place + 7, top - 23.5, name, { colour: classColour(s) });
  });
  panels.forEach(({ title, series }, i) => {
    const plot = plots[i]!;
    const x = d3.scaleLog([counts[0]! / 1.6, counts.at(-1)! * 1.6], [plot.left, plot.left + plot.width]);
    addText(figure.root, plot.left, top - 7, title, { bold: true });
    leftAxis(figure.root, plot, y, {
      ticks: 5,
      format: i === 0 ? (value) => percent(value).replace(".0 ", " ") : () => "",
      ...(i === 0 ? { label: "accuracy" } : {}),
    });
    bottomAxis(figure.root, plot, x, { ticks: counts, format: count, label: "labels", grid: false });
    series.forEach(({ name, points }, s) => {
      const colour = classColour(s);
      const at = ({ labels }: AccuracyPoint) => x(labels) + DODGE * (s - (series.length - 1) / 2);
      figure.root.append("path").attr("d", d3.line<AccuracyPoint>(at, ({ mean }) => y(mean))([...points]))
        .attr("fill", "none").attr("stroke", colour).attr("stroke-width", 1.4);
      for (const point of points) {
        figure.root.append("line").attr("x1", at(point)).attr("x2", at(point))
          .attr("y1", y(point.mean - point.deviation)).attr(
            "y2",
            y(Math.min(1, point.mean + point.deviation)),
          )
          .attr("stroke", colour).attr("stroke-width", 1.2);
        figure.root.append("circle").attr("cx", at(point)).attr("cy", y(point.mean)).attr("r", 2.6)
          .attr("fill", colour)
          .append("title").text(`${name}, ${title}, ${count(point.labels)} labels: ${percent(point.mean)}`);
      }
    });
  });
  return figure.toString();
}
