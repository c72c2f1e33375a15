import type { Part } from "../../artifacts/dataset.ts";
import { columnsOf } from "../../kinds/music/piano_roll.ts";
import { UserError } from "../../base/errors.ts";
import { musicStatistics } from "../../figures/music_statistics.ts";
import { pianoRoll } from "../../figures/piano_roll.ts";
import { sampleRegion } from "../../metrics/class_region.ts";
import { rollAt, type RollSet } from "../../metrics/music.ts";
import { nearestRolls } from "../../metrics/music_copies.ts";
import { randomStream } from "../../base/random.ts";
import { nats, percent, plural } from "../../base/words.ts";
import { generateRolls, tempoOf } from "../../kinds/music/generation.ts";
import type { Draw, Drawn, DrawnSound, MusicData, RenderData } from "./drawn.ts";
import { text } from "./plots.ts";

/** Figures of piano rolls, with a sound for each row. */

type DrawMusic = (data: RenderData, music: MusicData) => Drawn;

const PER_CLASS = 2;
/** Samples that are shown above their nearest training windows. */
const COMPARED = 2;
const HOW_TO_READ = "Time runs to the right, pitch upwards; a note is dark where it is struck.";

export const drawReconstructedRolls: Draw = ofMusic((data, music) => {
  const { slice, test, losses } = data;
  const order = randomStream(slice.seed, "render/reconstructions").permutation(test.examples);
  const chosen = Array.from(order.subarray(0, slice.figures.reconstructions));
  const originals = examplesOf(data.test, music, chosen);
  const made = decodeRolls(data, music, codesOf(data, chosen), "reconstructions");
  const rows = chosen.flatMap((example, i): DrawnSound[] => {
    const { place, tempo } = placeOf(music, "test", example);
    const loss = nats(losses[example]!);
    return [
      { title: `Original: ${place}`, roll: rollAt(originals, i), tempo },
      { title: `Reconstruction, ${loss} nats`, roll: rollAt(made, i), tempo },
    ];
  });
  const title = "Originals and reconstructions";
  const caption =
    `${plural(chosen.length, "test window")} drawn at random, each above what the decoder makes of its ` +
    `posterior mean. ${HOW_TO_READ} ${cellsInWords(music)}`;
  const alt = `Piano rolls of ${chosen.length} test windows, each above its reconstruction.`;
  return drawn("reconstructions", title, caption, alt, rows, music);
});

export const drawSampledRolls: Draw = ofMusic((data, music) => {
  const { seed, figures: { samples }, model } = data.slice;
  const noise = randomStream(seed, "render/prior").fillNormal(new Float32Array(samples * model.latentSize));
  const made = decodeRolls(data, music, noise, "prior samples");
  const tempo = tempoOf(music.info);
  const training = { format: music.info.format, length: music.info.length, cells: data.train.images };
  const compared = Math.min(COMPARED, samples);
  const nearest = nearestRolls(firstOf(made, compared), training);
  const rows = Array.from({ length: samples }, (_, i): DrawnSound[] => {
    const sample = { title: `Sample ${i + 1}`, roll: rollAt(made, i), tempo };
    const near = nearest[i];
    if (!near) return [sample];
    const { place, tempo: itsTempo } = placeOf(music, "train", near.index);
    const title = `Nearest, ${near.dissimilarity.toFixed(2)} away: ${place}`;
    return [sample, { title, roll: rollAt(training, near.index), tempo: itsTempo }];
  }).flat();
  const title = "Samples from the prior";
  const caption =
    `${plural(samples, "window")} decoded from z ~ N(0, I), in the order drawn, none left out, ` +
    `at the median tempo of the pieces. The first ${compared} stand above the training window that differs from them ` +
    `in the fewest cells; 0 away would be a copy, 1 nothing in common. ${HOW_TO_READ} ${cellsInWords(music)}`;
  const alt = `Piano rolls of ${samples} generated windows.`;
  return drawn("prior-samples", title, caption, alt, rows, music);
});

