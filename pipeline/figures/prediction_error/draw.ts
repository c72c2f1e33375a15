import * as d3 from "d3";
import { bottomAxis, type Plot } from "../drawing/axes.ts";
import { addPictureRows, type PictureRow, rowsHeight } from "../drawing/picture_rows.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { classColour, WIDTH } from "../drawing/theme.ts";

/** Errors of several kinds of input. */
export interface PredictionErrorData {
  /** Input, prediction and error of each kind, as pictures. */
  readonly rows: readonly PictureRow[];
  readonly panels: readonly {
    readonly label: string;
    readonly values: readonly { readonly name: string; readonly mean: number; readonly deviation: number }[];
  }[];
}

const LEFT = 74;
const GAP = 18;
const ROW = 17;

/** Draws a panel for each measure: means over the images, with bars of one standard deviation to either side. */
export function drawPredictionError({ rows, panels }: PredictionErrorData, text: FigureText): string {
  const names = panels[0]!.values.map(({ name }) => name);
  const top = rowsHeight(rows) + 18;
  const height = ROW * names.length;
  const width = (WIDTH - LEFT - 8 - GAP * (panels.length - 1)) / panels.length;
  const figure = createFigure("prediction-error", WIDTH, top + height + 34, text);
  addPictureRows(figure.root, "prediction-error", rows);
  names.forEach((name, i) =>
    addText(figure.root, LEFT - 8, top + ROW * (i + 0.5) + 3.5, name, { anchor: "end", quiet: true })
  );
  panels.forEach(({ label, values }, p) => {
    const plot: Plot = { left: LEFT + p * (width + GAP), top, width, height };
    const most = d3.max(values, ({ mean, deviation }) => mean + deviation)! || 1;
    const x = d3.scaleLinear([0, most * 1.04], [plot.left, plot.left + plot.width]);
    bottomAxis(figure.root, plot, x, { ticks: 3, label });
    values.forEach(({ name, mean, deviation }, i) => {
      const y = top + ROW * (i + 0.5);
      const colour = classColour(i === 0 ? 0 : 1);
      figure.root.append("line").attr("x1", x(Math.max(0, mean - deviation))).attr("x2", x(mean + deviation))
        .attr("y1", y).attr("y2", y).attr("stroke", colour).attr("stroke-width", 1.4);
      figure.root.append("circle").attr("cx", x(mean)).attr("cy", y).attr("r", 3.2).attr("fill", colour)
        .append("title").text(`${label}, ${name}: ${mean.toFixed(4)} ± ${deviation.toFixed(4)}`);
    });
  });
  return figure.toString();
}
