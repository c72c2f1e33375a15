import { type MusicMetrics, musicMetrics } from "../../artifacts/music_metrics.ts";
import { count, nats, percent, plural } from "../../base/words.ts";
import { symbolChoice } from "./symbols.ts";
import type { Generation } from "./schema.ts";
import { musicInfo } from "./music.ts";
import type { KindReport, PageSection } from "../../report/kind.ts";
import { type Content, type Markup, markup } from "../../report/markup.ts";
import { numberTable } from "../../report/table.ts";
import { voicesTable } from "./voices_report.ts";

/** How the test part was held out, and what is measured of notes and bars. */
export const sections: KindReport["sections"] = (
  metrics,
  { readsPast },
) => [musicSection(musicMetrics(metrics)!, readsPast)];

/** A warning where training saw most of the test part. */
export const caveat: KindReport["caveat"] = (metrics) => {
  const music = musicMetrics(metrics)!;
  return leaks(music) ? splitInWords(music) : null;
};

/** The files that only music has. */
export const artifacts: KindReport["artifacts"] = [{
  output: "preprocess/windows.csv",
  what: "where each window was cut",
  holds: "CSV; start in steps, transposition in semitones",
  path: "data/windows.csv",
  group: "Data",
}];

/** Explores as the images' does, in piano rolls, and plays them. */
export const script = new URL("./page.js", import.meta.url);

/** How a roll is read and its cells are chosen. */
export const explorerFacts: KindReport["explorerFacts"] = (info, choices) => {
  const { format, voices, length, stepsPerBar, metre, tempo, meanPolyphony } = musicInfo(info)!;
  const { density, ...choice } = choices as Generation;
  const sounding = density === undefined ? undefined : density * meanPolyphony * length;
  return {
    format,
    ...(voices ? { voices } : {}),
    length,
    stepsPerBar,
    metre,
    tempo,
    choice: { ...choice, sounding },
    ...(voices ? { symbols: symbolChoice(choices as Generation) } : {}),
  };
};

function musicSection(metrics: MusicMetrics, readsPast: boolean): PageSection {
  return {
    id: "music",
    title: "Music",
    body: markup`<p class="${leaks(metrics) ? "warning" : "note"}">${splitInWords(metrics)}</p>
<div class="columns">
<div>${likelihoodTable(metrics, readsPast)}</div>
<div>${noteTable(metrics)}</div>
</div>
${statisticsTable(metrics)}
${metrics.voices && voicesTable(metrics.voices)}
${sparseInWords(metrics)}
${clustersInWords(metrics)}
<p class="note">${copiesInWords(metrics)}</p>`,
  };
}

function likelihoodTable({ frameNll }: MusicMetrics, readsPast: boolean): Markup {
  return numberTable("Negative log-likelihood of test windows, in nats per step; lower is better.", [
    "",
    "Nats",
  ], [
    [
      named(
        "The model, at most",
        `reconstruction ${nats(frameNll.reconstruction)} + KL ${nats(frameNll.kl)}, at one sample of z${
          readsPast ? " and given the true steps before" : ""
        }`,
      ),
      nats(frameNll.model),
    ],
    ...(frameNll.importance ? [importanceRow(frameNll.importance)] : []),
    [
      named(
        frameNll.byVoice ? "A Markov chain of each voice" : "Copying the step before",
        readsPast ? "given it, as the model is" : "given it, as the model is not",
      ),
      nats(frameNll.previousFrame),
    ],
    [
      named(frameNll.byVoice ? "What each voice does how often" : "Pitch frequencies", "no time, no piece"),
      nats(frameNll.pitchFrequencies),
    ],
  ]);
}

function importanceRow(
  { model, standardError, samples, examples }: NonNullable<MusicMetrics["frameNll"]["importance"]>,
): Content[] {
  const error = standardError === null ? "" : ` ± ${nats(standardError)}`;
  return [
    named(
      "The same, importance-weighted",
      `${count(samples)} samples of z for each of ${plural(examples, "window")}`,
    ),
    `${nats(model)}${error}`,
  ];
}

