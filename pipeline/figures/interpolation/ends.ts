import { hasClasses } from "../../artifacts/dataset.ts";
import { UserError } from "../../base/errors.ts";
import type { FigureData, NotDrawn } from "../figure.ts";
import type { InterpolationOptions } from "./spec.ts";

/** Test examples to go between. */
export interface Ends {
  readonly from: number;
  readonly to: number;
  /** Those of the class `from`, in their order. */
  readonly starts: readonly number[];
  /** Those of the class `to`; where both are one, the same. */
  readonly ends: readonly number[];
}

/**
 * The test examples of the two classes that the spec names; of one class where the data have no others.
 *
 * @throws {UserError} where the spec names a class that the data do not have
 */
export function endsOf({ options, test, info }: FigureData<InterpolationOptions>): Ends | NotDrawn {
  const { from, to } = hasClasses(info) ? options.interpolation : { from: 0, to: 0 };
  const examplesOf = (label: number) => [...test.labels.keys()].filter((i) => test.labels[i] === label);
  const [starts, ends] = [examplesOf(from), examplesOf(to)];
  for (const label of [from, to]) {
    if (label < info.classes.length) continue;
    const present = info.classes.map((name, i) => String(i) === name ? name : `${i} (${name})`).join(", ");
    throw new UserError(
      `Cannot draw the interpolation: the test part of ${info.title} has no example of class ${label}`,
      {
        notes: [
          `Its classes are ${present}.`,
          `Next: set figures.interpolation.from and .to to two of them, or leave "interpolation" out of figures.show.`,
        ],
      },
    );
  }
  const needed = from === to ? 2 : 1;
  for (const [label, examples] of [[from, starts], [to, ends]] as const) {
    if (examples.length >= needed) continue;
    const what = hasClasses(info) ? `of class ${info.classes[label]}` : "in all";
    return {
      reason: `It goes between test examples, and there ${
        examples.length === 1 ? "is one" : "are none"
      } ${what}.`,
    };
  }
  return { from, to, starts, ends };
}
