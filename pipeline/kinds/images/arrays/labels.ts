import { UserError } from "../../../base/errors.ts";
import { count, plural } from "../../../base/words.ts";
import { openArray } from "./array_file.ts";

/** The labels of all examples as classes. */
export interface Labelling {
  readonly classes: readonly string[];
  /** [examples] */
  readonly labels: Uint8Array;
  /** What a user should look at, in sentences. */
  readonly notices: readonly string[];
}

const MOST_CLASSES = 256; // labels are bytes
/** The most letters of a label, as of a name in a spec. */
const MOST_LETTERS = 100;

/**
 * Reads the labels of a file: numbers or text, one for each example.
 *
 * @throws {UserError} where they are not as many as the examples, or no labels
 */
export async function readLabels(
  { array: reference, column }: { readonly array: string; readonly column?: number | undefined },
  examples: number,
  path: (file: string) => string,
): Promise<(number | string)[]> {
  const array = await openArray(reference, path);
  const [rows, columns = 1, ...more] = array.shape;
  if (more.length > 0 || (columns > 1 && column === undefined) || (column ?? 0) >= columns) {
    throw new UserError(`Cannot take labels from ${reference}: its shape is [${array.shape}]`, {
      notes: [
        columns > 1
          ? `Next: "labels": { "array": "${reference}", "column": 0 }; columns are 0 to ${columns - 1}.`
          : "Labels are [n], one for each example.",
      ],
    });
  }
  if (rows !== examples) {
    throw new UserError(
      `Cannot take labels from ${reference}: ${count(rows!)} do not belong to ${count(examples)} examples`,
    );
  }
  const { type } = array;
  const labels: (number | string)[] = [];
  for await (const { rows, view } of array.blocks()) {
    for (let row = 0; row < rows; row++) {
      const at = (row * columns + (column ?? 0)) * type.bytes;
      const label = type.text ? type.text(view, at) : type.read(view, at);
      const problem = problemOf(label);
      if (problem !== undefined) {
        throw new UserError(`Cannot take ${problem}`, {
          notes: [
            `It is in ${reference}. To go without labels, leave dataset.train.labels out.`,
          ],
        });
      }
      labels.push(label);
    }
  }
  return labels;
}

/** Why a value is no label; undefined where it is one. */
function problemOf(label: number | string): string | undefined {
  if (typeof label === "string") {
    return label.length > MOST_LETTERS
      ? `a text of ${count(label.length)} letters for a label: at most ${MOST_LETTERS} are read`
      : undefined;
  }
  if (!Number.isInteger(label)) return `${label} for a label: labels are whole numbers or text`;
  // Two that differ in the last digits would be one.
  return Number.isSafeInteger(label) ? undefined : `${label} for a label: it is beyond 2^53`;
}

/**
 * Numbers the classes in rising order of their labels.
 *
 * @param names what they stand for, where the spec says
 * @throws {UserError} where some labels are numbers and some text, the names are not as many as the classes, or the
 * classes are too many
 */
export function numberClasses(
  labels: readonly (number | string)[],
  names: readonly string[] | undefined,
): Labelling {
  const distinct = [...new Set(labels)].sort((a, b) => a < b ? -1 : 1);
  if (new Set(distinct.map((label) => typeof label)).size > 1) {
    throw new UserError("Cannot tell classes apart: some labels are numbers, and some are text", {
      notes: ["The labels of all parts must be of one kind, so that equal ones mean the same."],
    });
  }
  if (distinct.length > MOST_CLASSES) {
    throw new UserError(
      `Cannot tell ${count(distinct.length)} classes apart: at most ${MOST_CLASSES} are told`,
      {
        notes: [
          `The labels go from ${distinct[0]} to ${
            distinct.at(-1)
          }. To go without, leave dataset.train.labels out.`,
        ],
      },
    );
  }
  if (!names) return { classes: distinct.map(String), labels: numbered(labels, distinct), notices: [] };
  // A class of which there is no example has a name all the same.
  const arePlaces = distinct.every((label) =>
    typeof label === "number" && label >= 0 && label < names.length
  );
  if (arePlaces) {
    const without = names.filter((_, place) => !distinct.includes(place));
    const notices = without.length === 0 ? [] : [
      `There is no example of ${without.slice(0, 5).join(", ")}${without.length > 5 ? ", ..." : ""}: ` +
      `labels are taken for places in dataset.classes, and 0 is ${names[0]}`,
    ];
    return { classes: names, labels: Uint8Array.from(labels as readonly number[]), notices };
  }
  if (distinct.length !== names.length) {
    throw new UserError(
      `Cannot name the classes: dataset.classes has ${
        plural(names.length, "name")
      }, and there are ${distinct.length} labels`,
      {
        notes: [`The labels are ${distinct.slice(0, 20).join(", ")}${distinct.length > 20 ? ", ..." : ""}.`],
      },
    );
  }
  return { classes: names, labels: numbered(labels, distinct), notices: [] };
}

function numbered(labels: readonly (number | string)[], distinct: readonly (number | string)[]): Uint8Array {
  const places = new Map(distinct.map((label, place) => [label, place]));
  return Uint8Array.from(labels, (label) => places.get(label)!);
}
