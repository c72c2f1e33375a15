import assert from "node:assert/strict";
import { Graph } from "../../../../pipeline/engine/graph/graph.ts";
import { Assembly } from "../../../../pipeline/engine/native/program/assembly.ts";
import { OWN } from "../../../../pipeline/engine/native/program/loop.ts";
import { Program } from "../../../../pipeline/engine/native/program/program.ts";
import { runAll } from "../../../../pipeline/engine/native/program/run.ts";
import {
  gradientProduct,
  scratchOf,
  type Tile,
  tiles,
} from "../../../../pipeline/engine/native/program/tiles.ts";

const graph = new Graph();
const operands = (examples: number, rows: number, columns: number) =>
  [
    graph.input("left", [examples, rows]),
    graph.input("right", [examples, columns]),
  ] as const;
const gradient = (examples: number, rows: number, columns: number) =>
  graph.gemm(...operands(examples, rows, columns), true, false);

Deno.test("the gradient of a large matrix is computed in tiles, where the examples are not too many", () => {
  const large = gradient(8, 256, 256); // 65,536 entries
  assert.deepEqual(gradientProduct(large, 2), {
    left: large.operands[0],
    right: large.operands[1],
    isSparse: false,
  });
  assert.equal(gradientProduct(gradient(8, 256, 255), 2), undefined);
  assert.ok(gradientProduct(gradient(256, 256, 256), 2));
  assert.equal(gradientProduct(gradient(257, 256, 256), 2), undefined);
});

Deno.test("what is no gradient, or one whose factor is a constant, is not", () => {
  const [left, right] = operands(8, 256, 256);
  assert.equal(gradientProduct(graph.gemm(left, graph.input("w", [256, 512]), false, false), 1), undefined);
  assert.equal(gradientProduct(graph.gemm(graph.fill(1, [8, 256]), right, true, false), 1), undefined);
  assert.equal(gradientProduct(graph.add(left, left), 1), undefined);
});

Deno.test("tiles are of whole cache lines, about equally wide, and of about a quarter of a million entries", () => {
  const product = (rows: number, columns: number) => {
    const [left, right] = operands(10, rows, columns);
    return { left, right, isSparse: false };
  };
  assert.deepEqual(scratchOf(product(900, 1000), 2), {
    left: [20, 256],
    right: [20, 1000],
    tile: [256, 1000],
  });
  // 9000 columns: three tiles of 3008, which is 188 cache lines, or less.
  assert.deepEqual(scratchOf(product(900, 9000), 1), { left: [10, 80], right: [10, 3008], tile: [80, 3008] });
});

/** Runs the tiles of a product over two parts of a batch; returns the tiles and the gradient put together of them. */
function computed(examples: number, rows: number, columns: number, isSparse = false) {
  const [left, right] = operands(examples, rows, columns), product = { left, right, isSparse };
  const memory = new WebAssembly.Memory({ initial: 512, maximum: 512, shared: true });
  let end = 0;
  const place = (shape: readonly number[]) => {
    const address = end;
    end += Math.ceil(shape[0]! * shape[1]! / 16) * 64;
    return address;
  };
  const lefts = [0, 1].map(() => place(left.shape)), rights = [0, 1].map(() => place(right.shape));
  const shapes = scratchOf(product, 2);
  const scratch = [0, 1].map(() => ({
    left: place(shapes.left),
    right: place(shapes.right),
    tile: place(shapes.tile),
  }));
  const result = place([rows, columns]);
  const entries = (address: number, size: number) => new Float32Array(memory.buffer, address, size);
  // Small whole numbers, so that sums are exact.
  [...lefts, ...rights].forEach((address, i) => {
    const values = entries(address, examples * (i < 2 ? rows : columns));
    values.forEach((_, j) => values[j] = (j * 7 + i * 3) % 5 - 2);
  });
  const assembly = new Assembly([memory]), made: Tile[] = [];
  const phase = tiles(assembly, product, { left: lefts, right: rights, scratch }, (tile) => {
    made.push(tile);
    const { sides, row, column, address } = tile;
    return assembly.loop({
      sides,
      operands: [{ memory: OWN, strides: [sides[1], 1] }],
      steps: [],
      results: [{ memory: OWN, strides: [columns, 1], entry: { operand: 0 }, kind: "entries", size: 0 }],
    }, [address, result + 4 * (row * columns + column)]);
  });
  const program = new Program(assembly, [phase]);
  program.runnable[0]!.forEach(runAll);
  program.dispose();
  const wanted = new Float32Array(rows * columns);
  for (const part of [0, 1]) {
    const a = entries(lefts[part]!, examples * rows), b = entries(rights[part]!, examples * columns);
    for (let example = 0; example < examples; example++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          wanted[row * columns + column]! += a[example * rows + row]! * b[example * columns + column]!;
        }
      }
    }
  }
  return { made, actual: entries(result, rows * columns).slice(), wanted };
}

Deno.test("tiles of both threads cover the gradient once, and are the sum over the parts of the batch", () => {
  const { made, actual, wanted } = computed(3, 75, 4500);
  assert.deepEqual(actual, wanted);
  // Two tiles of 2256 and 2244 columns; the threads share the 75 rows at a whole cache line.
  assert.deepEqual(
    made.map(({ thread, row, column, sides }) => [thread, row, column, ...sides]),
    [[0, 0, 0, 48, 2256], [0, 0, 2256, 48, 2244], [1, 48, 0, 27, 2256], [1, 48, 2256, 27, 2244]],
  );
});

Deno.test("a narrow gradient is cut into rows", () => {
  const { made, actual, wanted } = computed(2, 4100, 100);
  assert.deepEqual(actual, wanted);
  assert.deepEqual(
    made.map(({ thread, row, sides }) => [thread, row, ...sides]),
    [[0, 0, 2064, 100], [1, 2064, 2036, 100]],
  );
});

Deno.test("tiles of a sparse left operand are the same, of both parts and in both directions cut to pieces", () => {
  for (const [examples, rows, columns] of [[3, 75, 4500], [2, 4100, 100]] as const) {
    const { made, actual, wanted } = computed(examples, rows, columns, true);
    assert.deepEqual(actual, wanted);
    assert.equal(made.length, 4 - 2 * Number(columns === 100));
  }
});
