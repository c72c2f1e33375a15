import { randomStream } from "../../base/random.ts";
import { plural } from "../../base/words.ts";
import { rollAt } from "../../metrics/music.ts";
import { movedPassage, nearestPassages, stretchesOf } from "../../metrics/music_copies.ts";
import { cellsInWords, drawRolls, firstRolls, HOW_TO_READ, placeOf } from "../drawing/rolls.ts";
import type { Drawn, DrawnSound } from "../figure.ts";
import type { MusicFigureData } from "../kinds.ts";
import type { PriorSamplesOptions } from "./spec.ts";

/** Samples that are shown above the nearest passages of the training music. */
const COMPARED = 2;
/** Steps of training music that those are sought in, and the piece in which they end. */
const MOST_STEPS = 100_000;

/** Draws rolls that are decoded from samples of the prior. */
export function draw(data: MusicFigureData<PriorSamplesOptions>): Drawn {
  const { seed, options: { samples }, prior, music, train, model, info } = data;
  const made = data.generate(data.samplePrior("render/prior", samples), "prior samples");
  const tempo = data.tempoOf();
  const training = data.rolls(train);
  const compared = Math.min(COMPARED, samples);
  const order = randomStream(seed, "pieces sought in").permutation(music.pieces.length);
  const nearest = nearestPassages(
    firstRolls(made, compared),
    stretchesOf(training, data.windows.train, order, MOST_STEPS),
  );
  const rows = Array.from({ length: samples }, (_, i): DrawnSound[] => {
    const sample = { title: `Sample ${i + 1}`, roll: rollAt(made, i), tempo };
    const near = nearest[i];
    const passage = near && movedPassage(near, made);
    if (!passage) return [sample];
    const { piece, start, semitones } = near.stretch!;
    const { place, bars, tempo: itsTempo } = placeOf(data, {
      piece,
      start: start + near.start,
      semitones: semitones - near.semitones,
    });
    const title = `Nearest, ${near.dissimilarity.toFixed(2)} away: ${place}`;
    return [sample, { title, roll: passage, bars, tempo: itsTempo }];
  }).flat();
  const title = "Samples from the prior";
  const caption =
    `${plural(samples, "window")} decoded from z ~ ${prior.words}${
      model.conditional ? ` and a class, ${info.classes.join(", ")} in turn` : ""
    }, in the order drawn, none left out, ` +
    `at the median tempo of the pieces. The first ${compared} stand above the passage of the training music that ` +
    `shares most onsets with them, wherever it begins and moved to their key; 0 away would be a copy, 1 nothing in ` +
    `common. ${HOW_TO_READ} ${cellsInWords(data)}`;
  const alt = `Piano rolls of ${samples} generated windows.`;
  return drawRolls("prior-samples", { title, caption, alt }, rows, data);
}
