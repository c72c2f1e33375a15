import { gather, type Part } from "../../artifacts/dataset.ts";
import { concatenated } from "../../base/arrays.ts";
import { randomStream } from "../../base/random.ts";
import { fifthsOf } from "../../formats/keys.ts";
import type { Voices } from "../../formats/voices.ts";
import { attributeVector, moved } from "../../metrics/attributes.ts";
import { correlation } from "../../metrics/correlation.ts";
import { estimateKey, pitchClassDurations } from "../../metrics/keys.ts";
import { rollAt, rollCount, type RollSet } from "../../metrics/music.ts";
import { codesAt } from "../drawing/examples.ts";
import { cellsInWords, drawRolls, HOW_TO_READ } from "../drawing/rolls.ts";
import type { Drawn, DrawnSound, NotDrawn } from "../figure.ts";
import type { MusicFigureData } from "../kinds.ts";

/** Training windows that the vectors are found from, and test windows that their effect is measured on. */
const [REFERENCE, MEASURED] = [2000, 200];
/** How many times a vector is added. */
const AMOUNTS = [-1, 0, 1];

/** What is measured of a window. */
const ATTRIBUTES: readonly {
  readonly name: string;
  readonly unit: string;
  readonly of: (voices: Voices) => number;
}[] = [
  {
    name: "major mode",
    unit: "of the windows in major",
    of: (voices) => Number(keyOf(voices).mode === "major"),
  },
  {
    name: "notes",
    unit: "notes a step",
    of: ({ steps, onsets }) => onsets.reduce((sum, onset) => sum + onset, 0) / steps,
  },
  { name: "sharps of the key", unit: "sharps", of: (voices) => fifthsOf(keyOf(voices)) },
];

/**
 * Draws what vectors of attributes do to the code of a test window: from the mean code of the training windows with the
 * least of an attribute to that of those with the most (Larsen et al., 2016).
 */
export function draw(data: MusicFigureData): Drawn | NotDrawn {
  const { music, model: { latentSize }, seed, train, test } = data;
  if (!music.voices) return { reason: "It needs voices that are told apart, and these are piano rolls." };
  const some = (
    name: string,
    examples: number,
    count: number,
  ) => [...randomStream(seed, name).permutation(examples).slice(0, count)];
  const reference = some("attributes of train", train.examples, REFERENCE);
  const codes = data.encode(
    gather(train, reference, new Float32Array(reference.length * train.size)),
    labelsAt(train, reference),
  );
  const windows = voicesOf(data.rolls(train, reference));
  const measured = some("attributes of test", test.examples, MEASURED), tested = codesAt(data, measured);
  const labels = labelsAt(test, measured);
  const before = voicesOf(data.generate(tested, "attributes", labels));
  const asTheyAre = voicesOf(data.rolls(test, measured));
  // Two standard errors of the correlation of what has nothing to do with each other.
  const chance = 2 / Math.sqrt(measured.length);
  const effects = ATTRIBUTES.map(({ name, unit, of }) => {
    const { direction, gap } = attributeVector(codes, latentSize, Float64Array.from(windows, of));
    // The same stream, so that what is drawn at random is drawn alike.
    const after = voicesOf(data.generate(moved(tested, direction, 1), "attributes", labels));
    const [from, to] = [before, after].map((some) => mean(some.map(of)));
    const its = asTheyAre.map(of);
    const told = correlation(along(tested, direction), its), kept = correlation(before.map(of), its);
    const rows = data.generate(
      concatenated(
        Float32Array,
        AMOUNTS.map((amount) => moved(tested.subarray(0, latentSize), direction, amount)),
      ),
      "attributes shown",
      AMOUNTS.map(() => labels[0]!),
    );
    return {
      name,
      isKept: kept !== null && kept > chance,
      numbers: [
        `${name}, ${unit}`,
        ...[from!, to!, to! - from!, gap, told, kept].map((value) => value?.toFixed(2) ?? "none"),
      ],
      rows: AMOUNTS.map((amount, i): DrawnSound => ({
        title: amount === 0 ? `Decoded as it is` : `${amount < 0 ? "Less" : "More"}: ${name}`,
        roll: rollAt(rows, i),
        tempo: data.tempoOf(),
      })),
    };
  });
  const title = "Attributes of voices";
  const caption =
    `The code of a test window, and the vector of an attribute subtracted and added once: from the mean code of the ` +
    `quarter of ${reference.length} training windows with the least of it to that of the quarter with the most. ` +
    `${keptInWords(effects, chance)}${HOW_TO_READ} ${cellsInWords(data)}`;
  const alt = `Piano rolls of one window with less and more of ${
    ATTRIBUTES.map(({ name }) => name).join(", ")
  }.`;
  const table = {
    caption: `What the vectors do to what ${measured.length} test windows are decoded to, on average.`,
    columns: [
      "",
      "Decoded",
      "Moved, decoded",
      "Difference",
      "Of the training windows",
      "Vector and window (r)",
      "Decoded and window (r)",
    ],
    rows: effects.map(({ numbers }) => numbers),
  };
  return {
    ...drawRolls("attributes", { title, caption, alt }, effects.flatMap(({ rows }) => rows), data),
    table,
  };
}

const AND = new Intl.ListFormat("en-GB");

/** Which attributes of a window what it is decoded to has still: no vector moves the others. */
function keptInWords(effects: readonly { name: string; isKept: boolean }[], chance: number): string {
  const lost = effects.filter(({ isKept }) => !isKept).map(({ name }) => name);
  if (lost.length === 0) return "";
  const kept = effects.filter(({ isKept }) => isKept).map(({ name }) => name);
  const all = kept.length === 0
    ? "In"
    : `Windows keep their ${AND.format(kept)} when they are decoded, but in`;
  return `${all} ${
    AND.format(lost)
  } what they are decoded to is no nearer to them than chance has it (a correlation ` +
    `below ${chance.toFixed(2)}): no vector moves what the decoder does not read out of codes. `;
}

/** How far codes lie along a direction. */
function along(codes: Float32Array, direction: Float64Array): number[] {
  const size = direction.length;
  return Array.from(
    { length: codes.length / size },
    (_, i) => direction.reduce((sum, value, j) => sum + value * codes[i * size + j]!, 0),
  );
}

function labelsAt({ labels }: Part, indices: readonly number[]): number[] {
  return indices.map((index) => labels[index]!);
}

function voicesOf(rolls: RollSet): Voices[] {
  return Array.from({ length: rollCount(rolls) }, (_, i) => rollAt(rolls, i).voices!);
}

function keyOf(voices: Voices): ReturnType<typeof estimateKey> {
  return estimateKey(pitchClassDurations(voices));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
