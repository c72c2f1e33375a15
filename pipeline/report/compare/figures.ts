import { coloured, type Group as FigureGroup } from "../../figures/charts/group.ts";
import { klProfile } from "../../figures/charts/kl_profile.ts";
import { lossBands } from "../../figures/charts/loss_bands.ts";
import { rateDistortion } from "../../figures/charts/rate_distortion.ts";
import { sharpnessDistance } from "../../figures/charts/sharpness_distance.ts";
import { sampleQualityOf, sharpnessOf } from "../../figures/sample_quality/read.ts";
import { seedDots } from "../../figures/charts/seed_dots.ts";
import { nats, plural } from "../../base/words.ts";
import type { RunGroup } from "./groups.ts";
import { type Column, ranks, valuesOf } from "./summary.ts";

/** A drawing of all groups. */
export interface ComparisonFigure {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly svg: string;
}

/** The most rows of dots: more would be taller than any screen. */
const MOST_ROWS = 40;

/** The groups with their colours in every figure. @param primary the measure that ranks the groups */
export function colourGroups(groups: readonly RunGroup[], primary: Column): FigureGroup[] {
  return coloured(groups.map(({ label }) => label), ranks(primary));
}

/**
 * Draws the figures that show all groups on the same axes.
 *
 * @param painted the groups with their colours
 * @param primary the measure that ranks the groups
 * @param otherPriors in words of each group, where its prior is not N(0, I)
 */
export function drawFigures(
  groups: readonly RunGroup[],
  painted: readonly FigureGroup[],
  primary: Column,
  otherPriors: readonly (string | undefined)[],
): ComparisonFigure[] {
  const results = groups.map(({ runs }) => runs.flatMap(({ result }) => result ? [result] : []));
  const of = <Value>(value: (i: number) => Value) => painted.map((group, i) => ({ ...group, ...value(i) }));
  const figure = (
    name: string,
    title: string,
    caption: string,
    alt: string,
    draw: (text: { title: string; description: string }) => string,
  ) => ({ name, title, caption, svg: draw({ title, description: alt }) });
  const grey = painted.some(({ colour }) => colour === null)
    ? " Where there are more groups than colours, those with the lowest −ELBO have one."
    : "";
  const means = groups.map(({ label }, i) => {
    const spread = primary.spreads[i];
    return spread ? `${label} ${nats(spread.mean)}` : `${label} without a result`;
  });
  const { measure } = primary;
  const part = measure.selects ? "validation" : "test";
  const qualities = results.map((runs) =>
    runs.flatMap(({ metrics }) => {
      const quality = sampleQualityOf(metrics), frechet = quality?.judged?.frechet;
      return frechet
        ? [{ sharpness: sharpnessOf(quality!), distance: frechet.samples, floor: frechet.test }]
        : [];
    })
  );
  return [
    figure(
      "seed-dots",
      "Every seed",
      `${measure.name}: a dot for each seed, a bar at their mean; ${
        measure.better === "lower" ? "left" : "right"
      } is better. Rows whose dots overlap may differ by luck alone.${
        groups.length > MOST_ROWS ? ` The ${MOST_ROWS} best of ${groups.length} groups.` : ""
      }`,
      `Mean ${measure.unit} of each group: ${means.slice(0, MOST_ROWS).join(", ")}.`,
      (text) => {
        const order = ranks(primary);
        const shown = of((i) => ({ values: [...valuesOf(measure, groups[i]!).values()] })).filter((
          group,
          i,
        ) => group.values.length > 0 && (groups.length <= MOST_ROWS || order[i]! < MOST_ROWS));
        return seedDots({ label: measure.unit, groups: shown }, text);
      },
    ),
    figure(
      "rate-distortion",
      "Rate and distortion",
      `A point for each run on the ${part} set. Rate is what z carries about an example, distortion what the decoder ` +
        `gets wrong. Along a dashed line their sum, the negative ELBO, is the number beside it: the further to the ` +
        `lower left the better. A rate of 0 is posterior collapse.${grey}`,
      `Scatter plot of KL against reconstruction loss for ${plural(groups.length, "group")}.`,
      (text) =>
        rateDistortion({
          groups: of((i) => ({
            runs: results[i]!.map(({ metrics: { validation, test } }) => {
              const { kl: rate, reconstruction: distortion } = measure.selects ? validation! : test;
              return { rate, distortion };
            }),
          })),
        }, text),
    ),
    figure(
      "loss-bands",
      "Losses over the epochs",
      `On the ${part} set. Lines are means over seeds, bands reach from the lowest to the highest of them. The loss is ` +
        `the negative ELBO at KL weight 1, whatever the weight in training.${grey}`,
      `Line charts of loss, KL and reconstruction over epochs for ${plural(groups.length, "group")}.`,
      (text) => lossBands({ groups: of((i) => ({ runs: results[i]!.map(({ curves }) => curves) })) }, text),
    ),
    ...(otherPriors.every((words) => words !== undefined) ? [] : [figure(
      "kl-profile",
      "What each latent dimension carries",
      `KL of each dimension on the test set, the largest first, mean over seeds. A dimension at 0 is not used.${
        leftOut(groups, otherPriors)
      }${grey}`,
      `Line chart of sorted KL per latent dimension for ${plural(groups.length, "group")}.`,
      (text) =>
        klProfile({
          groups: of((i) => ({
            runs: otherPriors[i] === undefined
              ? results[i]!.map(({ metrics }) => metrics.latent.klPerDimension)
              : [],
          })),
        }, text),
    )]),
    ...(qualities.some((runs) => runs.length > 0)
      ? [figure(
        "sharpness-distance",
        "How sharp samples are, and how far from the data",
        `A point for each run. To the left of the upright line samples of the prior are blurrier than test images, to ` +
          `the right they have more detail, noise included. The distance is between Gaussians fitted to features of ` +
          `a classifier that was trained here, no Inception distance; the level line is what it is for other test ` +
          `images.${grey}`,
        `Scatter plot of the sharpness of samples against their Fréchet distance for ${
          plural(groups.length, "group")
        }.`,
        (text) => sharpnessDistance({ groups: of((i) => ({ runs: qualities[i]! })) }, text),
      )]
      : []),
  ];
}

/** Says which groups have no KL of each dimension. */
function leftOut(groups: readonly RunGroup[], otherPriors: readonly (string | undefined)[]): string {
  const named = groups.flatMap(({ label }, i) =>
    otherPriors[i] === undefined ? [] : [`${label} (${otherPriors[i]})`]
  );
  if (named.length === 0) return "";
  const shown = named.slice(0, 6).join(", ") + (named.length > 6 ? ` and ${named.length - 6} more` : "");
  return ` Left out: ${shown}. The KL to such a prior is no sum over dimensions.`;
}
