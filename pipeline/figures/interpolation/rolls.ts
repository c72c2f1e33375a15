import { rollAt } from "../../metrics/music.ts";
import { codesAt } from "../drawing/examples.ts";
import { cellsInWords, drawRolls, HOW_TO_READ, placeOf } from "../drawing/rolls.ts";
import type { Drawn, DrawnSound, NotDrawn } from "../figure.ts";
import type { MusicFigureData } from "../kinds.ts";
import { endsOf } from "./ends.ts";
import { straightLine } from "./line.ts";
import type { InterpolationOptions } from "./spec.ts";

/** Draws what lies between test windows of two classes. */
export function draw(data: MusicFigureData<InterpolationOptions>): Drawn | NotDrawn {
  const found = endsOf(data);
  if ("reason" in found) return found;
  const { from, to } = found;
  const { steps } = data.options.interpolation;
  const { classes } = data.info;
  const ends = [middle(found.starts, 0), middle(found.ends, from === to ? 1 : 0)] as const;
  const made = data.generate(straightLine(codesAt(data, ends), steps), "interpolation");
  const [start, end] = ends.map((example) => placeOf(data, data.windows.test[example]!));
  const rows = Array.from({ length: steps }, (_, i): DrawnSound => {
    const share = i / (steps - 1);
    return {
      title: `${Math.round(100 * share)} % of the way`,
      roll: rollAt(made, i),
      // The same ratio at each step.
      tempo: start!.tempo ** (1 - share) * end!.tempo ** share,
    };
  });
  const title = `From ${classes[from]} to ${classes[to]}`;
  const caption =
    `${steps} decoded points on the straight line between the posterior means of two test windows: ` +
    `${start!.place}, and ${end!.place}. The tempo moves with them. ` +
    `${HOW_TO_READ} ${cellsInWords(data)}`;
  const alt = `${steps} piano rolls that turn from ${classes[from]} into ${classes[to]}.`;
  return drawRolls("interpolation", { title, caption, alt }, rows, data);
}

/** An example from the middle of those there are; `skip` passes over some. */
function middle(examples: readonly number[], skip: number): number {
  return examples[(examples.length >> 1) + skip] ?? examples[0]!;
}
