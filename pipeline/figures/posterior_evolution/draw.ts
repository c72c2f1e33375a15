import * as d3 from "d3";
import { drawLegend, drawPoints, drawPrior, type LabelledPoints, squareLimits } from "../drawing/scatter.ts";
import type { Evolution } from "../drawing/evolution.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { SIZE, WIDTH } from "../drawing/theme.ts";

const COLUMNS = 3;
const GAP = 8;

/** Draws the same examples' posterior means at several epochs, on one scale. */
export function drawPosteriorEvolution(
  { snapshots, labels, classes, circles = true }: Evolution,
  text: FigureText,
): string {
  const side = (WIDTH - GAP * (COLUMNS - 1)) / COLUMNS;
  const rows = Math.ceil(snapshots.length / COLUMNS);
  const figure = createFigure("posterior-evolution", WIDTH, 22 + rows * (side + 22), text);
  drawLegend(figure.root, { labels, classes }, 0, 9, WIDTH);
  const reach = Math.max(...snapshots.map(({ coordinates }) => squareLimits(coordinates)[1]));
  snapshots.forEach(({ epoch, coordinates }, i) => {
    const left = (i % COLUMNS) * (side + GAP);
    const top = 36 + Math.floor(i / COLUMNS) * (side + 22);
    addText(figure.root, left + 1, top - 5, epoch === 0 ? "before training" : `epoch ${epoch}`, {
      bold: true,
      size: SIZE.text,
    });
    const clip = `posterior-evolution-clip-${i}`;
    figure.root.append("clipPath").attr("id", clip).append("rect").attr("x", left).attr("y", top)
      .attr("width", side).attr("height", side);
    const x = d3.scaleLinear([-reach, reach], [left, left + side]);
    const y = d3.scaleLinear([-reach, reach], [top + side, top]);
    const points: LabelledPoints = { coordinates, labels, classes };
    const inside = figure.root.append("g").attr("clip-path", `url(#${clip})`);
    drawPoints(inside, points, x, y, 1.8);
    if (circles) drawPrior(inside, x, y);
    figure.root.append("rect").attr("x", left).attr("y", top).attr("width", side).attr("height", side)
      .attr("fill", "none").attr("stroke", "currentColor").attr("opacity", 0.25);
  });
  return figure.toString();
}
