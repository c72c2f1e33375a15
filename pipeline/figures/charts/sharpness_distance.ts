import * as d3 from "d3";
import { percent } from "../../base/words.ts";
import { bottomAxis, leftAxis, padded } from "../drawing/axes.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { WIDTH } from "../drawing/theme.ts";
import type { Group } from "./group.ts";
import { drawRuns } from "./run_points.ts";

/** Runs in groups. */
export interface SharpnessDistanceData {
  /** A point for each run, of its samples. */
  readonly groups: readonly (Group & {
    readonly runs: readonly {
      /** Variance of the Laplacian, as a share of that of test images. */
      readonly sharpness: number;
      /** Fréchet distance to test images. */
      readonly distance: number;
      /** That of other test images. */
      readonly floor: number;
    }[];
  })[];
}

/** Draws how sharp samples are against how far they are from the data. The data are where the dashed lines cross. */
export function sharpnessDistance({ groups }: SharpnessDistanceData, text: FigureText): string {
  const plot = { left: 44, top: 12, width: WIDTH - 56, height: 180 };
  const figure = createFigure("sharpness-distance", WIDTH, plot.top + plot.height + 34, text);
  const runs = groups.flatMap((group) => group.runs);
  const floor = d3.mean(runs, (run) => run.floor) ?? 0;
  const shares = padded(d3.extent([1, ...runs.map(({ sharpness }) => sharpness)]) as [number, number], 0.12);
  const furthest = d3.max(runs, ({ distance }) => distance) ?? 1;
  const x = d3.scaleLinear(shares.map((share) => 100 * share), [plot.left, plot.left + plot.width]);
  const y = d3.scaleLinear([0, Math.max(furthest, floor) * 1.12], [plot.top + plot.height, plot.top]);
  leftAxis(figure.root, plot, y, { ticks: 5, label: "Fréchet distance to test images", grid: false });
  bottomAxis(figure.root, plot, x, {
    ticks: 5,
    label: "sharpness: variance of the Laplacian (% of test images)",
    grid: false,
  });
  const dashed = (x1: number, y1: number, x2: number, y2: number) =>
    figure.root.append("line").attr("x1", x1).attr("y1", y1).attr("x2", x2).attr("y2", y2)
      .attr("stroke", "currentColor").attr("opacity", 0.4).attr("stroke-dasharray", "3 3");
  dashed(x(100), plot.top, x(100), plot.top + plot.height);
  dashed(plot.left, y(floor), plot.left + plot.width, y(floor));
  addText(figure.root, x(100), y(floor) - 3, "test images", {
    anchor: "middle",
    quiet: true,
    halo: true,
  });
  drawRuns(
    figure.root,
    plot,
    groups.map(({ runs, ...group }) => ({
      ...group,
      points: runs.map(({ sharpness, distance }) => ({
        x: x(100 * sharpness),
        y: y(distance),
        title: `${group.name}: sharpness ${percent(sharpness)}, distance ${distance.toFixed(1)}`,
      })),
    })),
  );
  return figure.toString();
}
