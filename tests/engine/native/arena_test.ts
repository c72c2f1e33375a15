import assert from "node:assert/strict";
import { Arena } from "../../../pipeline/engine/native/arena.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { optimiser } from "../engines.ts";

await tf.setBackend("cpu");
const w = tf.variable(tf.tensor2d([[1, 2, 3], [4, 5, 6]]), true, "arena/w");
const b = tf.variable(tf.tensor1d([7, 8]), true, "arena/b");
const column = tf.variable(tf.tensor2d([[1], [2]]), true, "arena/column");

Deno.test("matrices lie transposed in the arena, and are seen as they are", () => {
  const arena = new Arena([w, b, column], undefined);
  assert.deepEqual([...arena.view("arena/w")], [1, 4, 2, 5, 3, 6]);
  assert.deepEqual([...arena.get("arena/w")], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([w, b, column].map(({ name }) => arena.isTransposed(name)), [true, false, false]);
  arena.set("arena/w", Float32Array.of(10, 20, 30, 40, 50, 60));
  assert.deepEqual([...arena.view("arena/w")], [10, 40, 20, 50, 30, 60]);
});

Deno.test("sections follow from the optimiser's slots, one behind the other", () => {
  const sections = (arena: Arena) =>
    arena.sections.map((section) => [section, arena.address(section, "arena/b")]);
  // w takes 24 bytes and b 8, each a cache line of 64.
  assert.deepEqual(sections(new Arena([w, b], undefined)), [["values", 64]]);
  assert.deepEqual(sections(new Arena([w, b], optimiser({ name: "sgd" }))), [["values", 64], [
    "moment1",
    192,
  ]]);
  assert.deepEqual(sections(new Arena([w, b], optimiser({ name: "adam" }))), [
    ["values", 64],
    ["moment1", 192],
    ["moment2", 320],
  ]);
});

Deno.test("a saved state holds the variables' own layout", () => {
  const arena = new Arena([w], optimiser({ name: "sgd" }));
  const state = arena.saveState();
  assert.deepEqual(Object.keys(state), ["step", "values/arena/w", "moment1/arena/w"]);
  state["moment1/arena/w"]!.set([1, 2, 3, 4, 5, 6]);
  arena.restoreState(state);
  const moments = new Float32Array(arena.memory.buffer, arena.address("moment1", "arena/w"), 6);
  assert.deepEqual([...moments], [1, 4, 2, 5, 3, 6]);
});

Deno.test("more parameters than the memory holds are refused, with how many it would", () => {
  const large = { name: "arena/large", dtype: "float32", shape: [2 ** 29], rank: 1, size: 2 ** 29 };
  const variables = [large as unknown as tf.Variable];
  assert.throws(
    () => new Arena(variables, optimiser({ name: "adam" })),
    /Cannot train 536870912 parameters: the engine holds at most 357913941/,
  );
});
