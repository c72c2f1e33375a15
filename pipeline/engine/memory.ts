import { sizeOf } from "./definition.ts";
import type { Shape } from "./engine.ts";

/** Bytes: a cache line, and a vector of AVX-512. */
export const ALIGNMENT = 64;
export const PAGE = 65536;

/**
 * The numbers that go into a program and come out of it, at addresses that never change: a `WebAssembly.Memory`
 * that does not grow cannot be moved, and V8 refuses to transfer (detach) its buffer.
 */
export class ProgramMemory {
  /** One view per tensor, in the order given. */
  readonly views: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
  #disposed = false;

  constructor(shapes: Readonly<Record<string, Shape>>) {
    const aligned = (shape: Shape) => Math.ceil(sizeOf(shape) * 4 / ALIGNMENT) * ALIGNMENT;
    const bytes = Object.values(shapes).reduce((sum, shape) => sum + aligned(shape), 0);
    const pages = Math.ceil(bytes / PAGE);
    const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages });
    let offset = 0;
    this.views = Object.freeze(Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const view = new Float32Array(buffer as ArrayBuffer, offset, sizeOf(shape));
        offset += aligned(shape);
        return [name, view];
      }),
    ));
  }

  assertAlive(): void {
    if (this.#disposed) throw new Error("Cannot run a program after it was disposed of");
  }

  /** Returns whether it was alive. Views that somebody still holds stay readable. */
  dispose(): boolean {
    const alive = !this.#disposed;
    this.#disposed = true;
    return alive;
  }
}
