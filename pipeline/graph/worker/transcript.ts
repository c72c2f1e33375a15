import { type Place, UserError } from "../../base/errors.ts";
import type { Json } from "../../base/json.ts";
import type { Progress } from "../../base/progress.ts";
import { isPresent, onDisk } from "../../store/disk.ts";
import type { ExecutionFacts } from "../../store/record.ts";
import { decodeMessage, type Message } from "./protocol.ts";

/** What is kept of all that a worker prints. */
const LOG_CHARACTERS = 1 << 20;

/** Whose words a `Transcript` takes, and who is told of them. */
export interface TranscriptOptions {
  readonly stage: string;
  /** The stage's module, for messages. */
  readonly module: string;
  /** Where to keep what the worker printed if it ends in a defect. */
  readonly logPath: string;
  onProgress(event: Progress): void;
  onNotice(message: string): void;
}

/** How a worker's process ended. */
export interface WorkerStatus {
  readonly code: number;
  /** The signal that killed it. */
  readonly signal: string | null;
}

/** What a worker says, line by line, and what it comes to. */
export class Transcript {
  readonly #options: TranscriptOptions;
  readonly #recorded: Record<string, Json> = {};
  readonly #notices: string[] = [];
  #last: Message | undefined;
  #log = "";

  constructor(options: TranscriptOptions) {
    this.#options = options;
  }

  /** Takes a line of stdout, without its end. */
  addLine(line: string): void {
    const message = decodeMessage(line);
    if (!message) return this.addLog(line);
    switch (message.type) {
      case "progress":
        return this.#options.onProgress(message.event);
      case "record":
        this.#recorded[message.name] = message.value;
        return;
      case "notice":
        this.#notices.push(message.message);
        return this.#options.onNotice(message.message);
      default:
        this.#last = message;
    }
  }

  /** Takes a line that is no message: of stderr, or printed by a library. */
  addLog(line: string): void {
    this.#log = `${this.#log}${line}\n`.slice(-LOG_CHARACTERS);
  }

  /** The worker has ended. @throws {UserError} where the stage failed */
  async end(status: WorkerStatus): Promise<ExecutionFacts> {
    if (this.#last?.type !== "done" || status.code !== 0 || status.signal !== null) {
      throw await this.#failure(status);
    }
    const { started, seconds, machine } = this.#last;
    return { started, seconds, machine, recorded: this.#recorded, notices: this.#notices };
  }

  async #failure({ code, signal }: WorkerStatus): Promise<UserError> {
    const { stage, module, logPath } = this.#options;
    const last = this.#last;
    switch (last?.type) {
      case "user-error":
        return new UserError(last.message, { place: last.place, notes: last.notes });
      case "undeclared":
        if (last.place) return beyondReach(last.access, last.target, last.place);
        return new UserError(
          `Stage ${stage} asked for ${last.access} access to ${last.target}, which it does not declare`,
          {
            notes: [
              ...(isAbsent(last.target)
                ? ["There is no such file. Does a module import it by a wrong name?"]
                : []),
              "A stage may read its inputs, its code and the packages behind it, so that nothing else can change its result.",
              `Add the access to the permissions in the declaration of ${module}, or name a file beside the code as ` +
              'new URL("../file", import.meta.url).',
            ],
          },
        );
      case "defect":
        await this.#keepLog(`${last.stack}\n\n${this.#log}`);
        return new UserError(`Stage ${stage} failed: ${last.message}`, {
          notes: [`This is a defect of the stage. Its log is ${logPath}`],
        });
      default: {
        const end = signal === null ? `ended with status ${code} without a word` : `was killed by ${signal}`;
        await this.#keepLog(this.#log);
        return new UserError(`Stage ${stage} failed: its worker ${end}`, {
          notes: [
            ...(signal === "SIGKILL" ? ["The system kills processes where memory runs out."] : []),
            ...this.#log.split("\n").filter((line) => line.trim() !== "").slice(0, 2),
            `Its log is ${logPath}`,
          ],
        });
      }
    }
  }

  #keepLog(text: string): Promise<void> {
    return onDisk(
      "Cannot keep the log of a stage",
      () => Deno.writeTextFileSync(this.#options.logPath, text),
    );
  }
}

/** Whether what a message calls by its path, in quotes, is no file. */
function isAbsent(target: string): boolean {
  const [, path] = /^"(\/.*)"$/.exec(target) ?? [];
  return path !== undefined && !isPresent(path);
}

/** A module of the user's asked for what no stage gives to modules. */
function beyondReach(access: string, target: string, place: Place): UserError {
  return new UserError(`The module asked for ${access} access to ${target}, which it does not have`, {
    place,
    notes: [
      "A module reaches what its spec gives it and what it imports, so that nothing else can change a result.",
      'Next: make it one of the options, import it from a file beside the module (with { type: "json" }), or let ' +
      "a dataset's module read it (docs/own-model.md).",
    ],
  });
}