function noteTable({ reconstruction: { onsets, notes } }: MusicMetrics): Markup {
  const row = (name: string, { precision, recall, f1 }: typeof onsets) => [
    name,
    ...[precision, recall, f1].map(percent),
  ];
  return numberTable(
    "Notes of reconstructions against those of test windows.",
    ["", "Precision", "Recall", "F1"],
    [row("Onsets: pitch and step", onsets), row("Notes: and length within a fifth", notes)],
  );
}

function statisticsTable({ rolls, statistics, distances }: MusicMetrics): Markup {
  const row = (name: string, set: keyof typeof statistics, from?: string): Content[] => {
    const { meanPolyphony, meanDuration, notesPerBar, emptyBars } = statistics[set];
    const distance = set === "train" ? undefined : distances[set];
    return [
      from === undefined ? name : named(name, `distances to ${from}`),
      meanPolyphony.toFixed(2),
      meanDuration === null ? "none" : meanDuration.toFixed(2),
      notesPerBar.toFixed(1),
      emptyBars === null ? "none" : percent(emptyBars),
      ...[distance?.pitchClasses, distance?.groove, distance?.polyphony, distance?.durations].map((value) =>
        value === undefined ? "" : value === null ? "none" : value.toFixed(3)
      ),
    ];
  };
  return numberTable(
    `What the music is like: ${count(rolls)} windows of each kind, training windows apart. Distances are ` +
      `Jensen-Shannon divergences in bits and 1-Wasserstein distances.`,
    [
      "",
      "Pitches at once",
      "Note length (steps)",
      "Notes per bar",
      "Empty bars",
      "Pitch classes (bits)",
      "Onsets (bits)",
      "Polyphony (pitches)",
      "Lengths (steps)",
    ],
    [
      row("Training windows", "train"),
      row("Test windows", "test", "training windows, in their transpositions"),
      row("Reconstructions", "reconstructions", "test windows"),
      row("Prior samples", "samples", "training windows"),
    ],
  );
}

function named(name: string, note: string): Markup {
  return markup`${name}<small>${note}</small>`;
}

/** Samples whose sounding cells are fewer than this share of the data's are called nearly empty. */
const SPARSE = 0.5;

/** A warning where samples have far fewer notes than the music that they are to be like. */
function sparseInWords({ statistics: { train, samples } }: MusicMetrics): Markup | false {
  if (samples.meanPolyphony >= SPARSE * train.meanPolyphony) return false;
  return markup`<p class="warning">Prior samples are nearly empty: ${
    samples.meanPolyphony.toFixed(2)
  } pitches at once, where training windows have ${
    train.meanPolyphony.toFixed(2)
  }. Too few of the model's probabilities are above the threshold of the spec; <code>"generation": { "density": 1 }</code>
lets as many cells sound as in the data.</p>`;
}

/** Samples whose first steps have more pitches than this many times the data's begin with clusters. */
const CLUSTER = 1.5;

/** A warning where prior samples begin with far more notes than the music that they are to be like. */
function clustersInWords({ statistics: { train, samples } }: MusicMetrics): Markup | false {
  if (samples.firstPolyphony <= CLUSTER * train.firstPolyphony) return false;
  return markup`<p class="warning">Prior samples begin with clusters: ${
    samples.firstPolyphony.toFixed(1)
  } pitches sound in their first step, where training windows have ${train.firstPolyphony.toFixed(1)}, and ${
    samples.meanPolyphony.toFixed(1)
  } in their steps on the whole. A first step has nothing to go by but z, and codes of the prior, its mean among them,
lie where no training window does.</p>`;
}

function copiesInWords({ copies: { samples, test } }: MusicMetrics): string {
  return `${percent(samples.rate)} of the prior samples copy a passage of the training music, and ${
    percent(test.rate)
  } of the ` +
    `test windows: the nearest passage, wherever it begins and in whatever key, shares all but a tenth of their ` +
    `cells. On average samples are ${samples.meanDissimilarity.toFixed(2)} away from it and test windows ${
      test.meanDissimilarity.toFixed(2)
    }, from 0 (equal) to 1 (nothing in common).`;
}

function leaks({ split }: MusicMetrics): boolean {
  return split.method === "windows";
}

/** What test numbers of music are worth, by how the windows were split. */
function splitInWords({ split: { method, mean, mostlySeen } }: MusicMetrics): string {
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
