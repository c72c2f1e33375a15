import { randomStream } from "../../pipeline/base/random.ts";
import { classBalance } from "../../pipeline/figures/charts/class_balance.ts";
import { coloured } from "../../pipeline/figures/charts/group.ts";
import { klProfile } from "../../pipeline/figures/charts/kl_profile.ts";
import { lossBands } from "../../pipeline/figures/charts/loss_bands.ts";
import { paperCurves } from "../../pipeline/figures/charts/paper_curves.ts";
import { pcaComparison } from "../../pipeline/figures/charts/pca_comparison.ts";
import { rateDistortion } from "../../pipeline/figures/charts/rate_distortion.ts";
import { seedDots } from "../../pipeline/figures/charts/seed_dots.ts";
import { pianoRoll } from "../../pipeline/figures/drawing/piano_roll.ts";
import type { FigureText } from "../../pipeline/figures/drawing/svg.ts";
import { drawMusicStatistics, type RollHistograms } from "../../pipeline/figures/music_statistics/draw.ts";
import { rollOfVoices, type SungRoll, voicesOfNotes } from "../../pipeline/formats/voices.ts";
import { PAPER_FORMAT, type PianoRoll } from "../../pipeline/formats/piano_roll.ts";

/** A figure from made-up data. */
type Draw = (text: FigureText) => string;

const EPOCHS = Array.from({ length: 12 }, (_, i) => i + 1);
const NAMES = ["dense", "conv", "LSTM"];

/** Numbers around 0, the same each time. */
const noise = (name: string, count: number) =>
  randomStream(1, `gallery/${name}`).fillNormal(new Float32Array(count));

/** A scale up and down again over a held chord, two bars of sixteenths. */
function scale(lowest: number): PianoRoll {
  const [steps, columns] = [32, 156];
  const cells = new Uint8Array(steps * columns);
  const play = (pitch: number, onset: number, end: number) => {
    for (let step = onset; step < end; step++) cells[step * columns + pitch - 24] = 1;
    cells[onset * columns + 78 + pitch - 24] = 1;
  };
  [0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2, 0, 0].forEach((interval, i) =>
    play(lowest + interval, 2 * i, 2 * i + 2)
  );
  for (const interval of [-12, -5]) play(lowest + interval, 0, steps);
  return { format: PAPER_FORMAT, steps, cells };
}

function histograms(name: string): RollHistograms {
  const shares = (count: number) => {
    const weights = Array.from(noise(`${name}/${count}`, count), Math.exp);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / all);
  };
  return {
    pitchClasses: shares(12),
    polyphony: shares(6),
    groove: [{ metre: "4/4", onsets: shares(16) }],
    durations: [0, ...shares(15)],
  };
}

/** A cadence of four voices, with a soprano who holds her first note. */
function cadence(): SungRoll {
  const chords = [[72, 67, 64, 48], [72, 69, 65, 53], [71, 67, 62, 55], [72, 67, 64, 48]];
  const notes = [0, 1, 2, 3].map((voice) =>
    chords.map((chord, i) => ({ pitch: chord[voice]!, onset: 4 * i, end: 4 * i + 4 }))
  );
  const voices = voicesOfNotes(notes, 16);
  voices.onsets[4 * 4] = 0; // the soprano's C goes on
  const format = { stepsPerQuarter: 4, lowestPitch: 36, pitches: 46, articulation: true };
  return { ...rollOfVoices(voices, format), voices };
}

/** What figures of music look like. */
export const MUSIC_GALLERY: Readonly<Record<string, Draw>> = {
  "piano-rolls": (text) =>
    pianoRoll("piano-rolls", {
      rows: [{ title: "A scale", roll: scale(60) }, { title: "A fourth higher", roll: scale(65) }],
      stepsPerBar: 16,
    }, text),
  "voices": (text) =>
    pianoRoll("voices", {
      rows: [{ title: "A cadence", roll: cadence() }],
      stepsPerBar: 16,
      voices: ["soprano", "alto", "tenor", "bass"],
    }, text),
  "music-statistics": (text) =>
    drawMusicStatistics({
      sets: ["test", "samples", "reconstructions"].map((name) => ({ name, histograms: histograms(name) })),
    }, text),
};

/** Charts of comparisons, of the data and of the paper's page. */
export const CHART_GALLERY: Readonly<Record<string, Draw>> = {
  "class-balance": (text) =>
    classBalance({
      classes: ["cat", "dog", "bird"],
      splits: [{ name: "train", perClass: [520, 480, 250] }, { name: "test", perClass: [52, 48, 25] }],
    }, text),
  "seed-dots": (text) => seedDots({ label: "−ELBO (nats)", groups: groups("values", runsAround) }, text),
  "loss-bands": (text) =>
    lossBands({ groups: groups("runs", (i) => [0, 1, 2].map((k) => curves(i, k))) }, text),
  "kl-profile": (text) =>
    klProfile({
      groups: groups("runs", (i) => [0, 1].map((k) => Array.from(noise(`${i}/${k}`, 8), (x) => 1.5 * x * x))),
    }, text),
  "rate-distortion": (text) =>
    rateDistortion({
      groups: groups("runs", (i) =>
        [0, 1, 2].map((k) => ({ rate: 12 + 5 * i + k, distortion: 100 - 6 * i - 2 * k }))),
    }, text),
  "pca-comparison": (text) =>
    pcaComparison({
      points: [2, 4, 8, 16, 32].map((size) => ({
        size,
        vae: { mean: 60 / size ** 0.5, deviation: 2, count: 3 },
        pca: { mean: 70 / size ** 0.4, deviation: null, count: 1 },
      })),
    }, text),
  "paper-curves": (text) => {
    const panel = (title: string, from: number, to: number) => ({
      title,
      curves: (["train", "test"] as const).map((part, i) => ({
        part,
        values: EPOCHS.map((epoch) => to + 4 * i + (from - to) / epoch),
        paper: { start: from + 6, end: to + 3 },
      })),
    });
    const panels = [panel("Total loss", 220, 150), panel("KL divergence", 3, 6.5)];
    return paperCurves("paper-curves", { epochs: EPOCHS, panels }, text);
  },
};

function groups<Key extends string, Value>(key: Key, value: (index: number) => Value) {
  const all = coloured(NAMES, NAMES.map((_, i) => i));
  return all.map((group, i) => ({ ...group, [key]: value(i) }) as typeof group & Record<Key, Value>);
}

function runsAround(index: number): number[] {
  return Array.from(noise(NAMES[index]!, 5), (x) => 100 + 4 * index + x);
}

function curves(group: number, run: number) {
  const falling = (from: number, to: number) =>
    EPOCHS.map((epoch) => to + group + run / 3 + (from - to) / epoch);
  const [reconstruction, kl] = [falling(180, 78), falling(8, 20)];
  return {
    epochs: EPOCHS,
    reconstruction,
    kl,
    loss: reconstruction.map((value, i) => value + kl[i]!),
    klWeight: EPOCHS.map((epoch) => Math.min(1, epoch / 5)),
  };
}
