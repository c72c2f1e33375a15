import { assemble, type Code, wasm, type WasmFunction } from "./assembler.ts";

/**
 * The update of all weights as one pass over the arena: memory-bound, so everything that reads a number once does
 * all with it. No fused multiply-add: it gains nothing here and its bits depend on the machine.
 */
export interface UpdateKernels {
  /** Sum of squares of the gradients (times `parts`, if there are two) in bytes [from, to) of their sections. */
  squares1(gradient0: number, gradient1: number, from: number, to: number): number;
  squares2(gradient0: number, gradient1: number, from: number, to: number): number;
  sgd1(...args: SgdArguments): void;
  sgd2(...args: SgdArguments): void;
  adam1(...args: AdamArguments): void;
  adam2(...args: AdamArguments): void;
}

/** Byte offsets of sections; the range within them, a multiple of 64; then the rule's numbers, as float32. */
type Range = [
  values: number,
  moment1: number,
  moment2: number,
  gradient0: number,
  gradient1: number,
  from: number,
  to: number,
];
export type SgdArguments = [...Range, scale: number, decay: number, momentum: number, rate: number];
export type AdamArguments = [
  ...Range,
  scale: number,
  decay: number,
  oneMinusBeta1: number,
  oneMinusBeta2: number,
  rate: number,
  floor: number,
  keep: number,
];

/** The kernels over a shared memory of exactly so many pages. */
export function updateModule(pages: number): WebAssembly.Module {
  const functions = ([1, 2] as const).flatMap((parts) => [squares(parts), sgd(parts), adam(parts)]);
  return new WebAssembly.Module(assemble(functions, pages));
}

export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): UpdateKernels {
  return new WebAssembly.Instance(module, { memory: { memory } }).exports as unknown as UpdateKernels;
}

const { get, set, load, store, i32, f32, f64, f32x4, f64x2, when, doWhile } = wasm;

/**
 * Numbers so small become 0. A weight that no example reaches decays until it, its moments and their products are
 * denormal, and then the processor takes a hundred times as long for each: after some thousand steps on music,
 * whose rolls are mostly silent, the update took longer than everything else. No product of two numbers above these
 * bounds that is formed here is denormal. NaN stays.
 */
const SMALLEST = 1e-30, SMALLEST_GRADIENT = 1e-17, SMALLEST_SQUARE = 1e-34;

function flushed(local: number, smallest: number): Code {
  const isSmall = f32x4.less(f32x4.abs(get(local)), f32x4.splat(f32.constant(smallest)));
  return set(local, f32x4.without(get(local), isSmall));
}

/** Bytes of a vector, and of what one turn of a loop handles: a cache line. */
const VECTOR = 16, LINE = 64;
const OFFSETS = [0, VECTOR, 2 * VECTOR, 3 * VECTOR];

/** The four vectors of each line in bytes [from, to); does nothing where that is empty. */
function overLines(from: number, to: number, turn: (offset: number) => Code): Code {
  const nonEmpty = i32.less(get(from), get(to));
  const next = set(from, i32.add(get(from), i32.constant(LINE)));
  return when(nonEmpty, doWhile([...OFFSETS.flatMap(turn), ...next], nonEmpty));
}

/** The gradient at `from` + offset: of one part, or the sum of two. */
function gradient(parts: 1 | 2, first: number, second: number, from: number, offset: number): Code {
  const read = (section: number) => load(i32.add(get(section), get(from)), offset);
  return parts === 1 ? read(first) : f32x4.add(read(first), read(second));
}

function squares(parts: 1 | 2): WasmFunction {
  const [g0, g1, from, to, x, low, high] = [0, 1, 2, 3, 4, 5, 6] as const;
  const addSquare = (sum: number, pair: Code) =>
    set(sum, f64x2.add(get(sum), f64x2.mul(f64x2.promote(pair), f64x2.promote(pair))));
  const total = f64x2.add(get(low), get(high));
  return {
    name: `squares${parts}`,
    parameters: ["i32", "i32", "i32", "i32"],
    locals: ["v128", "v128", "v128"],
    result: "f64",
    body: [
      ...overLines(from, to, (offset) => [
        ...set(x, gradient(parts, g0, g1, from, offset)),
        ...addSquare(low, get(x)),
        ...addSquare(high, f32x4.upper(get(x))),
      ]),
      ...f64.add(f64x2.entry(total, 0), f64x2.entry(total, 1)),
    ],
  };
}

