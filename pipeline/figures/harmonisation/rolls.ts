import { randomStream } from "../../base/random.ts";
import { rollOfVoices, type Voices } from "../../formats/voices.ts";
import { rollAt, rollCount } from "../../metrics/music.ts";
import type { Estimate } from "../../metrics/voices/bootstrap.ts";
import { countVoices, type RatioName, voiceStatistics } from "../../metrics/voices/statistics.ts";
import { drawRolls, HOW_TO_READ, placeOf } from "../drawing/rolls.ts";
import type { Drawn, DrawnSound, NotDrawn } from "../figure.ts";
import type { MusicFigureData } from "../kinds.ts";

/** Melodies that are harmonised, and those of them that are shown. */
const [MEASURED, SHOWN] = [24, 3];

/** Draws what the model writes under melodies of test windows, beside what stood there. */
export function draw(data: MusicFigureData): Drawn | NotDrawn {
  const { harmonise, music, seed, test } = data;
  if (!music.voices || !harmonise) {
    return { reason: "It needs voices that are told apart, and these are piano rolls." };
  }
  const rolls = data.rolls(test), all = rollCount(rolls), measured = Math.min(MEASURED, all);
  // Spread over the test part, so that no two are of one piece where there are enough.
  const chosen = Array.from({ length: measured }, (_, i) => Math.floor((i + 0.5) * all / measured));
  const pairs = chosen.map((index) => {
    const theirs = rollAt(rolls, index).voices!;
    return { index, theirs, ...harmonise(theirs, `melody ${index}`) };
  });
  const rows = pairs.slice(0, SHOWN).flatMap(({ index, theirs, voices }): DrawnSound[] => {
    const { place, bars, tempo } = placeOf(data, data.windows.test[index]!);
    const row = (title: string, its: Voices) => ({
      title,
      roll: { ...rollOfVoices(its, music.format), voices: its },
      bars,
      tempo,
    });
    return [row(`As it is: ${place}`, theirs), row("The model, under the same melody", voices)];
  });
  const described = (some: readonly Voices[]) =>
    voiceStatistics(
      some.map((its) => countVoices(its, [])),
      randomStream(seed, "bootstrap of harmonisations"),
    ).ratios;
  const [model, real] = [
    described(pairs.map(({ voices }) => voices)),
    described(pairs.map(({ theirs }) => theirs)),
  ];
  const nats = (which: "prior" | "found") =>
    (pairs.reduce((sum, { melodyNll }) => sum + melodyNll[which], 0) / measured / music.length).toFixed(2);
  const title = "Voices under a given melody";
  const caption =
    `The highest voice of test windows is given, and the model writes the others: at each step the melody stands as it ` +
    `is, and z is sought that makes it likely (${nats("found")} nats a step, ${
      nats("prior")
    } under codes of the prior). ` +
    HOW_TO_READ;
  const alt =
    `Piano rolls of ${SHOWN} windows as they are, each above what the model writes under its melody.`;
  const line = (name: string, of: RatioName, decimals: number) => [
    name,
    ...[model, real].map((ratios) => shown(ratios[of], decimals)),
  ];
  const table = {
    caption: `Voices under the melodies of ${measured} test windows, with standard errors by the bootstrap.`,
    columns: ["", "The model", "As they are"],
    rows: [
      line("Consonant steps (%)", "consonant", 1),
      line("Triads and sevenths (%)", "tertian", 1),
      line("Parallel fifths in 100 steps", "parallelFifths", 2),
      line("Parallel octaves in 100 steps", "parallelOctaves", 2),
      line("Voices cross (%)", "crossings", 1),
      line("Leaps beyond a sixth (%)", "leapsBeyondSixth", 1),
      line("Notes in 100 steps", "onsets", 0),
    ],
  };
  return { ...drawRolls("harmonisation", { title, caption, alt }, rows, data), table };
}

/** A hundred times a ratio, with its error. */
function shown({ value, error }: Estimate, decimals: number): string {
  if (value === null) return "none";
  const number = (100 * value).toFixed(decimals);
  return error === null ? number : `${number} ± ${(100 * error).toFixed(decimals)}`;
}
