import type { Shape } from "../../base/shape.ts";
import { sizeOf } from "../../base/shape.ts";
import { aligned, ALIGNMENT } from "../program/layout.ts";

/** Float32 entries of a cache line: tiles and the threads' shares of a variable begin at whole ones. */
export const LINE = ALIGNMENT / 4;
/** Bytes of a page of WebAssembly's memory, and the most pages that there can be. */
export const PAGE = 65536, PAGES = 65536;

/** Addresses of float32 tensors one behind the other, each on whole cache lines, and the bytes of them all. */
export function arrange(
  shapes: Readonly<Record<string, Shape>>,
): { readonly addresses: Readonly<Record<string, number>>; readonly bytes: number } {
  let bytes = 0;
  const addresses = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const address = bytes;
      bytes += aligned(sizeOf(shape) * 4);
      return [name, address];
    }),
  );
  return { addresses, bytes };
}

/**
 * Memory that never moves.
 *
 * @throws {RangeError} where it is more than WebAssembly can address
 */
export function allocate(bytes: number, shared: boolean): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  if (pages > PAGES) {
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

  /** @param buffer begins with the tensors, as `arrange` puts them; by default it is one of their own */
  constructor(
    shapes: Readonly<Record<string, Shape>>,
    buffer: ArrayBufferLike = allocate(arrange(shapes).bytes, false).buffer,
  ) {
    const { addresses } = arrange(shapes);
    this.views = Object.freeze(Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        return [name, new Float32Array(buffer as ArrayBuffer, addresses[name], sizeOf(shape))];
      }),
    ));
  }

  /** Views of the tensors that are called `key(name)`, by their names. */
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
