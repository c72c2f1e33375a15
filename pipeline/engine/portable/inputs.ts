import type { Shape } from "../../base/shape.ts";
import { sizeOf } from "../../base/shape.ts";

/** What a caller writes inputs to. Shared memory, because nobody can give that away while a step still reads it. */
export class Inputs {
  readonly views: Readonly<Record<string, Float32Array>>;
  #disposed = false;

  constructor(shapes: Readonly<Record<string, Shape>>) {
    this.views = Object.freeze(Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        new Float32Array(new SharedArrayBuffer(sizeOf(shape) * 4)),
      ]),
    ));
  }

  assertAlive(): void {
    if (this.#disposed) throw new Error("Cannot run a program after it was disposed of");
  }

  dispose(): void {
    this.#disposed = true;
  }
}
