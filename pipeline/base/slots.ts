/**
 * Lets a number of tasks run at the same time. Of those that wait the one with the highest rank comes first, and
 * among equals the one that came first.
 */
export class Slots {
  #free: number;
  readonly #waiting: { readonly rank: number; readonly start: () => void }[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async use<T>(task: () => Promise<T>, rank = 0): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((start) => this.#waiting.push({ rank, start }));
    try {
      return await task();
    } finally {
      const highest = Math.max(...this.#waiting.map(({ rank }) => rank));
      const next = this.#waiting.findIndex(({ rank }) => rank === highest);
      if (next >= 0) this.#waiting.splice(next, 1)[0]!.start();
      else this.#free++;
    }
  }
}
