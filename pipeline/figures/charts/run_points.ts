import * as d3 from "d3";
import { addText, type Selection } from "../drawing/svg.ts";
import { backToFront, type Group, groupElement, paint } from "./group.ts";

/** The runs of a group: where they lie, in the figure's units, and what a pointer is told of each. */
type PlacedGroup = Group & {
  readonly points: readonly { readonly x: number; readonly y: number; readonly title: string }[];
};

/** Draws a point for each run, and the name of each group above its own, moved apart where names would overlap. */
export function drawRuns(
  root: Selection,
  plot: { readonly left: number; readonly top: number; readonly width: number },
  groups: readonly PlacedGroup[],
): void {
  for (const group of backToFront(groups)) {
    if (group.points.length === 0) continue;
    const element = groupElement(root, group);
    for (const { x, y, title } of group.points) {
      element.append("circle").attr("cx", x).attr("cy", y).attr("r", group.colour ? 3.2 : 1.6)
        .attr("fill", paint(group)).attr("fill-opacity", 0.75).append("title").text(title);
    }
  }
  const named = groups.filter(({ colour, points }) => colour && points.length > 0).map((group) => ({
    group,
    x: d3.mean(group.points, ({ x }) => x)!,
    y: d3.min(group.points, ({ y }) => y)! - 7,
  }));
  const placed: { x: number; y: number; width: number }[] = [];
  for (const label of d3.sort(named, ({ y }) => y)) {
    const width = 5.2 * label.group.name.length;
    const isRight = label.x > plot.left + plot.width / 2;
    const start = isRight ? label.x - width : label.x;
    let top = Math.max(plot.top + 8, label.y);
    for (const other of placed) {
      const beside = start > other.x + other.width + 4 || start + width + 4 < other.x;
      if (!beside && Math.abs(top - other.y) < 11) top = other.y + 11;
    }
    placed.push({ x: start, y: top, width });
    addText(groupElement(root, label.group), label.x, top, label.group.name, {
      anchor: isRight ? "end" : "start",
      colour: paint(label.group),
      halo: true,
    });
  }
}
