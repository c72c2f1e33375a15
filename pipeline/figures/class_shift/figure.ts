import { randomStream } from "../../base/random.ts";
import { count, percent } from "../../base/words.ts";
import { groupsLeftOut } from "../../metrics/groups_out.ts";
import { plainProduct } from "../../metrics/matrix.ts";
import { rollAt, rollCount, type RollSet } from "../../metrics/music.ts";
import { rollNotes } from "../../formats/piano_roll.ts";
import { codesAt } from "../drawing/examples.ts";
import { cellsInWords, drawRolls, HOW_TO_READ, placeOf } from "../drawing/rolls.ts";
import type { Drawn, DrawnSound, NotDrawn } from "../figure.ts";
import type { MusicFigureData } from "../kinds.ts";

/** How far a window is moved, as a share of the way between the two classes' mean codes. */
const SHARES = [0, 0.5, 1];
/** Windows of each class that are moved to see what becomes of their notes. */
const MEASURED = 100;
/** Codes that the probe is fitted to: enough for twenty dimensions. */
const PROBED = 2000;

/**
 * Draws a test window of the first and one of the last class that the test part has, and what becomes of each on its way
 * to the other: its code less the mean code of its own class, plus that of the other (Larsen et al., 2016).
 */
export function draw(data: MusicFigureData): Drawn | NotDrawn {
  const { seed, info: { classes }, test, regions, model: { conditional } } = data;
  if (conditional) {
    return {
      reason: "The model is told the class: its codes say nothing of it, and samples of each class show it.",
    };
  }
  const examplesOf = (label: number) => [...test.labels.keys()].filter((i) => test.labels[i] === label);
  const present = classes.flatMap((_, label) =>
    regions[label] && examplesOf(label).length > 0 ? [label] : []
  );
  const [first, last] = [present[0], present.at(-1)];
  if (first === undefined || last === undefined || first === last) {
    return { reason: "The test part has windows of one class alone." };
  }
  const pairs = [[first, last], [last, first]] as const;
  const moved = (examples: readonly number[], [from, to]: readonly [number, number], share: number) =>
    shifted(codesAt(data, examples), regions[from]!.mean, regions[to]!.mean, share);

  const rows = pairs.flatMap(([from, to], pair): DrawnSound[] => {
    const some = examplesOf(from);
    const example = some[some.length >> 1]!;
    const { place, bars, tempo } = placeOf(data, data.windows.test[example]!);
    const original = {
      title: `${classes[from]}: ${place}`,
      roll: rollAt(data.rolls(test, [example]), 0),
      bars,
      tempo,
    };
    return [
      original,
      ...SHARES.map((share) => ({
        title: share === 0 ? "Reconstruction" : `${Math.round(100 * share)} % of the way to ${classes[to]}`,
        roll: rollAt(data.generate(moved([example], [from, to], share), `class shift ${pair} ${share}`), 0),
        bars,
        // The same ratio at each step, as between the classes' median tempi.
        tempo: tempo * (data.tempoOf(to) / data.tempoOf(from)) ** share,
      })),
    ];
  });

  const effects = pairs.map(([from, to], pair) => {
    const some = chosen(examplesOf(from), MEASURED, seed, `class shift ${from}`);
    const notes = (share: number) =>
      notesPerStep(data.generate(moved(some, [from, to], share), `shift ${pair} ${share}`));
    return `${classes[from]} ${notes(0).toFixed(2)}, moved to ${classes[to]} ${notes(1).toFixed(2)}`;
  });
  const title = `From ${classes[first]} to ${classes[last]}, and back`;
  const caption =
    `A test window of each class, its reconstruction, and what is decoded when the difference between the classes' mean ` +
    `codes is added in part and in whole; the tempo moves with them. Notes that begin at a step, over up to ` +
    `${MEASURED} reconstructed windows of each: ${effects.join("; ")}. ${told(data)}${HOW_TO_READ} ${
      cellsInWords(data)
    }`;
  const alt = `Piano rolls of a window of ${classes[first]} and one of ${
    classes[last]
  }, each moved towards the other class.`;
  return drawRolls("class-shift", { title, caption, alt }, rows, data);
}

/** Codes [n, size] moved by a share of the way from one mean code to another. */
export function shifted(
  codes: Float32Array,
  from: Float64Array,
  to: Float64Array,
  share: number,
): Float32Array {
  return codes.map((value, i) => value + share * (to[i % to.length]! - from[i % from.length]!));
}

/** How well the class is told from codes of pieces that the classifier knows nothing of, as a sentence. */
function told({ seed, test, means, model: { latentSize }, windows, info }: MusicFigureData): string {
  const some = chosen([...test.labels.keys()], PROBED, seed, "class shift probe");
  const features = {
    rows: some.length,
    columns: latentSize,
    data: Float32Array.from(some.flatMap((i) => [...means.subarray(i * latentSize, (i + 1) * latentSize)])),
  };
  const labels = Uint8Array.from(some, (i) => test.labels[i]!);
  const pieces = some.map((i) => windows.test[i]!.piece);
  const found = groupsLeftOut({ features, labels }, pieces, info.classes.length, plainProduct);
  if (found === null) return "";
  const { accuracy, commonest, groups, groupsRight } = found;
  return `From the code of a window, a linear probe that knows nothing of its piece tells the class right in ${
    percent(accuracy)
  } of ${count(some.length)} test windows (the commonest class: ${
    percent(commonest)
  }), and more often than not in ${groupsRight} of ${groups} pieces. `;
}

function chosen(examples: readonly number[], most: number, seed: number, name: string): number[] {
  const order = randomStream(seed, `render/${name}`).permutation(examples.length);
  return Array.from(order.subarray(0, most), (i) => examples[i]!);
}

function notesPerStep(set: RollSet): number {
  let notes = 0;
  for (let i = 0; i < rollCount(set); i++) notes += rollNotes(rollAt(set, i)).length;
  return notes / (rollCount(set) * set.length);
}
