import { count } from "../../base/words.ts";
import { evolutionOf } from "../drawing/evolution.ts";
import { STILL } from "../drawing/frames.ts";
import { circleWords } from "../drawing/latent_plane.ts";
import type { Drawn, FigureData } from "../figure.ts";
import type { ScatterOptions } from "../latent_scatter/spec.ts";
import { drawPosteriorAnimation } from "./draw.ts";

/** Points of a frame: each frame of the file repeats them all. */
const POINTS = 1000;

/** Draws the codes of test examples, epoch after epoch. */
export function draw(data: FigureData<ScatterOptions>): Drawn {
  const { evolution, plane } = evolutionOf(data, POINTS, Infinity);
  const { snapshots, labels } = evolution;
  const [first, last] = [snapshots[0]!.epoch, snapshots.at(-1)!.epoch];
  const title = "The posterior as training goes on";
  const caption =
    `Posterior means of the same ${
      count(labels.length)
    } test examples at ${snapshots.length} moments, from ` +
    `before training to epoch ${last}. ${plane} ${circleWords(data)} ${STILL}`;
  const alt = `Animated scatter plot of latent codes from epoch ${first} to epoch ${last}.`;
  return { title, caption, alt, svg: drawPosteriorAnimation(evolution, { title, description: alt }) };
}
