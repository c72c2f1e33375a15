import { percent } from "../../base/words.ts";
import type { Drawn } from "../figure.ts";
import type { MusicFigureData } from "../kinds.ts";
import { commonestMetre, drawMusicStatistics } from "./draw.ts";

/** Draws what data, reconstructions and samples are like. */
export function draw({ metrics: { statistics, distances, copies } }: MusicFigureData): Drawn {
  const sets = [
    { name: "training data", histograms: statistics.train },
    { name: "reconstructions", histograms: statistics.reconstructions },
    { name: "prior samples", histograms: statistics.samples },
  ];
  const distance = (value: number | null) => value === null ? "none" : value.toFixed(3);
  const title = "What the music is like";
  const metres = statistics.train.groove.map(({ metre }) => metre);
  const others = metres.filter((metre) => metre !== commonestMetre(statistics.train));
  const left = others.length === 0 ? "" : ` (${others.join(" and ")} are compared, and not drawn)`;
  const caption =
    `Shares of sounding time, steps, onsets and notes. Each window is put into the metre and at the place of the bar ` +
    `where training music makes its onsets most likely${left}. From training data to prior samples, pitch classes are ` +
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
  return { title, caption, alt, svg: drawMusicStatistics({ sets }, { title, description: alt }) };
}
