import { type Code, wasm, type WasmFunction } from "../wasm/assembler.ts";
import { Body } from "../wasm/body.ts";
import type { Entry, EntryStep } from "../../graph/entrywise.ts";
import { LOOP_OPERATIONS } from "./loop_operations.ts";

/** The memories in which a tensor can lie, by number: the program's own and that of the parameters. */
export const OWN = 0, PARAMETERS = 1;
/** One of these memories. */
export type AddressSpace = typeof OWN | typeof PARAMETERS;

/**
 * An entrywise computation over tensors in memory, in which nothing between its steps ever leaves the registers.
 * `strides` count entries per axis of `sides`: 0 along an axis where an operand is repeated or a result summed up.
 */
export interface Loop {
  readonly sides: readonly number[];
  readonly operands: readonly { readonly memory: AddressSpace; readonly strides: readonly number[] }[];
  readonly steps: readonly EntryStep[];
  readonly results: readonly {
    readonly memory: AddressSpace;
    readonly strides: readonly number[];
    readonly entry: Entry;
    /**
     * What is stored: each entry, each in a frame of zeros, their sum, or what lies there plus their sum. Frames and
     * sums are cleared first, as a whole.
     */
    readonly kind: "entries" | "framed" | "sum" | "running sum";
    readonly size: number;
    /** The entry of the frame at which the first is stored. */
    readonly offset?: number;
  }[];
}

const { get, set, i32, f32, f64, f64x2, f32x4 } = wasm;
/** Bytes of a float32, and of a vector of four. */
const FLOAT = 4, VECTOR = 16;

/** The loop as a function of the byte addresses of its operands and results, in this order. */
export function loopFunction(name: string, loop: Loop): WasmFunction {
  const tensors = [...loop.operands, ...loop.results];
  const body = new Body(tensors.length);
  keepAtHand(body, tensors);
  loop.results.forEach(({ memory, kind, size }, i) => {
    if (kind === "sum" || kind === "framed") {
      body.add(wasm.clear(get(loop.operands.length + i), i32.constant(size * FLOAT), memory));
    }
  });
  loop.results.forEach(({ offset }, i) => {
    const address = loop.operands.length + i;
    if (offset) body.add(set(address, i32.add(get(address), i32.constant(offset * FLOAT))));
  });
  nest(body, loop, 0);
  return { name, parameters: tensors.map(() => "i32"), locals: body.locals, body: body.code };
}

/**
 * V8 keeps in a register the base of the memory that a function uses first, and loads the other's before each use: so
 * the first use is one of the memory of most tensors.
 */
function keepAtHand(body: Body, tensors: readonly { readonly memory: AddressSpace }[]): void {
  const inParameters = tensors.filter(({ memory }) => memory === PARAMETERS).length;
  const memory = 2 * inParameters > tensors.length ? PARAMETERS : OWN;
  const index = tensors.findIndex((tensor) => tensor.memory === memory);
  body.let(wasm.loadOne(get(index), memory));
}

/** Code for the axes from `axis` on. It leaves the addresses as it found them. */
function nest(body: Body, loop: Loop, axis: number): void {
  if (axis >= loop.sides.length - 1) return row(body, loop);
  const side = loop.sides[axis]!;
  const move = (distance: (stride: number) => number) => {
    [...loop.operands, ...loop.results].forEach(({ strides }, i) => {
      const bytes = distance(strides[axis]!) * FLOAT;
      if (bytes !== 0) body.add(set(i, i32.add(get(i), i32.constant(bytes))));
    });
  };
  const count = body.local("i32");
  body.add(set(count, i32.constant(0)));
  const turn = body.block(() => {
    nest(body, loop, axis + 1);
    move((stride) => stride);
    body.add(set(count, i32.add(get(count), i32.constant(1))));
  });
  body.add(wasm.doWhile(turn, i32.less(get(count), i32.constant(side))));
  move((stride) => -stride * side);
}

/** Code for the last axis: vectors of four, then what is left one by one. */
function row(body: Body, loop: Loop): void {
  const side = loop.sides.at(-1)!;
  const last = (strides: readonly number[]) => strides.at(-1)!;
  const repeated = loop.operands.map(({ memory, strides }, i) =>
    last(strides) === 0 ? body.let(wasm.loadSplat(get(i), memory)) : undefined
  );
  // What is summed along the row, in doubles: four entries at a time, and one by one.
  const sums = loop.results.map(({ kind, strides }) => {
    if (kind === "entries" || kind === "framed" || last(strides) !== 0) return undefined;
    const [vector, single] = [body.local("v128"), body.local("f64")];
    body.add(set(vector, f32x4.constant(0)));
    body.add(set(single, f64.constant(0)));
    return { vector, single };
  });
  const offset = body.local("i32");
  body.add(set(offset, i32.constant(0)));

  const turn = (isVector: boolean) =>
    body.block(() => {
      const address = (tensor: number) => i32.add(get(tensor), get(offset));
      const operands = loop.operands.map(({ memory }, i) =>
        repeated[i] ?? body.let(
          isVector ? wasm.load(address(i), memory) : wasm.loadOne(address(i), memory),
        )
      );
      const steps: Code[] = [];
      const read = (entry: Entry): Code =>
        "operand" in entry
          ? operands[entry.operand]!
          : "step" in entry
          ? steps[entry.step]!
          : body.constant(entry.number);
      for (const { op, entries, attributes } of loop.steps) {
        steps.push(body.let(LOOP_OPERATIONS[op]!(body, entries.map(read), attributes)));
      }
      loop.results.forEach(({ memory, entry, kind }, i) => {
        const isSum = kind === "sum" || kind === "running sum";
        const [value, sum, at] = [read(entry), sums[i], address(loop.operands.length + i)];
        if (sum && isVector) {
          const both = f64x2.add(f64x2.promote(value), f64x2.promote(f32x4.upper(value)));
          body.add(set(sum.vector, f64x2.add(get(sum.vector), both)));
        } else if (sum) {
          body.add(set(sum.single, f64.add(get(sum.single), f64.promote(f32x4.first(value)))));
        } else if (isVector) {
          body.add(wasm.store(at, isSum ? f32x4.add(wasm.load(at, memory), value) : value, memory));
        } else {
          body.add(wasm.storeOne(at, isSum ? f32x4.add(wasm.loadOne(at, memory), value) : value, memory));
        }
      });
    });
  const run = (isVector: boolean, end: number) => {
    const step = set(offset, i32.add(get(offset), i32.constant(isVector ? VECTOR : FLOAT)));
    body.add(wasm.doWhile([...turn(isVector), ...step], i32.less(get(offset), i32.constant(end * FLOAT))));
  };
  const whole = side - side % 4;
  if (whole > 0) run(true, whole);
  if (side > whole) run(false, side);

  loop.results.forEach(({ memory }, i) => {
    const sum = sums[i];
    if (!sum) return;
    const pair = get(sum.vector), at = get(loop.operands.length + i);
    const total = f64.add(f64.add(f64x2.entry(pair, 0), f64x2.entry(pair, 1)), get(sum.single));
    body.add(f32.store(at, f32.add(f32.load(at, memory), f32.demote(total)), memory));
  });
}
