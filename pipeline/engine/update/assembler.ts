/**
 * Just enough of WebAssembly's binary format (WebAssembly Core Specification 2.0, chapter 5) to write loops over
 * vectors of floats. Instructions are arrays of bytes; those that take operands take the operands' code first.
 */

export type Code = readonly number[];
export type ValueType = "i32" | "f32" | "f64" | "v128";

const VALUE_TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** Unsigned LEB128. */
function leb(number: number): number[] {
  const bytes: number[] = [];
  for (; number > 127; number >>>= 7) bytes.push(number & 127 | 128);
  return [...bytes, number];
}

/** Signed LEB128 of a number that is not negative. */
function signedLeb(number: number): number[] {
  const bytes = leb(number);
  const last = bytes.pop()!;
  return last & 64 ? [...bytes, last | 128, 0] : [...bytes, last]; // bit 6 of the last byte is the sign
}

const simd = (opcode: number, ...operands: Code[]): Code => [...operands.flat(), 0xfd, ...leb(opcode)];
/** log2 of the alignment of vectors in memory. */
const VECTOR_ALIGNMENT = 4;

export const wasm = {
  get: (local: number): Code => [0x20, local],
  set: (local: number, value: Code): Code => [...value, 0x21, local],
  i32: {
    constant: (value: number): Code => [0x41, ...signedLeb(value)],
    add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
    less: (a: Code, b: Code): Code => [...a, ...b, 0x49],
  },
  f32: { constant: (value: number): Code => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)] },
  f64: { add: (a: Code, b: Code): Code => [...a, ...b, 0xa0] },
  load: (address: Code, offset: number): Code => [...simd(0x00, address), VECTOR_ALIGNMENT, ...leb(offset)],
  store: (address: Code, offset: number, value: Code): Code => [
    ...simd(0x0b, address, value),
    VECTOR_ALIGNMENT,
    ...leb(offset),
  ],
  f32x4: {
    splat: (a: Code): Code => simd(0x13, a),
    abs: (a: Code): Code => simd(0xe0, a),
    /** All ones where a < b, all zeros elsewhere and where one is NaN. */
    less: (a: Code, b: Code): Code => simd(0x43, a, b),
    /** The bits of a that b has not. */
    without: (a: Code, b: Code): Code => simd(0x4f, a, b),
    sqrt: (a: Code): Code => simd(0xe3, a),
    add: (a: Code, b: Code): Code => simd(0xe4, a, b),
    sub: (a: Code, b: Code): Code => simd(0xe5, a, b),
    mul: (a: Code, b: Code): Code => simd(0xe6, a, b),
    div: (a: Code, b: Code): Code => simd(0xe7, a, b),
    /** Entries 2, 3, 2, 3. */
    upper: (a: Code): Code => {
      const upper = [8, 9, 10, 11, 12, 13, 14, 15];
      return [...simd(0x0d, a, a), ...upper, ...upper];
    },
  },
  f64x2: {
    /** Entries 0 and 1 of four floats. */
    promote: (a: Code): Code => simd(0x5f, a),
    add: (a: Code, b: Code): Code => simd(0xf0, a, b),
    mul: (a: Code, b: Code): Code => simd(0xf2, a, b),
    entry: (a: Code, index: 0 | 1): Code => [...simd(0x21, a), index],
  },
  when: (condition: Code, body: Code): Code => [...condition, 0x04, 0x40, ...body, 0x0b],
  /** Runs `body`, then again while `condition`. */
  doWhile: (body: Code, condition: Code): Code => [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b],
};

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly result?: ValueType;
  readonly body: Code;
}

const vector = (items: readonly Code[]): Code => [...leb(items.length), ...items.flat()];
const sized = (bytes: Code): Code => [...leb(bytes.length), ...bytes];
const section = (id: number, items: readonly Code[]): Code => [id, ...sized(vector(items))];
const text = (value: string): Code => sized([...new TextEncoder().encode(value)]);

/** A module that exports the functions and imports, as `memory.memory`, a shared memory of so many pages. */
export function assemble(functions: readonly WasmFunction[], pages: number): Uint8Array<ArrayBuffer> {
  const types = (list: readonly ValueType[]) => vector(list.map((type) => [VALUE_TYPES[type]]));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, functions.map((f) => [0x60, ...types(f.parameters), ...types(f.result ? [f.result] : [])])),
    ...section(2, [[...text("memory"), ...text("memory"), 2, 3, ...leb(pages), ...leb(pages)]]),
    ...section(3, functions.map((_, i) => leb(i))),
    ...section(7, functions.map((f, i) => [...text(f.name), 0, ...leb(i)])),
    ...section(
      10,
      functions.map((f) => sized([...vector(f.locals.map((t) => [1, VALUE_TYPES[t]])), ...f.body, 0x0b])),
    ),
  ]);
}
