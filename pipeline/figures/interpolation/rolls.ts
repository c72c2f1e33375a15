import { UserError } from "../../base/errors.ts";
import { rollAt } from "../../metrics/music.ts";
import { codesAt } from "../drawing/examples.ts";
import { cellsInWords, drawRolls, HOW_TO_READ, placeOf } from "../drawing/rolls.ts";
import type { Drawn, DrawnSound } from "../figure.ts";
import type { MusicFigureData } from "../kinds.ts";
import { straightLine } from "./line.ts";
import type { InterpolationOptions } from "./spec.ts";

/** Draws what lies between test windows of two classes. */
export function draw(data: MusicFigureData<InterpolationOptions>): Drawn {
  const { from, to, steps } = data.options.interpolation;
  const { classes } = data.info;
  const ends = [exampleOfClass(data, from, 0), exampleOfClass(data, to, from === to ? 1 : 0)] as const;
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

/** A test example of a class, from the middle of those there are; `skip` passes over some. */
function exampleOfClass({ test, info }: MusicFigureData, label: number, skip: number): number {
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
