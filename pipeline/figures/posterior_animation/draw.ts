import * as d3 from "d3";
import { addFrames } from "../drawing/frames.ts";
import type { Evolution } from "../drawing/evolution.ts";
import { drawLegend, drawPoints, drawPrior, squareLimits } from "../drawing/scatter.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { SIZE, WIDTH } from "../drawing/theme.ts";

/** Draws where the same examples lie in latent space as training goes on. */
export function drawPosteriorAnimation(
  { snapshots, labels, classes, circles = true }: Evolution,
  text: FigureText,
): string {
  const name = "posterior-animation";
  const top = 38;
  const figure = createFigure(name, WIDTH, WIDTH + top, text);
  drawLegend(figure.root, { labels, classes }, 0, 9, WIDTH);
  const reach = Math.max(...snapshots.map(({ coordinates }) => squareLimits(coordinates)[1]));
  const x = d3.scaleLinear([-reach, reach], [0.5, WIDTH - 0.5]);
  const y = d3.scaleLinear([-reach, reach], [top + WIDTH - 0.5, top + 0.5]);
  figure.root.append("clipPath").attr("id", `${name}-clip`).append("rect").attr("y", top)
    .attr("width", WIDTH).attr("height", WIDTH);
  figure.root.append("rect").attr("x", 0.5).attr("y", top + 0.5).attr("width", WIDTH - 1)
    .attr("height", WIDTH - 1).attr("fill", "none").attr("stroke", "currentColor").attr("opacity", 0.25);
  const titles = snapshots.map(({ epoch }) => epoch === 0 ? "before training" : `epoch ${epoch}`);
  addFrames(figure, name, titles, (frame, i) => {
    addText(frame, 1, top - 7, titles[i]!, { bold: true, size: SIZE.heading });
    const inside = frame.append("g").attr("clip-path", `url(#${name}-clip)`);
    drawPoints(inside as never, { coordinates: snapshots[i]!.coordinates, labels, classes }, x, y, 3.2);
  });
  if (circles) drawPrior(figure.root, x, y);
  return figure.toString();
}
