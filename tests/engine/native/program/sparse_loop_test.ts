import assert from "node:assert/strict";
import fc from "fast-check";
import { Assembly } from "../../../../pipeline/engine/native/program/assembly.ts";
import { OWN } from "../../../../pipeline/engine/native/program/loop.ts";
import { Program } from "../../../../pipeline/engine/native/program/program.ts";
import { runAll } from "../../../../pipeline/engine/native/program/run.ts";
import type { SparseLoop } from "../../../../pipeline/engine/native/program/sparse_loop.ts";
import { randomStream } from "../../../../pipeline/base/random.ts";

const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
const floats = new Float32Array(memory.buffer);

function run(loop: SparseLoop, addresses: [number, number, number]): void {
  const assembly = new Assembly([memory]);
  const program = new Program(assembly, [[[assembly.sparse(loop, addresses)], []]]);
  program.runnable[0]!.forEach(runAll);
  program.dispose();
}

/** A matrix [rows, columns] of floats that are 0 but for a share of them. */
function sparse(rows: number, columns: number, density: number, seed: number): Float32Array {
  const random = randomStream(seed, "sparse");
  const isOn = random.fillUniform(new Float32Array(rows * columns)),
    values = new Float32Array(rows * columns);
  return random.fillNormal(values).map((value, i) => isOn[i]! < density ? value : 0);
}

const sides = fc.record({
  rows: fc.integer({ min: 1, max: 9 }),
  columns: fc.integer({ min: 1, max: 13 }),
  width: fc.integer({ min: 1, max: 41 }),
  density: fc.constantFrom(0, 0.1, 0.5, 1),
  seed: fc.nat(1000),
});

Deno.test("x W and x' y by skipping zeros are what float64 arithmetic gives, for all sides and densities", () => {
  fc.assert(fc.property(sides, ({ rows, columns, width, density, seed }) => {
    const x = sparse(rows, columns, density, seed);
    for (const isGradient of [false, true]) {
      const [inner, outer] = isGradient ? [rows, columns] : [columns, rows];
      const dense = sparse(inner, width, 1, seed + 1);
      floats.fill(NaN); // what is cleared must not matter, and nothing else be touched
      const [from, to] = [x.length, x.length + dense.length];
      floats.set(x);
      floats.set(dense, from);
      const byRow = { memory: OWN, perRow: width, perColumn: 0 } as const;
      const byColumn = { memory: OWN, perRow: 0, perColumn: width } as const;
      run({
        rows,
        columns,
        stride: columns,
        width,
        source: isGradient ? byRow : byColumn,
        target: isGradient ? byColumn : byRow,
        cleared: outer * width,
      }, [0, 4 * from, 4 * to]);
      for (let i = 0; i < outer; i++) {
        for (let j = 0; j < width; j++) {
          let sum = 0, scale = 0;
          for (let k = 0; k < inner; k++) {
            const product = x[isGradient ? k * columns + i : i * columns + k]! * dense[k * width + j]!;
            sum += product;
            scale += Math.abs(product);
          }
          assert.ok(Math.abs(floats[to + i * width + j]! - sum) <= 1e-6 * scale, `${i}, ${j}`);
        }
      }
      assert.ok(Number.isNaN(floats[to + outer * width]!));
    }
  }));
});

Deno.test("an entry that is not a number is not taken for a zero", () => {
  floats.set([0, NaN, 1, 2]); // x [1, 2], W [2, 1]
  const row = { memory: OWN, perRow: 1, perColumn: 0 } as const;
  run({
    rows: 1,
    columns: 2,
    stride: 2,
    width: 1,
    source: { ...row, perRow: 0, perColumn: 1 },
    target: row,
    cleared: 1,
  }, [0, 8, 16]);
  assert.ok(Number.isNaN(floats[4]!));
});
