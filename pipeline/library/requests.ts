import { UserError } from "../base/errors.ts";
import { plural } from "../base/words.ts";

/** What a model can be asked for: what a program gives it is checked here, for arrays have no shape of their own. */
export interface Requests {
  /** Values of an example, or of a code, by what it is called. */
  readonly widths: Readonly<Record<"example" | "code", number>>;
  /** Classes that the model is told; 0 where it is told none, and looks at no label. */
  readonly classes: number;
}

/** Makes sure that an array holds whole examples or codes, each with a label that there is. @throws {UserError} */
export function requireRows(
  { widths, classes }: Requests,
  what: "example" | "code",
  { length }: Float32Array,
  labels: ArrayLike<number> | undefined,
): void {
  const width = widths[what];
  if (length % width !== 0) {
    throw new UserError(`Cannot take ${plural(length, "value")} for ${what}s: each has ${width}`, {
      notes: ["Allowed: any number of them, one after the other in one array."],
    });
  }
  if (classes === 0 || labels === undefined) return;
  if (labels.length !== length / width) {
    throw new UserError(
      `Cannot take ${plural(labels.length, "label")} for ${plural(length / width, what)}: each has one`,
    );
  }
  for (let i = 0; i < labels.length; i++) requireLabel(labels[i]!, classes);
}

/** Makes sure that so many samples can be drawn, of that class. @throws {UserError} */
export function requireSample({ classes }: Requests, count: number, label: number | undefined): void {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new UserError(`Cannot draw ${count} samples: it must be a whole number of at least 0`);
  }
  if (classes > 0 && label !== undefined) requireLabel(label, classes);
}

function requireLabel(label: number, classes: number): void {
  if (Number.isInteger(label) && label >= 0 && label < classes) return;
  throw new UserError(`Cannot take ${label} for a label`, {
    notes: [`Allowed: 0 to ${classes - 1}; \`classes\` has what each stands for.`],
  });
}
