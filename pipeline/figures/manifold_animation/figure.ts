import { STILL } from "../drawing/frames.ts";
import { imagesOf } from "../drawing/image.ts";
import type { Drawn, NotDrawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import { drawManifoldAnimation } from "./draw.ts";

/** Draws the grids that training kept. */
export function draw({ snapshots: { epochs }, manifolds, info }: ImageFigureData): Drawn | NotDrawn {
  if (!manifolds) return { reason: "The training took no snapshots of the manifold." };
  const { side, levels } = manifolds;
  const size = levels.length / epochs.length;
  const snapshots = epochs.map((epoch, i) => ({
    epoch,
    images: imagesOf(
      info.shape,
      Float32Array.from(levels.subarray(i * size, (i + 1) * size), (level) => level / 255),
    ),
  }));
  const title = "The manifold as training goes on";
  const caption =
    `What the decoder makes of a ${side} × ${side} grid of z, equal shares of the prior apart, at ` +
    `${epochs.length} moments from before training to epoch ${epochs.at(-1)}. ${STILL}`;
  const alt = `Animated grid of decoded images from epoch ${epochs[0]} to epoch ${epochs.at(-1)}.`;
  return {
    title,
    caption,
    alt,
    svg: drawManifoldAnimation({ snapshots, side }, { title, description: alt }),
  };
}
