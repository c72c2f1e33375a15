import { plural } from "../../base/words.ts";
import { rollAt } from "../../metrics/music.ts";
import { cellsInWords, drawRolls, HOW_TO_READ } from "../drawing/rolls.ts";
import type { Drawn, DrawnSound } from "../figure.ts";
import type { MusicFigureData } from "../kinds.ts";
import type { PriorSamplesOptions } from "../prior_samples/spec.ts";

/** Draws rolls that are decoded from samples of the aggregate posterior. */
export function draw(data: MusicFigureData<PriorSamplesOptions>): Drawn {
  const { options: { samples }, prior } = data;
  const { codes, labels } = data.sampleAggregatePosterior("render/posterior", samples);
  const made = data.generate(codes, "posterior samples", labels);
  const tempo = data.tempoOf();
  const rows = Array.from({ length: samples }, (_, i): DrawnSound => ({
    title: `Sample ${i + 1} of the aggregate posterior`,
    roll: rollAt(made, i),
    tempo,
  }));
  const title = "Samples from the aggregate posterior";
  const caption =
    `${
      plural(samples, "window")
    } decoded from z ~ q(z), the mean of q(z|x) over the training windows, in the order ` +
    `drawn, none left out. These codes are near to those of real music, as those of the prior, ${prior.words}, need ` +
    `not be: what sounds better here than there is what the prior misses. ${HOW_TO_READ} ${
      cellsInWords(data)
    }`;
  const alt = `Piano rolls of ${samples} windows that are generated from where training windows lie.`;
  return drawRolls("posterior-samples", { title, caption, alt }, rows, data);
}
