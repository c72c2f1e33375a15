import { manifoldAnimation } from "../../figures/manifold_animation/draw.ts";
import { posteriorAnimation } from "../../figures/posterior_animation/draw.ts";
import { count } from "../../base/words.ts";
import type { Draw } from "../../figures/figure.ts";
import { CIRCLES, evolutionOf, text } from "./plots.ts";

/** Each frame repeats all its points. */
const POINTS = 1000;

const STILL = "Where motion is not wanted, and on paper, the last epoch stands still.";

export const drawPosteriorAnimation: Draw = (data) => {
  const { evolution, plane } = evolutionOf(data, POINTS, Infinity);
  const { snapshots, labels } = evolution;
  const title = "The posterior as training goes on";
  const caption =
    `Posterior means of the same ${
      count(labels.length)
    } test examples at ${snapshots.length} moments, from ` +
    `before training to epoch ${snapshots.at(-1)!.epoch}. ${plane} ${CIRCLES} ${STILL}`;
  const alt = `Animated scatter plot of latent codes from epoch ${snapshots[0]!.epoch} to epoch ${
    snapshots.at(-1)!.epoch
  }.`;
  return { title, caption, alt, svg: posteriorAnimation(evolution, text(title, alt)) };
};

export const drawManifoldAnimation: Draw = ({ snapshots: { epochs }, manifolds, info }) => {
  if (!manifolds) return { reason: "The training took no snapshots of the manifold." };
  const [height, width] = info.shape as [number, number];
  const { side, values } = manifolds;
  const size = side * side * height * width;
  const snapshots = epochs.map((epoch, i) => ({
    epoch,
    images: {
      height,
      width,
      channels: 1 as const,
      values: Float32Array.from(values.subarray(i * size, (i + 1) * size), (level) => level / 255),
    },
  }));
  const title = "The manifold as training goes on";
  const caption =
    `What the decoder makes of a ${side} × ${side} grid of z, equal shares of the prior apart, at ` +
    `${epochs.length} moments from before training to epoch ${epochs.at(-1)}. ${STILL}`;
  const alt = `Animated grid of decoded images from epoch ${epochs[0]} to epoch ${epochs.at(-1)}.`;
  return { title, caption, alt, svg: manifoldAnimation({ snapshots, side }, text(title, alt)) };
};
