import { PAGE } from "../memory.ts";

/**
 * Just enough of WebAssembly's binary format (WebAssembly Core Specification 3.0, chapter 5) to write loops over
 * vectors of floats in one memory or two. Instructions are arrays of bytes; those that take operands take the
 * operands' code first.
 */

/** The bytes of some instructions. */
export type Code = readonly number[];
/** Types of locals and parameters. */
export type ValueType = "i32" | "f32" | "f64" | "v128";

const VALUE_TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** Unsigned LEB128. */
function leb(number: number): number[] {
  const bytes: number[] = [];
  for (; number > 127; number >>>= 7) bytes.push(number & 127 | 128);
  return [...bytes, number];
}

/** Signed LEB128 of 32 bits. */
function signedLeb(number: number): number[] {
  const bytes: number[] = [];
  for (; number < -64 || number > 63; number >>= 7) bytes.push(number & 127 | 128);
  return [...bytes, number & 127];
}

const simd = (opcode: number, ...operands: Code[]): Code => [...operands.flat(), 0xfd, ...leb(opcode)];

/** Where a load or store goes: log2 of the alignment (a hint), the memory's number, no further offset. */
function place(alignment: number, memory: number): Code {
  return memory === 0 ? [alignment, 0] : [alignment | 64, ...leb(memory), 0];
}

const float32 = (value: number): Code => [...new Uint8Array(Float32Array.of(value).buffer)];
const int32 = (value: number): Code => [...new Uint8Array(Int32Array.of(value).buffer)];
const four = (bytes: Code): Code => [0xfd, 0x0c, ...bytes, ...bytes, ...bytes, ...bytes];

