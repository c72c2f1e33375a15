/** The first step compiles, and a few more warm up: until then, and for less time than this, no rate holds. */
const LEAST_STEPS = 10;
const LEAST_SECONDS = 2;

/** How fast steps follow each other, counted from the end of the first. */
export class Pace {
  #began = 0;
  #last = 0;
  #steps = -1;

  /** A step has ended. @param now seconds since any moment */
  step(now: number): void {
    if (++this.#steps === 0) this.#began = now;
    this.#last = now;
  }

  /** Undefined as long as it cannot be told. */
  get stepsPerSecond(): number | undefined {
    const seconds = this.#last - this.#began;
    return this.#steps < LEAST_STEPS || seconds < LEAST_SECONDS ? undefined : this.#steps / seconds;
  }
}
