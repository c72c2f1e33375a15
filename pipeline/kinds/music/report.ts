import type { MusicPart, MusicRow } from "../../report/data.ts";
import { count, nats, percent } from "../../base/words.ts";
import type { ModelSpec } from "../../spec/schema.ts";
import type { MusicMetrics } from "../../artifacts/metrics_json.ts";

export function musicOf(metrics: MusicMetrics, model: ModelSpec): MusicPart {
  const autoregressive = model.architecture === "lstm" && model.decoder.autoregressive !== undefined;
  const { frameNll, reconstruction, statistics, distances, copies } = metrics;
  const score = (name: string, { precision, recall, f1 }: MusicMetrics["reconstruction"]["notes"]) => ({
    name,
    values: [precision, recall, f1].map(percent),
  });
  const row = (name: string, set: keyof typeof statistics, from?: string): MusicRow => {
    const { meanPolyphony, meanDuration, notesPerBar, emptyBars } = statistics[set];
    const distance = set === "train" ? undefined : distances[set];
    return {
      name,
      note: from === undefined ? undefined : `distances to ${from}`,
      values: [
        meanPolyphony.toFixed(2),
        meanDuration === null ? "none" : meanDuration.toFixed(2),
        notesPerBar.toFixed(1),
        emptyBars === null ? "none" : percent(emptyBars),
        ...[distance?.pitchClasses, distance?.groove, distance?.polyphony, distance?.durations].map((value) =>
          value === undefined ? "" : value === null ? "none" : value.toFixed(3)
        ),
      ],
    };
  };
  return {
    rolls: metrics.rolls,
    frames: [
      {
        name: "The model",
        note: autoregressive ? "at one sample of z, given the true steps before" : "at one sample of z",
        values: [nats(frameNll.model)],
      },
      {
        name: "Copying the step before",
        note: autoregressive ? "given it, as the model is" : "given it, as the model is not",
        values: [nats(frameNll.previousFrame)],
      },
      {
        name: "Pitch frequencies",
        note: "no time, no piece",
        values: [nats(frameNll.pitchFrequencies)],
      },
    ],
    notes: [
      score("Onsets: pitch and step", reconstruction.onsets),
      score("Notes: and length within a fifth", reconstruction.notes),
    ],
    statistics: [
      row("Training windows", "train"),
      row("Test windows", "test", "training windows"),
      row("Reconstructions", "reconstructions", "test windows"),
      row("Prior samples", "samples", "training windows"),
    ],
    copies: `${percent(copies.samples.rate)} of the prior samples copy a training window, and ` +
      `${percent(copies.test.rate)} of the test windows: the nearest of ${
        count(metrics.trainingRolls)
      } shares ` +
      `all but a tenth of their cells. On average samples are ${
        copies.samples.meanDissimilarity.toFixed(2)
      } ` +
      `away from it and test windows ${
        copies.test.meanDissimilarity.toFixed(2)
      }, from 0 (equal) to 1 (nothing ` +
      `in common).`,
    split: splitInWords(metrics),
    leaks: metrics.split.method === "windows",
  };
}

/** What test numbers of music are worth, by how the windows were split. */
export function splitInWords({ split: { method, mean, mostlySeen } }: MusicMetrics): string {
  if (method !== "windows") {
    const what = method === "pieces" ? "pieces that training never saw" : "stretches that training never saw";
    return `Test windows come from ${what}: they share ${
      percent(mean)
    } of their steps with training windows.`;
  }
  return `Warning: this split leaks. Windows overlap, and were dealt out at random: ${
    percent(mean)
  } of a test ` +
    `window's steps lie in training windows too, and ${
      percent(mostlySeen)
    } of test windows were mostly seen in ` +
    `training. Test numbers say how well the pieces were learnt by heart, and nothing of other music. It is the ` +
    `split of the paper; "stretches" and "pieces" in dataset.split.method hold out music that was never seen.`;
}