/** Instructions, named as in the specification's text format where that name says what they do. */
export const wasm = {
  get: (local: number): Code => [0x20, ...leb(local)],
  set: (local: number, value: Code): Code => [...value, 0x21, ...leb(local)],
  i32: {
    constant: (value: number): Code => [0x41, ...signedLeb(value)],
    add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
    less: (a: Code, b: Code): Code => [...a, ...b, 0x49],
  },
  f32: {
    add: (a: Code, b: Code): Code => [...a, ...b, 0x92],
    demote: (a: Code): Code => [...a, 0xb6],
    load: (address: Code, memory: number): Code => [...address, 0x2a, ...place(2, memory)],
    store: (address: Code, value: Code, memory: number): Code => [
      ...address,
      ...value,
      0x38,
      ...place(2, memory),
    ],
  },
  f64: {
    constant: (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)],
    add: (a: Code, b: Code): Code => [...a, ...b, 0xa0],
    promote: (a: Code): Code => [...a, 0xbb],
  },
  load: (address: Code, memory: number): Code => [...simd(0x00, address), ...place(4, memory)],
  /** Loads one float into entry 0; the others are 0. */
  loadOne: (address: Code, memory: number): Code => [...simd(0x5c, address), ...place(2, memory)],
  /** Loads one float into all entries. */
  loadSplat: (address: Code, memory: number): Code => [...simd(0x09, address), ...place(2, memory)],
  store: (address: Code, value: Code, memory: number): Code => [
    ...simd(0x0b, address, value),
    ...place(4, memory),
  ],
  /** Entry 0 only. */
  storeOne: (address: Code, value: Code, memory: number): Code => [
    ...simd(0x5a, address, value),
    ...place(2, memory),
    0,
  ],
  /** Writes `bytes` zeros. */
  clear: (address: Code, bytes: Code, memory: number): Code => [
    ...address,
    ...wasm.i32.constant(0),
    ...bytes,
    0xfc,
    11,
    ...leb(memory),
  ],
  /** Masks are all ones or all zeros in each entry. */
  v128: {
    /** Whether any bit is set, as an i32. */
    anyTrue: (a: Code): Code => simd(0x53, a),
    and: (a: Code, b: Code): Code => simd(0x4e, a, b),
    or: (a: Code, b: Code): Code => simd(0x50, a, b),
    not: (a: Code): Code => simd(0x4d, a),
    /** The bits of a that b has not. */
    without: (a: Code, b: Code): Code => simd(0x4f, a, b),
    /** a where the mask is set, b elsewhere. */
    select: (mask: Code, a: Code, b: Code): Code => simd(0x52, a, b, mask),
  },
  i32x4: {
    constant: (value: number): Code => four(int32(value)),
    add: (a: Code, b: Code): Code => simd(0xae, a, b),
    shiftLeft: (a: Code, bits: number): Code => simd(0xab, a, wasm.i32.constant(bits)),
    shiftRight: (a: Code, bits: number): Code => simd(0xac, a, wasm.i32.constant(bits)),
    toFloat: (a: Code): Code => simd(0xfa, a),
  },
  f32x4: {
    constant: (value: number): Code => four(float32(value)),
    first: (a: Code): Code => [...simd(0x1f, a), 0],
    ceil: (a: Code): Code => simd(0x67, a),
    floor: (a: Code): Code => simd(0x68, a),
    abs: (a: Code): Code => simd(0xe0, a),
    negate: (a: Code): Code => simd(0xe1, a),
    equal: (a: Code, b: Code): Code => simd(0x41, a, b),
    notEqual: (a: Code, b: Code): Code => simd(0x42, a, b),
    /** All ones where a < b, all zeros elsewhere and where one is NaN. */
    less: (a: Code, b: Code): Code => simd(0x43, a, b),
    lessOrEqual: (a: Code, b: Code): Code => simd(0x45, a, b),
    sqrt: (a: Code): Code => simd(0xe3, a),
    add: (a: Code, b: Code): Code => simd(0xe4, a, b),
    sub: (a: Code, b: Code): Code => simd(0xe5, a, b),
    mul: (a: Code, b: Code): Code => simd(0xe6, a, b),
    div: (a: Code, b: Code): Code => simd(0xe7, a, b),
    /** NaN where one is. */
    min: (a: Code, b: Code): Code => simd(0xe8, a, b),
    max: (a: Code, b: Code): Code => simd(0xe9, a, b),
    /** One instruction: b where b < a, else a, so that a NaN in a stays. */
    atMost: (a: Code, b: Code): Code => simd(0xea, a, b),
    /** b where a < b, else a. */
    atLeast: (a: Code, b: Code): Code => simd(0xeb, a, b),
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
    entry: (a: Code, index: 0 | 1): Code => [...simd(0x21, a), index],
  },
  /** Runs `body` where `condition` is not 0. */
  when: (condition: Code, body: Code): Code => [...condition, 0x04, 0x40, ...body, 0x0b],
  /** Runs `body`, then again while `condition`. */
  doWhile: (body: Code, condition: Code): Code => [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b],
};

/** A function of a module; it returns nothing. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

const vector = (items: readonly Code[]): Code => [...leb(items.length), ...items.flat()];
const sized = (bytes: Code): Code => [...leb(bytes.length), ...bytes];
const section = (id: number, items: readonly Code[]): Code => [id, ...sized(vector(items))];
const text = (value: string): Code => sized([...new TextEncoder().encode(value)]);

/**
 * A module that exports the functions and imports shared memories as `memory.0`, `memory.1`, .... They must have the
 * sizes of the given ones: a size that is known makes the check of an address cheaper.
 */
export function assemble(
  functions: readonly WasmFunction[],
  memories: readonly WebAssembly.Memory[],
): Uint8Array<ArrayBuffer> {
  const types = (list: readonly ValueType[]) => vector(list.map((type) => [VALUE_TYPES[type]]));
  const imported = memories.map(({ buffer }, i) => {
    const pages = leb(buffer.byteLength / PAGE);
    return [...text("memory"), ...text(`${i}`), 2, 3, ...pages, ...pages];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, functions.map((f) => [0x60, ...types(f.parameters), ...types([])])),
    ...section(2, imported),
    ...section(3, functions.map((_, i) => leb(i))),
    ...section(7, functions.map((f, i) => [...text(f.name), 0, ...leb(i)])),
    ...section(
      10,
      functions.map((f) => sized([...vector(f.locals.map((t) => [1, VALUE_TYPES[t]])), ...f.body, 0x0b])),
    ),
  ]);
}
