import { fileURLToPath } from "node:url";
import { type Place, UserError } from "../../base/errors.ts";
import { explainDiskError } from "../../store/disk.ts";
import type { StageContext } from "../stage.ts";
import type { Assignment, Message } from "./protocol.ts";

/** Milliseconds from one word of progress to the next: often enough for an eye. */
const PROGRESS_INTERVAL_MS = 100;

/**
 * What a stage's `run` is given to carry out an assignment.
 * @param tell passes on what the stage says
 * @param memoryBytes of the machine
 */
export function stageContext(
  assignment: Assignment,
  signal: AbortSignal,
  tell: (message: Message) => void,
  memoryBytes: number,
): StageContext {
  const { stage, key, slice, passthrough, variants, inputs, scratch } = assignment;
  let nextProgress = 0;
  return {
    key,
    slice,
    passthrough,
    inputs: Object.keys(inputs).sort(),
    scratch,
    memoryBytes,
    signal,
    async load(role: string) {
      const module = Object.hasOwn(variants, role) ? variants[role] : undefined;
      if (module === undefined) throw unknown(`load the ${role} of ${stage}: its modules`, variants);
      return await import(module);
    },
    input(name) {
      const path = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
      if (path === undefined) throw unknown(`find the input ${name} of ${stage}: its inputs`, inputs);
      return path;
    },
    output(path) {
      if (
        path.split("/").some((part) => part === "" || part === "." || part === "..") || path.includes("\0")
      ) {
        throw new Error(
          `Cannot write the output ${JSON.stringify(path)} of ${stage}: it must be a relative path`,
        );
      }
      const target = `${assignment.output}/${path}`;
      Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
      return target;
    },
    progress(event) {
      const now = performance.now();
      if (now < nextProgress && event.fraction < 1) return;
      nextProgress = now + PROGRESS_INTERVAL_MS;
      tell({ type: "progress", event });
    },
    record: (name, value) => tell({ type: "record", name, value }),
    notice: (message) => tell({ type: "notice", message }),
  };
}

/** The innermost call that stands in one of these modules. */
function placeIn(modules: readonly string[], stack = ""): Place | undefined {
  for (const frame of stack.split("\n")) {
    const [, url, line, column] = /(file:\/\/\S+?):(\d+):(\d+)\)?$/.exec(frame) ?? [];
    if (url === undefined || !modules.includes(url)) continue;
    return { file: fileURLToPath(url), line: Number(line), column: Number(column) };
  }
  return undefined;
}

function unknown(attempt: string, known: object): Error {
  return new Error(`Cannot ${attempt} are ${Object.keys(known).join(", ") || "none"}`);
}

/**
 * The message that ends a stage that threw something.
 *
 * @param own URLs of the user's modules
 */
export function failureMessage(thrown: unknown, own: readonly string[] = []): Message {
  if (thrown instanceof Error) {
    const [, access, target] =
      /(?:^|: )Requires (\w+) access to (.+?)(?:, (?:run again|specify).*)?$/s.exec(thrown.message) ?? [];
    if (access && target) return { type: "undeclared", access, target, place: placeIn(own, thrown.stack) };
  }
  const error = explainDiskError(thrown, "Cannot write the outputs of the stage");
  if (error instanceof UserError) {
    const { message, place = placeIn(own, error.stack), notes } = error;
    return { type: "user-error", message, place, notes };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const place = placeIn(own, stack);
  if (place) return { type: "user-error", message, place, notes: [] };
  return { type: "defect", message, stack: stack ?? message };
}