export const drawClassRolls: Draw = ofMusic((data, music) => {
  const { slice: { seed, model: { latentSize } }, info: { classes }, regions } = data;
  const noise = randomStream(seed, "render/classes").fillNormal(
    new Float32Array(classes.length * PER_CLASS * latentSize),
  );
  const codes = new Float32Array(noise.length);
  const present = regions.flatMap((region, label) => region ? [{ region, label }] : []);
  present.forEach(({ region }, i) => {
    const [from, to] = [i * PER_CLASS * latentSize, (i + 1) * PER_CLASS * latentSize];
    codes.set(sampleRegion(region, noise.subarray(from, to)), from);
  });
  const shown = codes.subarray(0, present.length * PER_CLASS * latentSize);
  const made = decodeRolls(data, music, shown, "class samples");
  const rows = present.flatMap(({ label }, i) =>
    Array.from({ length: PER_CLASS }, (_, k): DrawnSound => ({
      title: `${classes[label]} ${k + 1}`,
      roll: rollAt(made, i * PER_CLASS + k),
      tempo: tempoOf(music.info, label),
    }))
  );
  const title = "Samples of each class";
  const caption =
    `${PER_CLASS} windows of each class, decoded from the Gaussian that has the mean and covariance of the ` +
    `class's training posteriors, at the class's median tempo. The model never saw a label. ` +
    `${HOW_TO_READ} ${cellsInWords(music)}`;
  const alt = `Piano rolls of ${PER_CLASS} generated windows each of ${
    present.map(({ label }) => classes[label]).join(", ")
  }.`;
  return drawn("class-samples", title, caption, alt, rows, music);
});

export const drawMusicStatistics: Draw = ofMusic(
  (_, { info, metrics: { statistics, distances, copies } }) => {
    const sets = [
      { name: "training data", histograms: statistics.train },
      { name: "reconstructions", histograms: statistics.reconstructions },
      { name: "prior samples", histograms: statistics.samples },
    ];
    const distance = (value: number | null) => value === null ? "none" : value.toFixed(3);
    const title = "What the music is like";
    const caption =
      `Shares of sounding time, steps, onsets and notes. Bars have ${info.stepsPerBar} steps; each window is turned ` +
      `so that its strongest step comes first. From training data to prior samples, pitch classes are ` +
      `${distance(distances.samples.pitchClasses)} bits apart and onsets ${
        distance(distances.samples.groove)
      } ` +
      `(Jensen-Shannon; from training to test data ${distance(distances.test.pitchClasses)} and ` +
      `${distance(distances.test.groove)}). ${
        percent(copies.samples.rate)
      } of the samples copy a training window.`;
    const alt =
      `Histograms of pitch classes, pitches at once, onsets by step of the bar and lengths of notes, for ` +
      `training data, reconstructions and samples.`;
    return { title, caption, alt, svg: musicStatistics({ sets }, text(title, alt)) };
  },
);

export const drawInterpolatedRolls: Draw = ofMusic((data, music) => {
  const { from, to, steps } = data.slice.figures.interpolation;
  const { classes } = data.info;
  const ends = [exampleOfClass(data, from, 0), exampleOfClass(data, to, from === to ? 1 : 0)] as const;
  const codes = codesOf(data, ends);
  const { latentSize } = data.slice.model;
  const line = Float32Array.from({ length: steps * latentSize }, (_, i) => {
    const share = Math.floor(i / latentSize) / (steps - 1);
    return (1 - share) * codes[i % latentSize]! + share * codes[latentSize + i % latentSize]!;
  });
  const made = decodeRolls(data, music, line, "interpolation");
  const tempi = ends.map((end) => placeOf(music, "test", end).tempo);
  const rows = Array.from({ length: steps }, (_, i): DrawnSound => {
    const share = i / (steps - 1);
    return {
      title: `${Math.round(100 * share)} % of the way`,
      roll: rollAt(made, i),
      // The same ratio at each step.
      tempo: tempi[0]! ** (1 - share) * tempi[1]! ** share,
    };
  });
  const title = `From ${classes[from]} to ${classes[to]}`;
  const caption =
    `${steps} decoded points on the straight line between the posterior means of two test windows: ` +
    `${placeOf(music, "test", ends[0]).place}, and ${
      placeOf(music, "test", ends[1]).place
    }. The tempo moves with them. ` +
    `${HOW_TO_READ} ${cellsInWords(music)}`;
  const alt = `${steps} piano rolls that turn from ${classes[from]} into ${classes[to]}.`;
  return drawn("interpolation", title, caption, alt, rows, music);
});

