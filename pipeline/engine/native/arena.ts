import type { Parameters } from "../engine.ts";
import { ParameterStore } from "../parameters.ts";
import type { tf } from "../tfjs.ts";
import type { Optimiser } from "../update/rule.ts";
import { aligned, PAGE, PAGES } from "./memory.ts";

/**
 * All weights and what the optimiser keeps of them in one memory, section after section:
 *
 *     values | moment1 | moment2
 *
 * Each section holds the variables in order, each on whole cache lines. The memory never grows, because
 * programs are bound to its addresses.
 *
 * Matrices lie there transposed, a layer's kernel as [outputs, inputs]: so it can be the left operand of a product,
 * which ONNX Runtime reads in place; it copies the right one at every call. Those that multiply sparse inputs lie
 * straight. Whoever asks by `get`, `set` and the state sees the variable's own layout.
 */
export class Arena extends ParameterStore {
  readonly memory: WebAssembly.Memory;
  readonly #extents = new Map<string, Extent>();
  readonly #sectionBytes: number;
  #isBound = false;

  constructor(variables: readonly tf.Variable[], optimiser: Optimiser | undefined) {
    super(variables, optimiser);
    let offset = 0;
    for (const { name, shape, rank, size } of variables) {
      const [rows, columns] = shape;
      this.#extents.set(name, {
        shape: shape.slice(),
        transposed: rank === 2 && rows! > 1 && columns! > 1,
        offset,
        size,
      });
      offset += aligned(size * 4);
    }
    this.#sectionBytes = offset;
    const sections = this.sections.length, pages = Math.ceil(sections * offset / PAGE);
    if (pages > PAGES) {
      throw new RangeError(
        `Cannot train ${offset / 4} parameters: the engine holds at most ${
          Math.floor(PAGES * PAGE / 4 / sections)
        }`,
      );
    }
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    for (const variable of variables) {
      this.write("values", variable.name, variable.dataSync() as Float32Array);
    }
  }

  /** The engine's own parameters. */
  static of(parameters: Parameters): Arena {
    if (!(parameters instanceof Arena)) {
      throw new TypeError("Cannot compile: these parameters are not this engine's");
    }
    parameters.assertAlive();
    return parameters;
  }

  /** The values as they lie in the arena. */
  view(name: string): Float32Array {
    this.assertAlive();
    return this.#view("values", name);
  }

  /** The byte of `memory` at which the variable's numbers begin in a section. */
  address(section: string, name: string): number {
    return this.sections.indexOf(section) * this.#sectionBytes + this.#extents.get(name)!.offset;
  }

  /** Whether the variable, a matrix, lies in the arena transposed. */
  isTransposed(name: string): boolean {
    return this.#extents.get(name)!.transposed;
  }

  /**
   * Lays the variable down as it is, [inputs, outputs], for products that read single rows of it.
   *
   * @returns whether it lies so now: what is bound to the arena already would read it wrong
   */
  straighten(name: string): boolean {
    const extent = this.#extents.get(name)!;
    if (extent.transposed && !this.#isBound) {
      const sections = this.sections.map((section) => [section, this.read(section, name)] as const);
      this.#extents.set(name, { ...extent, transposed: false });
      for (const [section, entries] of sections) this.write(section, name, entries);
    }
    return !this.isTransposed(name);
  }

  /** Says that a program knows by now how matrices lie. */
  bind(): void {
    this.#isBound = true;
  }

  #view(section: string, name: string): Float32Array {
    return new Float32Array(this.memory.buffer, this.address(section, name), this.#extents.get(name)!.size);
  }

  protected override read(section: string, name: string): Float32Array {
    const copy = new Float32Array(this.#view(section, name));
    const { transposed, shape: [rows, columns] } = this.#extents.get(name)!;
    return transposed ? transpose(copy, columns!, rows!) : copy;
  }

  protected override write(section: string, name: string, entries: Float32Array): void {
    const { transposed, shape: [rows, columns] } = this.#extents.get(name)!;
    this.#view(section, name).set(transposed ? transpose(entries, rows!, columns!) : entries);
  }
}

interface Extent {
  readonly shape: readonly number[];
  readonly transposed: boolean;
  /** Bytes from the start of a section. */
  readonly offset: number;
  readonly size: number;
}

/**
 * The transpose [columns, rows], made in tiles, because a column of a large matrix touches a page of memory per
 * entry.
 */
function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const TILE = 32;
  const result = new Float32Array(matrix.length);
  for (let top = 0; top < rows; top += TILE) {
    for (let left = 0; left < columns; left += TILE) {
      for (let row = top; row < Math.min(top + TILE, rows); row++) {
        for (let column = left; column < Math.min(left + TILE, columns); column++) {
          result[column * rows + row] = matrix[row * columns + column]!;
        }
      }
    }
  }
  return result;
}
