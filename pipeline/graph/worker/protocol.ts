import type { Place } from "../../base/errors.ts";
import type { Progress } from "../../base/progress.ts";
import type { Json } from "../../base/json.ts";

/** What a worker is told: one line of JSON on its stdin, which stays open as long as somebody wants the result. */
export interface Job {
  readonly stage: string;
  /** URL of the stage's module. */
  readonly module: string;
  readonly slice: Json;
  readonly unkeyed: Json;
  /** URLs of the variants that the stage loads, by role. */
  readonly modules: Readonly<Record<string, string>>;
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
  | { readonly type: "done" }
  | {
    readonly type: "user-error";
    readonly message: string;
    readonly place: Place | undefined;
    readonly notes: readonly string[];
  }
  /** The stage did what its declaration does not permit. */
  | { readonly type: "undeclared"; readonly access: string; readonly target: string }
  | { readonly type: "defect"; readonly message: string; readonly stack: string };