function ofMusic(draw: DrawMusic): Draw {
  return (data) => {
    if (!data.music) throw new TypeError("Cannot draw piano rolls of images");
    return draw(data, data.music);
  };
}

function drawn(
  name: string,
  title: string,
  caption: string,
  alt: string,
  rows: readonly DrawnSound[],
  { info }: MusicData,
): Drawn {
  const svg = pianoRoll(name, { rows, stepsPerBar: info.stepsPerBar }, text(title, alt));
  return { title, caption, alt, svg, sounds: rows };
}

function decodeRolls(data: RenderData, music: MusicData, codes: Float32Array, stream: string): RollSet {
  const random = randomStream(data.slice.seed, `cells/${stream}`);
  return generateRolls(data.decoder, codes, music.info, music.generation, random);
}

function examplesOf({ images, size }: Part, { info }: MusicData, indices: readonly number[]): RollSet {
  const cells = new Uint8Array(indices.length * size);
  indices.forEach((index, i) => cells.set(images.subarray(index * size, (index + 1) * size), i * size));
  return { format: info.format, length: info.length, cells };
}

function codesOf({ slice, means }: RenderData, indices: readonly number[]): Float32Array {
  const { latentSize } = slice.model;
  const codes = new Float32Array(indices.length * latentSize);
  indices.forEach((from, to) => {
    codes.set(means.subarray(from * latentSize, (from + 1) * latentSize), to * latentSize);
  });
  return codes;
}

function firstOf({ format, length, cells }: RollSet, count: number): RollSet {
  return { format, length, cells: cells.subarray(0, count * length * columnsOf(format)) };
}

/** Where a window comes from, and how fast it goes. */
function placeOf(
  { info, windows }: MusicData,
  part: "train" | "test",
  example: number,
): { place: string; tempo: number } {
  const { piece, start, semitones } = windows[part][example]!;
  const { name, tempo } = info.pieces[piece]!;
  const bar = Math.floor(start / info.stepsPerBar) + 1;
  const moved = semitones === 0 ? "" : `, ${semitones > 0 ? "+" : "−"}${Math.abs(semitones)} semitones`;
  // Without the class's folder, or a title would not fit above its roll.
  const file = name.replace(/^.*\//, "").replace(/\.(midi?|kar|rmi|smf)$/i, "");
  return { place: `${file}, bar ${bar}${moved}`, tempo };
}

/** A test example of a class, from the middle of those there are; `skip` passes over some. */
function exampleOfClass({ test, info }: RenderData, label: number, skip: number): number {
  const found = [...test.labels.keys()].filter((i) => test.labels[i] === label);
  const example = found[(found.length >> 1) + skip] ?? found[0];
  if (example !== undefined) return example;
  throw new UserError(`Cannot draw the interpolation: no test window is of class ${label}`, {
    notes: [
      `The classes are ${info.classes.map((name, i) => `${i} (${name})`).join(", ")}.`,
      "Next: set figures.interpolation.from and .to to two that the test part has.",
    ],
  });
}

function cellsInWords({ generation: { cells, threshold, density, monophonic } }: MusicData): string {
  const one = monophonic ? " Of each step only the most probable pitch is kept." : "";
  if (density !== undefined) {
    return `The most probable cells sound, ${density} times as many as in a training window.${one}`;
  }
  if (cells === "sample") return `Each cell is drawn by its probability.${one}`;
  return `A cell sounds where its probability is above ${threshold}.${one}`;
}
