import { type Code, type ValueType, wasm } from "./assembler.ts";

/** The body of a function under construction: hands out locals. */
export class Body {
  readonly locals: ValueType[] = [];
  readonly #parameters: number;
  readonly #constants = new Map<string, Code>();
  #start: number[] = [];
  #block: number[] = [];
  #known = new Map<string, Code>();

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  /** The number of a new local. */
  local(type: ValueType): number {
    this.locals.push(type);
    return this.#parameters + this.locals.length - 1;
  }

  add(code: Code): void {
    for (const byte of code) this.#block.push(byte);
  }

  /** Computes the value, here or where the same was computed before in this block, and returns what reads it. */
  let(value: Code): Code {
    const key = value.join();
    let read = this.#known.get(key);
    if (read === undefined) {
      const local = this.local("v128");
      this.add(wasm.set(local, value));
      this.#known.set(key, read = wasm.get(local));
    }
    return read;
  }

  /** A vector of one number, computed when the function starts. */
  constant(number: number): Code {
    return this.#hoisted(`float ${Object.is(number, -0) ? "-0" : number}`, wasm.f32x4.constant(number));
  }

  /** A vector of one integer. */
  integer(number: number): Code {
    return this.#hoisted(`integer ${number}`, wasm.i32x4.constant(number));
  }

  #hoisted(key: string, value: Code): Code {
    let read = this.#constants.get(key);
    if (read === undefined) {
      const local = this.local("v128");
      this.#start.push(...wasm.set(local, value));
      this.#constants.set(key, read = wasm.get(local));
    }
    return read;
  }

  /** What `make` adds, apart from the body: for the inside of a loop. */
  block(make: () => void): Code {
    const [outer, known] = [this.#block, this.#known];
    this.#block = [];
    this.#known = new Map();
    make();
    const inner = this.#block;
    [this.#block, this.#known] = [outer, known];
    return inner;
  }

  get code(): Code {
    return [...this.#start, ...this.#block];
  }
}
