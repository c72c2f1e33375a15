import * as d3 from "d3";
import { nats } from "../../base/words.ts";
import { bottomAxis, leftAxis, padded } from "../drawing/axes.ts";
import type { Group } from "./group.ts";
import { drawRuns } from "./run_points.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { WIDTH } from "../drawing/theme.ts";

/** Runs in groups. */
export interface RateDistortionData {
  /** A point for each run: rate is the KL divergence, distortion the reconstruction loss, both in nats. */
  readonly groups: readonly (Group & {
    readonly runs: readonly { readonly rate: number; readonly distortion: number }[];
  })[];
}

/**
 * Draws rate against distortion (Alemi et al., 2018). Along a diagonal their sum, the negative ELBO, is the same; the
 * further to the lower left the better.
 */
export function rateDistortion({ groups }: RateDistortionData, text: FigureText): string {
  const plot = { left: 44, top: 12, width: WIDTH - 56, height: 216 };
  const figure = createFigure("rate-distortion", WIDTH, plot.top + plot.height + 34, text);
  const runs = groups.flatMap((group) => group.runs);
  const extent = (values: number[]) => padded((d3.extent(values) as [number, number]) ?? [0, 1], 0.12);
  const rates = extent(runs.map(({ rate }) => rate));
  const distortions = extent(runs.map(({ distortion }) => distortion));
  const x = d3.scaleLinear([Math.min(0, rates[0]), rates[1]], [plot.left, plot.left + plot.width]);
  const y = d3.scaleLinear(distortions, [plot.top + plot.height, plot.top]);
  leftAxis(figure.root, plot, y, { ticks: 5, label: "distortion: reconstruction (nats)", grid: false });
  bottomAxis(figure.root, plot, x, { ticks: 5, label: "rate: KL divergence (nats)", grid: false });
  drawDiagonals();

  drawRuns(
    figure.root,
    plot,
    groups.map(({ runs, ...group }) => ({
      ...group,
      points: runs.map(({ rate, distortion }) => ({
        x: x(rate),
        y: y(distortion),
        title: `${group.name}: rate ${nats(rate)}, distortion ${nats(distortion)} nats`,
      })),
    })),
  );
  return figure.toString();

  function drawDiagonals(): void {
    const [left, right] = x.domain() as [number, number];
    const [bottom, top] = y.domain() as [number, number];
    for (const sum of d3.ticks(left + bottom, right + top, 5)) {
      // From where the line of equal sums enters the plot to where it leaves.
      const from = Math.max(left, sum - top);
      const to = Math.min(right, sum - bottom);
      if (to - from < (right - left) * 0.08) continue;
      figure.root.append("line").attr("x1", x(from)).attr("y1", y(sum - from)).attr("x2", x(to))
        .attr("y2", y(sum - to)).attr("stroke", "currentColor").attr("opacity", 0.18)
        .attr("stroke-dasharray", "3 3");
      addText(figure.root, x(to) - 2, Math.min(y(sum - to) - 3, plot.top + plot.height - 3), String(sum), {
        anchor: "end",
        quiet: true,
      });
    }
  }
}
