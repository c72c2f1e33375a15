import { type Code, wasm, type WasmFunction } from "../wasm/assembler.ts";
import { Body } from "../wasm/body.ts";
import { type AddressSpace, OWN } from "./loop.ts";

/** Rows of floats, one for each row or each column of the sparse matrix: distances count entries. */
export interface DenseRows {
  readonly memory: AddressSpace;
  readonly perRow: number;
  readonly perColumn: number;
}

/**
 * Adds, for each entry of a matrix that is not 0, that many times a row of `source` to a row of `target`: column by
 * column and in a column row by row. So x W is made (a source of W's rows by column, a target by row), and x' y (the
 * other way round). The order is always the same, and with it the bytes.
 */
export interface SparseLoop {
  readonly rows: number;
  readonly columns: number;
  /** Entries from one row of the matrix to the next; it lies in the program's own memory. */
  readonly stride: number;
  /** Entries of a row of `source` and of `target`. */
  readonly width: number;
  readonly source: DenseRows;
  readonly target: DenseRows;
  /** Entries of `target` that are set to 0 first, from its beginning. */
  readonly cleared: number;
}

const { get, set, i32, f32x4, v128 } = wasm;
const FLOAT = 4, LANES = 4, VECTOR = 16;
/** Vectors that are read before they are written, to keep the processor's units busy. */
const UNROLLED = 4;

/** The loop as a function of the byte addresses of the matrix, the source and the target. */
export function sparseFunction(name: string, loop: SparseLoop): WasmFunction {
  const { rows, columns, stride, source, target, cleared } = loop;
  const body = new Body(3);
  const matrix = 0, from = 1, to = 2;
  if (cleared > 0) body.add(wasm.clear(get(to), i32.constant(cleared * FLOAT), target.memory));
  const row = body.local("i32");
  const advance = (local: number, entries: number) =>
    entries === 0 ? [] : set(local, i32.add(get(local), i32.constant(entries * FLOAT)));
  /** Walks down some columns at once, and adds for each of them whose entry is not 0. */
  const walk = (lanes: number): Code => {
    const down = body.block(() => {
      const each = Array.from({ length: lanes }, (_, lane) => addRow(body, loop, lane, { matrix, from, to }))
        .flat();
      if (lanes === 1) body.add(each);
      else {
        const entries = wasm.load(get(matrix), OWN);
        body.add(wasm.when(v128.anyTrue(f32x4.notEqual(entries, f32x4.constant(0))), each));
      }
      body.add([...advance(matrix, stride), ...advance(from, source.perRow), ...advance(to, target.perRow)]);
      body.add(set(row, i32.add(get(row), i32.constant(1))));
    });
    return [
      ...set(row, i32.constant(0)),
      ...wasm.doWhile(down, i32.less(get(row), i32.constant(rows))),
      ...advance(matrix, lanes - stride * rows),
      ...advance(from, lanes * source.perColumn - source.perRow * rows),
      ...advance(to, lanes * target.perColumn - target.perRow * rows),
    ];
  };
  const column = body.local("i32");
  const run = (lanes: number, end: number) => {
    const turn = [...walk(lanes), ...set(column, i32.add(get(column), i32.constant(lanes)))];
    body.add(wasm.doWhile(turn, i32.less(get(column), i32.constant(end))));
  };
  const whole = columns - columns % LANES;
  if (whole > 0) run(LANES, whole);
  if (columns > whole) run(1, columns);
  return { name, parameters: ["i32", "i32", "i32"], locals: body.locals, body: body.code };
}

/** Where the entry at hand is not 0: target row += entry * source row. */
function addRow(
  body: Body,
  { width, source, target }: SparseLoop,
  lane: number,
  { matrix, from, to }: { readonly matrix: number; readonly from: number; readonly to: number },
): Code {
  const factor = body.local("v128"),
    read = body.local("i32"),
    written = body.local("i32"),
    end = body.local("i32");
  const place = (local: number, entries: number) => i32.add(get(local), i32.constant(entries * FLOAT));
  const add = (vectors: number, isVector: boolean): Code => {
    const sums = Array.from({ length: vectors }, () => body.local("v128"));
    const at = (local: number, i: number) =>
      i === 0 ? get(local) : i32.add(get(local), i32.constant(i * VECTOR));
    const load = isVector ? wasm.load : wasm.loadOne, store = isVector ? wasm.store : wasm.storeOne;
    const bytes = vectors * (isVector ? VECTOR : FLOAT);
    return [
      ...sums.flatMap((sum, i) =>
        set(
          sum,
          f32x4.add(
            load(at(written, i), target.memory),
            f32x4.mul(load(at(read, i), source.memory), get(factor)),
          ),
        )
      ),
      ...sums.flatMap((sum, i) => store(at(written, i), get(sum), target.memory)),
      ...set(read, i32.add(get(read), i32.constant(bytes))),
      ...set(written, i32.add(get(written), i32.constant(bytes))),
    ];
  };
  const until = (entries: number, code: Code): Code => [
    ...set(end, i32.add(get(end), i32.constant(entries * FLOAT))),
    ...wasm.doWhile(code, i32.less(get(written), get(end))),
  ];
  const block = UNROLLED * LANES;
  const inBlocks = width - width % block, inVectors = width - width % LANES;
  return [
    ...set(factor, wasm.loadSplat(place(matrix, lane), OWN)),
    ...wasm.when(v128.anyTrue(f32x4.notEqual(get(factor), f32x4.constant(0))), [
      ...set(read, place(from, lane * source.perColumn)),
      ...set(written, place(to, lane * target.perColumn)),
      ...set(end, get(written)),
      ...(inBlocks > 0 ? until(inBlocks, add(UNROLLED, true)) : []),
      ...(inVectors > inBlocks ? until(inVectors - inBlocks, add(1, true)) : []),
      ...(width > inVectors ? until(width - inVectors, add(1, false)) : []),
    ]),
  ];
}
