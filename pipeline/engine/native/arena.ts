import type { Optimiser, Parameters, Shape } from "../engine.ts";
import { sizeOf } from "../graph/graph.ts";
import { aligned, PAGE } from "./memory.ts";
import type { tf } from "../tfjs.ts";

export type Section = "values" | "moment1" | "moment2";
const SECTIONS: readonly Section[] = ["values", "moment1", "moment2"];

/**
 * All weights and moments in one memory:
 *
 *     values | moment1 | moment2
 *
 * Each section holds the variables in order, each in a slot of whole cache lines. The memory never grows (growing
 * would detach every view) and pages that nobody touches cost nothing.
 *
 * With the layout "transposed", matrices lie there transposed, a layer's kernel as [outputs, inputs]: so it can be
 * the left operand of a product, which ONNX Runtime reads in place; it copies the right one at every call.
 * Whoever asks by `get`, `set` and the state sees the variable's own layout.
 */
export class Arena implements Parameters {
  readonly names: readonly string[];
  readonly memory: WebAssembly.Memory;
  /** Bytes of one section. */
  readonly #sectionBytes: number;
  /** Updates made so far. */
  step = 0;
  readonly #slots = new Map<string, Slot>();
  #optimiser: Optimiser["name"] | undefined;
  #disposed = false;

  constructor(readonly variables: readonly tf.Variable[], layout: "natural" | "transposed" = "natural") {
    this.names = variables.map((variable) => variable.name);
    let offset = 0;
    for (const variable of variables) {
      if (variable.dtype !== "float32") {
        throw new TypeError(
          `Cannot train variable "${variable.name}": its type is ${variable.dtype}, not float32`,
        );
      }
      if (this.#slots.has(variable.name)) {
        throw new Error(`Cannot hold two variables named "${variable.name}"`);
      }
      const [rows, columns] = variable.shape;
      this.#slots.set(variable.name, {
        shape: variable.shape.slice(),
        transposed: layout === "transposed" && variable.rank === 2 && rows! > 1 && columns! > 1,
        offset,
        size: variable.size,
      });
      offset += aligned(variable.size * 4);
    }
    this.#sectionBytes = offset;
    const pages = Math.ceil(SECTIONS.length * offset / PAGE);
    if (pages > 65536) {
      throw new RangeError(
        `Cannot train ${offset / 4} parameters: the engine holds at most ${
          Math.floor(2 ** 30 / SECTIONS.length)
        }`,
      );
    }
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    for (const variable of variables) {
      this.set(variable.name, variable.dataSync() as Float32Array);
    }
  }

  /** The numbers as they lie in the arena. */
  view(section: Section, name: string): Float32Array {
    this.assertAlive();
    return this.#view(section, name);
  }

  #view(section: Section, name: string): Float32Array {
    return new Float32Array(this.memory.buffer, this.address(section, name), this.#slot(name).size);
  }

  /** The byte of `memory` at which the variable's numbers begin. */
  address(section: Section, name: string): number {
    return SECTIONS.indexOf(section) * this.#sectionBytes + this.#slot(name).offset;
  }

  /** Whether the variable, a matrix, lies in the arena transposed. */
  isTransposed(name: string): boolean {
    return this.#slot(name).transposed;
  }

  /** As `get`, and for as long as a tfjs variable stands for the value: also after `dispose`. */
  read(name: string): Float32Array {
    return this.#copyOf("values", name);
  }

  /** In the variable's own layout. */
  #copyOf(section: Section, name: string): Float32Array {
    const copy = new Float32Array(this.#view(section, name));
    const { transposed, shape: [rows, columns] } = this.#slot(name);
    return transposed ? transpose(copy, columns!, rows!) : copy;
  }

  #slot(name: string): Slot {
    const slot = this.#slots.get(name);
    if (!slot) throw new Error(`There is no parameter "${name}": there are ${this.names.join(", ")}`);
    return slot;
  }

  shape(name: string): Shape {
    return this.#slot(name).shape;
  }

  get(name: string): Float32Array {
    this.assertAlive();
    return this.#copyOf("values", name);
  }

  set(name: string, value: Float32Array): void {
    this.#copyInto("values", name, value);
  }

  #copyInto(section: Section, name: string, value: Float32Array): void {
    const view = this.view(section, name);
    if (value.length !== view.length) {
      throw new RangeError(
        `Cannot set "${name}": it has ${view.length} values (shape [${
          this.shape(name)
        }]), not ${value.length}`,
      );
    }
    const { transposed, shape: [rows, columns] } = this.#slot(name);
    view.set(transposed ? transpose(value, rows!, columns!) : value);
  }

  /** The moments have the meaning that one optimiser gives them. */
  claim(optimiser: Optimiser["name"]): void {
    if (this.#optimiser !== undefined && this.#optimiser !== optimiser) {
      throw new Error(
        `Cannot train with ${optimiser}: these parameters hold the state of ${this.#optimiser}`,
      );
    }
    this.#optimiser = optimiser;
  }

  saveState(): Record<string, Float32Array> {
    this.assertAlive();
    const state: Record<string, Float32Array> = { step: Float32Array.of(this.step) };
    for (const name of this.names) {
      for (const section of ["values", "moment1", "moment2"] as const) {
        state[`${section}/${name}`] = this.#copyOf(section, name);
      }
    }
    return state;
  }

  restoreState(state: Record<string, Float32Array>): void {
    const step = state.step?.[0];
    if (step === undefined || !Number.isSafeInteger(step) || step < 0) {
      throw new Error("Cannot restore: the state has no step count");
    }
    const wanted = this.names.flatMap((name) =>
      (["values", "moment1", "moment2"] as const).map((section) => ({
        section,
        name,
        key: `${section}/${name}`,
      }))
    );
    // All or nothing: check everything before anything is written.
    for (const { name, key } of wanted) {
      const length = state[key]?.length;
      if (length !== sizeOf(this.shape(name))) {
        throw new Error(
          `Cannot restore: "${key}" should have ${sizeOf(this.shape(name))} values, and has ${
            length ?? "none"
          }`,
        );
      }
    }
    for (const { section, name, key } of wanted) this.#copyInto(section, name, state[key]!);
    this.step = step;
  }

  assertAlive(): void {
    if (this.#disposed) throw new Error("Cannot use parameters after their engine was disposed of");
  }

  dispose(): void {
    this.#disposed = true;
  }
}

interface Slot {
  readonly shape: number[];
  readonly transposed: boolean;
  /** Bytes from the start of a section. */
  readonly offset: number;
  readonly size: number;
}

/** In tiles, because a column of a large matrix touches a page of memory per entry. */
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

/** What `compileStep` is given must be what `parameters` returned. */
export function asArena(parameters: Parameters): Arena {
  if (!(parameters instanceof Arena)) {
    throw new TypeError("Cannot compile: these parameters are not an engine's");
  }
  parameters.assertAlive();
  return parameters;
}
