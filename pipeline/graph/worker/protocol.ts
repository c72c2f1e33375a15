import type { Place } from "../../base/errors.ts";
import type { Json } from "../../base/json.ts";
import type { Progress } from "../../base/progress.ts";
import type { ExecutionFacts } from "../../store/record.ts";

/**
 * What a worker is told to do, on the machine that it runs on: one line of JSON on its stdin, which stays open as long
 * as somebody wants the result.
 */
export interface Assignment {
  readonly stage: string;
  readonly key: string;
  /** URL of the stage's module. */
  readonly module: string;
  /** URLs of the variants that the stage loads, by role. */
  readonly variants: Readonly<Record<string, string>>;
  /** URLs of the user's modules among its code: what is thrown there is the user's to mend. */
  readonly own: readonly string[];
  readonly slice: Json;
  readonly passthrough: Json;
  /** `stage/path` -> path on disk. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly output: string;
  readonly scratch: string;
  /** File whose lock the worker holds while it may write. */
  readonly lock: string;
}

/** What a worker tells: lines of JSON on its stdout. The last one is `done`, `user-error`, `undeclared` or `defect`. */
export type Message =
  | { readonly type: "progress"; readonly event: Progress }
  | { readonly type: "record"; readonly name: string; readonly value: Json }
  | { readonly type: "notice"; readonly message: string }
  | ({ readonly type: "done" } & Pick<ExecutionFacts, "started" | "seconds" | "machine">)
  | {
    readonly type: "user-error";
    readonly message: string;
    readonly place: Place | undefined;
    readonly notes: readonly string[];
  }
  /** The stage did what its declaration does not permit. */
  | {
    readonly type: "undeclared";
    readonly access: string;
    readonly target: string;
    /** The call, where it stands in a module of the user's. */
    readonly place: Place | undefined;
  }
  | { readonly type: "defect"; readonly message: string; readonly stack: string };

/** The line that tells a message. The first line break ends what a library may have printed without one. */
export function encodeMessage(message: Message): string {
  return `\n${JSON.stringify(message)}\n`;
}

/** The message of a line, or undefined where the line is something that a library printed. */
export function decodeMessage(line: string): Message | undefined {
  if (!line.startsWith('{"type":"')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
