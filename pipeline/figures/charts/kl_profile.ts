import * as d3 from "d3";
import { bottomAxis, leftAxis } from "../drawing/axes.ts";
import { backToFront, type Group, groupElement, paint } from "./group.ts";
import { createFigure, type FigureText } from "../drawing/svg.ts";
import { WIDTH } from "../drawing/theme.ts";

/** Runs in groups. */
export interface KlProfileData {
  /** For each run the KL divergence of each latent dimension, in nats. */
  readonly groups: readonly (Group & { readonly runs: readonly (readonly number[])[] })[];
}

/** Draws the KL of each latent dimension, the largest first, averaged over runs: a line at 0 is posterior collapse. */
export function klProfile({ groups }: KlProfileData, text: FigureText): string {
  const plot = { left: 40, top: 10, width: WIDTH - 50, height: 140 };
  const figure = createFigure("kl-profile", WIDTH, plot.top + plot.height + 34, text);
  const drawn = backToFront(groups).map((group) => ({ group, profile: profileOf(group.runs) }));
  const size = Math.max(2, ...drawn.map(({ profile }) => profile.length));
  const x = d3.scaleLinear([1, size], [plot.left + 4, plot.left + plot.width - 4]);
  const high = Math.max(0.01, ...drawn.flatMap(({ profile }) => profile));
  const y = d3.scaleLinear([0, high], [plot.top + plot.height, plot.top]).nice(4);
  leftAxis(figure.root, plot, y, { ticks: 4, label: "KL (nats)" });
  bottomAxis(figure.root, plot, x, {
    ticks: x.ticks(Math.min(8, size)).filter(Number.isInteger),
    format: String,
    grid: false,
    label: "latent dimension, sorted",
  });
  const line = d3.line<number>().x((_, i) => x(i + 1)).y((value) => y(Math.max(0, value)));
  for (const { group, profile } of drawn) {
    if (profile.length === 0) continue;
    const element = groupElement(figure.root, group);
    element.append("path").attr("d", line(profile)).attr("fill", "none").attr("stroke", paint(group))
      .attr("stroke-width", group.colour ? 1.5 : 0.8).attr("stroke-linejoin", "round");
    if (!group.colour) continue;
    profile.forEach((value, d) => {
      element.append("circle").attr("cx", x(d + 1)).attr("cy", y(Math.max(0, value))).attr("r", 2)
        .attr("fill", group.colour!);
    });
  }
  return figure.toString();
}

/** The mean over runs of each one's sorted values: which dimension is which differs from seed to seed. */
function profileOf(runs: readonly (readonly number[])[]): number[] {
  const sorted = runs.map((values) => d3.sort(values, d3.descending));
  return d3.range(d3.max(sorted, (values) => values.length) ?? 0).map((i) =>
    d3.mean(sorted, (values) => values[i])!
  );
}
