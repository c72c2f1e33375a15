import type { VoiceMetrics, VoiceSetMetrics, VoiceSource } from "../../artifacts/music_metrics.ts";
import { count } from "../../base/words.ts";
import { pitchName } from "../../figures/drawing/piano_roll.ts";
import type { Estimate } from "../../metrics/voices/bootstrap.ts";
import { type Content, type Markup, markup } from "../../report/markup.ts";
import { numberTable } from "../../report/table.ts";

/** The columns, from what all are held against to what knows least. */
const SOURCES: Readonly<Record<VoiceSource, string>> = {
  test: "Held-out pieces",
  prior: "Model, from the prior",
  posterior: "Model, from the aggregate posterior",
  chain: "Markov chain of chords",
};

/** A row of the table: what is measured, by which definition, and its value in a set. */
interface Row {
  readonly name: string;
  readonly note: string;
  readonly value: (set: VoiceSetMetrics) => Estimate;
  /** What values are multiplied by to be shown. */
  readonly times: number;
  readonly decimals: number;
}

const percent = { times: 100, decimals: 1 };
const bits = { times: 1, decimals: 3 };

/** What is measured of voices, source by source. */
export function voicesTable({ names, ranges, sets }: VoiceMetrics): Markup {
  const rows: readonly Row[] = [
    {
      name: "Consonant steps (%)",
      note: "pitch classes of a major or minor triad, or some of them",
      value: ({ ratios }) => ratios.consonant,
      ...percent,
    },
    {
      name: "Triads and sevenths (%)",
      note:
        "steps whose pitch classes are just those of one; major, minor, diminished, augmented; dominant, minor, " +
        "major, half-diminished and diminished sevenths",
      value: ({ ratios }) => ratios.tertian,
      ...percent,
    },
    {
      name: "Parallel fifths",
      note: "per 100 steps; two voices that move the same way from fifth to fifth",
      value: ({ ratios }) => ratios.parallelFifths,
      times: 100,
      decimals: 2,
    },
    {
      name: "Parallel octaves",
      note: "per 100 steps; unisons count too",
      value: ({ ratios }) => ratios.parallelOctaves,
      times: 100,
      decimals: 2,
    },
    {
      name: "Leaps beyond a sixth (%)",
      note: "of the moves of all voices; more than 9 semitones",
      value: ({ ratios }) => ratios.leapsBeyondSixth,
      ...percent,
    },
    {
      name: "Leaps beyond an octave (%)",
      note: "of the moves of all voices",
      value: ({ ratios }) => ratios.leapsBeyondOctave,
      ...percent,
    },
    {
      name: "Voices cross (%)",
      note: "steps at which one sounds below another that is written under it",
      value: ({ ratios }) => ratios.crossings,
      ...percent,
    },
    ...ranges.map(([low, high], voice): Row => ({
      name: `Out of range, ${names[voice]} (%)`,
      note: `${pitchName(low)} to ${pitchName(high)}, as textbooks of four-part writing have it`,
      value: ({ outOfRange }) => outOfRange[voice]!,
      ...percent,
    })),
    {
      name: "Notes",
      note: "that begin in a step",
      value: ({ ratios }) => ratios.onsets,
      times: 1,
      decimals: 2,
    },
    {
      name: "Pitch classes (bits)",
      note: "Jensen-Shannon divergence to the held-out pieces, counted from the estimated tonic",
      value: ({ distances }) => distances.pitchClasses,
      ...bits,
    },
    {
      name: "Pairs of chords (bits)",
      note: "Jensen-Shannon divergence to the held-out pieces, whatever the key",
      value: ({ distances }) => distances.chordPairs,
      ...bits,
    },
  ];
  const sources = Object.keys(SOURCES) as VoiceSource[];
  return markup`${
    numberTable(
      `The voices: ${count(sets.test.pieces)} pieces that training never saw, and ${
        count(sets.prior.pieces)
      } windows of each other kind, with standard errors by the bootstrap over pieces and windows.`,
      ["", ...sources.map((source) => SOURCES[source])],
      [
        ...rows.map(({ name, note, value, times, decimals }): Content[] => [
          markup`${name}<small>${note}</small>`,
          ...sources.map((source) => shown(value(sets[source]), times, decimals)),
        ]),
        [
          markup`Copies (%)<small>nearest passage of the training music shares all but a tenth, whatever the key</small>`,
          ...sources.map((source) => (100 * sets[source].copies.rate).toFixed(1)),
        ],
      ],
    )
  }
<p class="note">The distances of the held-out pieces are to training windows: how far Bach is from Bach. Codes of the
prior are what the model is asked for when it writes anew; those of the aggregate posterior are drawn from where
training windows lie. Where the two columns differ, the prior has places that the model has not learnt.</p>`;
}

function shown({ value, error }: Estimate, times: number, decimals: number): string {
  if (value === null) return "none";
  const number = (times * value).toFixed(decimals);
  return error === null ? number : `${number} ± ${(times * error).toFixed(decimals)}`;
}
