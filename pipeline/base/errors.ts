import { printable } from "./printable.ts";

/** Where in a user's file a problem stands. Lines and columns count from 1. */
export interface Place {
  /** The path as the user gave it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
}

/** What a `UserError` tells beside its message. */
export interface UserErrorOptions {
  /** Where the mistake stands, where it stands in a file. */
  readonly place?: Place | undefined;
  /** What is allowed, the nearest valid name, the next step: one sentence each. */
  readonly notes?: readonly string[];
  /** 1: a stage failed. 2: bad usage or a bad spec. 130: interrupted. */
  readonly exitStatus?: 1 | 2 | 130;
  /** The exception behind it, for those who debug. */
  readonly cause?: unknown;
  /** Other problems that were found in the same pass, in the order to show them. */
  readonly further?: readonly UserError[];
}

/**
 * A problem that a user can understand and mend. It is printed as text, never as a stack trace.
 * Any other exception that reaches `main.ts` is a defect of Reparam and is reported as one.
 *
 * @example
 * ```ts
 * import { UserError } from "reparam";
 *
 * export function requireExamples(count: number): void {
 *   if (count > 0) return;
 *   throw new UserError("Cannot train: the training part has no examples", {
 *     notes: ["Allowed: at least one.", 'Next: "count": 1000 in dataset.split.train.'],
 *   });
 * }
 * ```
 */
export class UserError extends Error {
  /** Where the mistake stands, where it stands in a file. */
  readonly place: Place | undefined;
  /** What is allowed, the nearest valid name, the next step: one sentence each. */
  readonly notes: readonly string[];
  /** 1: a stage failed. 2: bad usage or a bad spec. 130: interrupted. */
  readonly exitStatus: 1 | 2 | 130;
  /** Other problems that were found in the same pass, in the order to show them. */
  readonly further: readonly UserError[];

  /**
   * A problem as it is told.
   * @param message what was attempted and what is wrong with it: one sentence without a full stop
   */
  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "UserError";
    this.place = options.place;
    this.notes = options.notes ?? [];
    this.exitStatus = options.exitStatus ?? 1;
    this.further = options.further ?? [];
  }
}

/** `file:line:column: message`, then each note on an indented line of its own, then the further problems. */
export function formatUserError(error: UserError): string {
  const { place } = error;
  const where = place ? `${place.file}:${place.line}:${place.column}: ` : "";
  const lines = (text: string) => text.split("\n").map(printable);
  const notes = error.notes.flatMap(lines).map((note) => `  ${note}`);
  return [...lines(`${where}${error.message}`), ...notes, ...error.further.map(formatUserError)].join("\n");
}
