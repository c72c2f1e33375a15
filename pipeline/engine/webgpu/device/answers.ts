import { UserError } from "../../../base/errors.ts";
import { ANSWERED, BEATS, ENDED, LOST, messageIn, TAKEN, type ThreadData, TOO_SMALL } from "./messages.ts";

/** Seconds without a sign of life. Drivers compile on that thread: software ones for minutes. */
const MOST_SILENT = 300;

const NEEDS_NO_GPU = "`--engine native` needs no GPU.";

/** What the main thread is told by the one that owns the GPU: it sleeps until then, and never for ever. */
export class Answers {
  readonly #data: ThreadData;
  readonly #mostSilent: number;
  /** Why there will be no more. */
  #broken: Error | undefined;

  /** @param mostSilent after how many seconds without a sign of life nothing is expected any more */
  constructor(data: ThreadData, mostSilent = MOST_SILENT) {
    this.#data = data;
    this.#mostSilent = mostSilent;
  }

  /** Whether the GPU is out of reach for good. */
  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  /** Sleeps until so many requests were answered. @throws what went wrong */
  awaitAnswer(requests: number): void {
    this.#await(ANSWERED, requests);
    const message = messageIn(this.#data.error);
    if (message.startsWith(LOST)) throw this.#broken = lostError(message);
    if (message !== "") throw errorOf(message);
  }

  /** Sleeps until so many submissions were taken over. */
  awaitTaken(submissions: number): void {
    this.#await(TAKEN, submissions);
  }

  #await(place: number, count: number): void {
    if (this.#broken) throw this.#broken;
    const { words, lastWords } = this.#data;
    let beats: number | undefined, silent = 0;
    for (let done; (done = Atomics.load(words, place)) < count;) {
      if (Atomics.load(words, ENDED) === 1) throw this.#broken = endedError(messageIn(lastWords));
      if (silent >= this.#mostSilent) throw this.#broken = silentError(silent);
      if (Atomics.wait(words, place, done, 1000) !== "timed-out") continue;
      const now = Atomics.load(words, BEATS);
      silent = now === beats ? silent + 1 : 0;
      beats = now;
    }
  }
}

function endedError(message: string): Error {
  return new UserError(`Cannot go on: the thread that drives the GPU ended: ${message}`, {
    notes: [
      "That is an error of the engine or of the GPU's driver, not of the spec: please report it.",
      "Run again: training goes on from its checkpoint.",
      NEEDS_NO_GPU,
    ],
  });
}

function silentError(seconds: number): Error {
  return new UserError(`Cannot go on: the GPU's driver has not come back for ${seconds} s`, {
    notes: [
      "It may hang: end what else uses the GPU, or update the driver. Run again: training goes on from its checkpoint.",
      NEEDS_NO_GPU,
    ],
  });
}

function lostError(message: string): Error {
  return new UserError(`Cannot go on: ${message}`, {
    notes: [
      "Its driver may have been reset or updated, or the machine slept. Run again: training goes on from its checkpoint.",
      NEEDS_NO_GPU,
    ],
  });
}

/** What went wrong on the GPU, with what to try where that is known. */
function errorOf(message: string): Error {
  if (message.startsWith(TOO_SMALL)) {
    return new UserError(`Cannot compute this: ${message}`, {
      notes: [
        "Take a smaller batch or fewer units, or end what else uses the GPU.",
        NEEDS_NO_GPU,
      ],
    });
  }
  return new Error(`The GPU refused what it was asked for: ${message}`);
}
