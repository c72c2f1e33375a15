import * as d3 from "d3";
import { bottomAxis, leftAxis, type Plot } from "../drawing/axes.ts";
import { addPictureRows, type PictureRow, rowsHeight } from "../drawing/picture_rows.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { classColour, WIDTH } from "../drawing/theme.ts";

/** Two subspaces. */
export interface SubspaceData {
  /** Directions of both as pictures. */
  readonly rows: readonly PictureRow[];
  /** Degrees, smallest first. */
  readonly angles: readonly number[];
  /** Those between PCA of two halves of the examples. */
  readonly halvesAngles: readonly number[];
  /** Those of a random subspace. */
  readonly randomAngles: readonly number[];
}

/** Draws directions of two subspaces and the principal angles between them. */
export function drawLinearSubspace(
  { rows, angles, halvesAngles, randomAngles }: SubspaceData,
  text: FigureText,
): string {
  const plot: Plot = { left: 44, top: rowsHeight(rows) + 18, width: WIDTH - 54, height: 110 };
  const figure = createFigure("linear-subspace", WIDTH, plot.top + plot.height + 34, text);
  addPictureRows(figure.root, "linear-subspace", rows);
  const count = angles.length;
  const x = d3.scaleLinear([0.5, count + 0.5], [plot.left, plot.left + plot.width]);
  const y = d3.scaleLinear([0, 90], [plot.top + plot.height, plot.top]);
  leftAxis(figure.root, plot, y, { ticks: [0, 30, 60, 90], format: (value) => `${value}°`, label: "angle" });
  const every = Math.ceil(count / 8);
  const ticks = d3.range(1, count + 1).filter((i) => (i - 1) % every === 0);
  bottomAxis(figure.root, plot, x, { ticks, format: String, label: "principal angle", grid: false });
  const series = [
    { values: randomAngles, colour: classColour(5), name: "random" },
    { values: halvesAngles, colour: classColour(0), name: "PCA of other examples" },
    { values: angles, colour: classColour(1), name: "reconstructions" },
  ];
  for (const { values, colour, name } of series) {
    for (const [i, angle] of values.entries()) {
      figure.root.append("circle").attr("cx", x(i + 1)).attr("cy", y(angle)).attr("r", 2.8).attr(
        "fill",
        colour,
      )
        .append("title").text(`${name}, angle ${i + 1}: ${angle.toFixed(1)}°`);
    }
  }
  series.forEach(({ colour, name }, i) => {
    const place = plot.left + 4 + [0, 58, 184][i]!;
    figure.root.append("circle").attr("cx", place).attr("cy", plot.top - 8).attr("r", 2.8).attr(
      "fill",
      colour,
    );
    addText(figure.root, place + 7, plot.top - 4.5, name, { colour });
  });
  return figure.toString();
}