const RANGE = ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
const [P, M, V, G0, G1, FROM, TO] = [0, 1, 2, 3, 4, 5, 6] as const;

/** m = momentum m + g; p = p - rate m, where g = scale gradient + decay p. */
function sgd(parts: 1 | 2): WasmFunction {
  const numbers = [7, 8, 9, 10]; // scale, decay, momentum, rate
  const [scale, decay, momentum, rate, p, g] = [11, 12, 13, 14, 15, 16] as const;
  return {
    name: `sgd${parts}`,
    parameters: [...RANGE, ...numbers.map(() => "f32" as const)],
    locals: Array(6).fill("v128"),
    body: [
      ...numbers.flatMap((number, i) => set(scale + i, f32x4.splat(get(number)))),
      ...overLines(FROM, TO, (offset) => [
        ...set(p, load(at(P), offset)),
        ...set(g, f32x4.mul(gradient(parts, G0, G1, FROM, offset), get(scale))),
        ...set(g, f32x4.add(get(g), f32x4.mul(get(p), get(decay)))),
        ...set(g, f32x4.add(f32x4.mul(load(at(M), offset), get(momentum)), get(g))),
        ...flushed(g, SMALLEST),
        ...store(at(M), offset, get(g)),
        ...set(p, f32x4.sub(get(p), f32x4.mul(get(g), get(rate)))),
        ...flushed(p, SMALLEST),
        ...store(at(P), offset, get(p)),
      ]),
    ],
  };
}

/**
 * Adam (Kingma and Ba, 2015, algorithm 1), with g = scale gradient + decay p: m and v move towards g and its
 * square; p = keep p - rate m / (sqrt(v) + floor). The caller folds the corrections of the bias into `rate` and
 * `floor`; `keep` is AdamW's decoupled decay.
 */
function adam(parts: 1 | 2): WasmFunction {
  const numbers = [7, 8, 9, 10, 11, 12, 13];
  const [scale, decay, toM, toV, rate, floor, keep, p, g, m, v] = [
    14,
    15,
    16,
    17,
    18,
    19,
    20,
    21,
    22,
    23,
    24,
  ] as const;
  const towards = (from: number, target: Code, share: number) =>
    f32x4.add(get(from), f32x4.mul(f32x4.sub(target, get(from)), get(share)));
  const move = f32x4.div(f32x4.mul(get(m), get(rate)), f32x4.add(f32x4.sqrt(get(v)), get(floor)));
  return {
    name: `adam${parts}`,
    parameters: [...RANGE, ...numbers.map(() => "f32" as const)],
    locals: Array(11).fill("v128"),
    body: [
      ...numbers.flatMap((number, i) => set(scale + i, f32x4.splat(get(number)))),
      ...overLines(FROM, TO, (offset) => [
        ...set(p, load(at(P), offset)),
        ...set(g, f32x4.mul(gradient(parts, G0, G1, FROM, offset), get(scale))),
        ...set(g, f32x4.add(get(g), f32x4.mul(get(p), get(decay)))),
        ...flushed(g, SMALLEST_GRADIENT),
        ...set(m, load(at(M), offset)),
        ...set(m, towards(m, get(g), toM)),
        ...flushed(m, SMALLEST),
        ...store(at(M), offset, get(m)),
        ...set(v, load(at(V), offset)),
        ...set(v, towards(v, f32x4.mul(get(g), get(g)), toV)),
        ...flushed(v, SMALLEST_SQUARE),
        ...store(at(V), offset, get(v)),
        ...set(p, f32x4.sub(f32x4.mul(get(p), get(keep)), move)),
        ...flushed(p, SMALLEST),
        ...store(at(P), offset, get(p)),
      ]),
    ],
  };
}

function at(section: number): Code {
  return i32.add(get(section), get(FROM));
}
