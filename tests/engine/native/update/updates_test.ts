import assert from "node:assert/strict";
import { Arena } from "../../../../pipeline/engine/native/arena.ts";
import { Assembly } from "../../../../pipeline/engine/native/program/assembly.ts";
import type { Loop } from "../../../../pipeline/engine/native/program/loop.ts";
import { Updates } from "../../../../pipeline/engine/native/update/updates.ts";
import { tf } from "../../../../pipeline/engine/tfjs.ts";
import { optimiser } from "../../engines.ts";

await tf.setBackend("cpu");
const small = tf.variable(tf.zeros([4095]), true, "updates/small");
const large = tf.variable(tf.zeros([70, 100]), true, "updates/large");
const adam = optimiser({ name: "adam" });

/** What each thread is told to do: the loop's sides and how many operands it reads, and the addresses. */
function lists(make: (updates: Updates) => ReturnType<Updates["phase"]>) {
  const memory = () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const arena = new Arena([small, large], adam), assembly = new Assembly([memory(), memory()]);
  const loops: Loop[] = [];
  assembly.loop = (loop, addresses) => ({ loop: String(loops.push(loop) - 1), addresses });
  const places = new Map(arena.names.map((name) => [name, { numbers: [1, 2, 3], squares: 500 }]));
  const phase = make(new Updates(assembly, arena, adam, places));
  const told = phase.map((list) =>
    list.map((invocation) => {
      if (!("loop" in invocation)) throw new Error("a call");
      const { sides, operands } = loops[Number(invocation.loop)]!;
      return { sides, operands: operands.length, addresses: invocation.addresses };
    })
  );
  return { told, arena };
}

const GRADIENTS = [
  { name: small.name, addresses: [10_000, 20_000] },
  { name: large.name, addresses: [30_000] },
];

Deno.test("a small variable is updated by the first thread, a large one by both, cut at a cache line", () => {
  const { told: [here, there], arena } = lists((updates) => updates.phase(GRADIENTS));
  const sections = (name: string, offset: number) =>
    ["values", "moment1", "moment2"].map((section) => arena.address(section, name) + 4 * offset);
  const smallest = sections(small.name, 0),
    first = sections(large.name, 0),
    second = sections(large.name, 3504);
  assert.deepEqual(here, [
    { sides: [4095], operands: 8, addresses: [...smallest, 10_000, 20_000, 1, 2, 3, ...smallest] },
    { sides: [3504], operands: 7, addresses: [...first, 30_000, 1, 2, 3, ...first] },
  ]);
  assert.deepEqual(there, [
    { sides: [3496], operands: 7, addresses: [...second, 30_000 + 4 * 3504, 1, 2, 3, ...second] },
  ]);
});

Deno.test("each thread adds up squares of its own share, of variables that have a gradient", () => {
  const { told: [here, there] } = lists((updates) =>
    updates.squaresPhase([...GRADIENTS, { name: small.name, addresses: [] }])
  );
  assert.deepEqual(here, [
    { sides: [4095], operands: 2, addresses: [10_000, 20_000, 500] },
    { sides: [3504], operands: 1, addresses: [30_000, 500] },
  ]);
  assert.deepEqual(there, [{ sides: [3496], operands: 1, addresses: [30_000 + 4 * 3504, 504] }]);
});
