import { bytesOf } from "../../artifacts/dataset.ts";
import { randomStream } from "../../base/random.ts";
import { plural } from "../../base/words.ts";
import { rollAt } from "../../metrics/music.ts";
import { nearestRolls } from "../../metrics/music_copies.ts";
import { cellsInWords, drawRolls, HOW_TO_READ, placeOf, rollsAt } from "../drawing/rolls.ts";
import type { Drawn, DrawnSound } from "../figure.ts";
import type { MusicFigureData } from "../kinds.ts";
import type { PriorSamplesOptions } from "./spec.ts";

/** Samples that are shown above their nearest training windows. */
const COMPARED = 2;

/** Draws rolls that are decoded from samples of the prior. */
export function draw(data: MusicFigureData<PriorSamplesOptions>): Drawn {
  const { seed, options: { samples }, model, music, train } = data;
  const noise = randomStream(seed, "render/prior").fillNormal(new Float32Array(samples * model.latentSize));
  const made = data.generate(noise, "prior samples");
  const tempo = data.tempoOf();
  const training = { format: music.format, length: music.length, cells: bytesOf(train) };
  const compared = Math.min(COMPARED, samples);
  const nearest = nearestRolls(rollsAt(made, [...Array(compared).keys()]), training);
  const rows = Array.from({ length: samples }, (_, i): DrawnSound[] => {
    const sample = { title: `Sample ${i + 1}`, roll: rollAt(made, i), tempo };
    const near = nearest[i];
    if (!near) return [sample];
    const { place, tempo: itsTempo } = placeOf(data, "train", near.index);
    const title = `Nearest, ${near.dissimilarity.toFixed(2)} away: ${place}`;
    return [sample, { title, roll: rollAt(training, near.index), tempo: itsTempo }];
  }).flat();
  const title = "Samples from the prior";
  const caption =
    `${plural(samples, "window")} decoded from z ~ N(0, I), in the order drawn, none left out, ` +
    `at the median tempo of the pieces. The first ${compared} stand above the training window that differs from them ` +
    `in the fewest cells; 0 away would be a copy, 1 nothing in common. ${HOW_TO_READ} ${cellsInWords(data)}`;
  const alt = `Piano rolls of ${samples} generated windows.`;
  return drawRolls("prior-samples", { title, caption, alt }, rows, data);
}
