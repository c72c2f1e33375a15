import { type Controller, ControllerSilent, type QueueRow } from "./controller.ts";
import { COMMENT } from "./script.ts";

const SILENCE_MS = 10_000;

/** How a controller is asked that may be silent for a while. */
export interface PatienceOptions {
  readonly controller: Controller;
  /** Told when it falls silent, and when it answers again. */
  readonly onNotice: (text: string) => void;
  /** How often a silent controller is asked. */
  readonly silenceMs?: number | undefined;
}

/** Asks a controller, and says once when it is silent: jobs go on without it. */
export class Patience {
  readonly silenceMs: number;
  readonly #controller: Controller;
  readonly #onNotice: (text: string) => void;
  #isSilent = false;
  #wake: () => void = () => {};

  constructor({ controller, onNotice, silenceMs = SILENCE_MS }: PatienceOptions) {
    this.#controller = controller;
    this.#onNotice = onNotice;
    this.silenceMs = silenceMs;
  }

  /** What Slurm knows, or undefined where it does not answer. */
  async queue(): Promise<QueueRow[] | undefined> {
    try {
      const rows = await this.#controller.queue();
      if (this.#isSilent) this.#onNotice("The Slurm controller answers again.");
      this.#isSilent = false;
      return rows;
    } catch (error) {
      if (!(error instanceof ControllerSilent)) throw error;
      this.#saySilent(error);
      return undefined;
    }
  }

  /**
   * Submits once, however often it must be tried.
   *
   * @param isGivenUp whether there is nobody left to try for
   * @returns the id of the array
   * @throws {Refused} where Slurm refuses
   */
  async submit(
    args: readonly string[],
    script: string,
    batch: string,
    isGivenUp: () => boolean,
  ): Promise<string> {
    while (true) {
      try {
        return await this.#controller.submit(args, script);
      } catch (error) {
        if (!(error instanceof ControllerSilent)) throw error;
        this.#saySilent(error);
      }
      await this.wait(this.silenceMs);
      // It may have taken the array and not have come to say so.
      const found = (await this.queue())?.find(({ comment }) => comment === COMMENT + batch);
      if (found) return found.array;
      if (isGivenUp()) throw new ControllerSilent("interrupted");
    }
  }

  /** Waits, or until there is nothing left to wait for. */
  async wait(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }

  /** Ends the waiting. */
  wake(): void {
    this.#wake();
  }

  #saySilent({ message }: ControllerSilent): void {
    if (!this.#isSilent) {
      this.#onNotice(
        `The Slurm controller does not answer (${message}). Jobs go on; it is asked again every ${
          this.silenceMs / 1000
        } s.`,
      );
    }
    this.#isSilent = true;
  }
}
