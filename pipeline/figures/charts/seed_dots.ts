import * as d3 from "d3";
import { short } from "../../base/words.ts";
import { bottomAxis, padded } from "../drawing/axes.ts";
import { type Group, groupElement, paint } from "./group.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { SIZE, WIDTH } from "../drawing/theme.ts";

/** One quantity of runs in groups. */
export interface SeedDotsData {
  readonly label: string;
  /** A value for each run. */
  readonly groups: readonly (Group & { readonly values: readonly number[] })[];
}

const ROW = 17;

/** Draws a row for each group: a dot for each run, a bar at their mean. Rows that overlap may differ by luck alone. */
export function seedDots({ label, groups }: SeedDotsData, text: FigureText): string {
  const longest = Math.max(...groups.map(({ name }) => name.length));
  const left = Math.min(150, 5.4 * longest + 12);
  const plot = { left, top: 6, width: WIDTH - left - 12, height: ROW * groups.length };
  const figure = createFigure("seed-dots", WIDTH, plot.top + plot.height + 34, text);
  const extent = d3.extent(groups.flatMap(({ values }) => values)) as [number, number];
  const x = d3.scaleLinear(padded(extent), [plot.left, plot.left + plot.width]);
  bottomAxis(figure.root, plot, x, { ticks: 5, label });
  groups.forEach((group, i) => {
    const middle = plot.top + ROW * (i + 0.5);
    const element = groupElement(figure.root, group);
    const most = Math.floor((left - 12) / 5.4);
    const name = group.name.length > most ? `${group.name.slice(0, most - 1)}…` : group.name;
    addText(element, left - 8, middle + 3.5, name, { anchor: "end", colour: paint(group), size: SIZE.small });
    for (const value of group.values) {
      element.append("circle").attr("cx", x(value)).attr("cy", middle).attr("r", 3.2).attr(
        "fill",
        paint(group),
      )
        .attr("fill-opacity", 0.6).append("title").text(`${group.name}: ${short(value, 4)}`);
    }
    if (group.values.length > 1) {
      const mean = x(d3.mean(group.values)!);
      element.append("line").attr("x1", mean).attr("x2", mean).attr("y1", middle - 6.5).attr(
        "y2",
        middle + 6.5,
      )
        .attr("stroke", paint(group)).attr("stroke-width", 2);
    }
  });
  return figure.toString();
}
