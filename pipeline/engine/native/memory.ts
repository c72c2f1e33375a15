import type { Shape } from "../engine.ts";
import { sizeOf } from "../graph/graph.ts";

/** Bytes: a cache line, and a vector of AVX-512. */
export const ALIGNMENT = 64;
export const PAGE = 65536;
const MOST_PAGES = 65536;

/** So many bytes, or more, to the next whole cache line. */
export const aligned = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
const bytesOfOne = (shape: Shape) => aligned(sizeOf(shape) * 4);

/** What tensors of these shapes need of a `ProgramMemory`. */
export function bytesOf(shapes: Readonly<Record<string, Shape>>): number {
  return Object.values(shapes).reduce((sum, shape) => sum + bytesOfOne(shape), 0);
}

/** The bytes at which each of the tensors begins. */
export function placesOf(shapes: Readonly<Record<string, Shape>>): Record<string, number> {
  let end = 0;
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const start = end;
      end += bytesOfOne(shape);
      return [name, start];
    }),
  );
}

/** So many bytes that never move. Throws where there are more than WebAssembly can address. */
export function memoryOf(bytes: number, shared: boolean): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  if (pages > MOST_PAGES) {
    throw new RangeError(
      `Cannot compile: the program needs ${
        (bytes / 2 ** 30).toFixed(1)
      } GiB for its tensors, and can have 4; make the batch smaller`,
    );
  }
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
}

/**
 * The numbers that go into a program and come out of it, at addresses that never change: a `WebAssembly.Memory`
 * that does not grow cannot be moved, and V8 refuses to transfer (detach) its buffer.
 */
export class ProgramMemory {
  /** One view per tensor, in the order given. */
  readonly views: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
  #disposed = false;

  /** At the start of `buffer`, or of a memory of their own. */
  constructor(
    shapes: Readonly<Record<string, Shape>>,
    buffer: ArrayBufferLike = memoryOf(bytesOf(shapes), false).buffer,
  ) {
    const places = placesOf(shapes);
    this.views = Object.freeze(Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        return [name, new Float32Array(buffer as ArrayBuffer, places[name], sizeOf(shape))];
      }),
    ));
  }

  /** The views of the tensors that `key` names, under the given names. */
  named(names: readonly string[], key: (name: string) => string): Readonly<Record<string, Float32Array>> {
    return Object.freeze(Object.fromEntries(names.map((name) => [name, this.views[key(name)]!])));
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
