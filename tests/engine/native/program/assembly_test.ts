import assert from "node:assert/strict";
import { Graph } from "../../../../pipeline/engine/graph/graph.ts";
import { Assembly } from "../../../../pipeline/engine/native/program/assembly.ts";
import { type Loop, OWN, PARAMETERS } from "../../../../pipeline/engine/native/program/loop.ts";
import { Program } from "../../../../pipeline/engine/native/program/program.ts";
import { runAll } from "../../../../pipeline/engine/native/program/run.ts";

const copy = (number: number, memory: Loop["operands"][number]["memory"] = OWN): Loop => ({
  sides: [4],
  operands: [{ memory, strides: [1] }],
  steps: [{ op: "Add", entries: [{ operand: 0 }, { number }], attributes: {} }],
  results: [{ memory: OWN, strides: [1], entry: { step: 0 }, kind: "entries", size: 4 }],
});

function memories() {
  const shared = () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  return [shared(), shared()] as const;
}

Deno.test("equal loops are one function, and loops that differ in a sign of 0 are two", () => {
  const assembly = new Assembly(memories());
  const names = [copy(1), copy(1), copy(0), copy(-0), copy(NaN), copy(Infinity), copy(NaN)].map((loop) => {
    const invocation = assembly.loop(loop, [0, 64]);
    return "loop" in invocation ? invocation.loop : "";
  });
  assert.deepEqual(names, ["loop0", "loop0", "loop1", "loop2", "loop3", "loop4", "loop3"]);
});

Deno.test("a program runs loops over both memories and calls of the library, phase by phase", () => {
  const [own, parameters] = memories(), graph = new Graph();
  const assembly = new Assembly([own, parameters]);
  const a = graph.input("a", [2, 2]), product = graph.matMul(a, a);
  const bytes = (address: number) => new Uint8Array(own.buffer, address, 16);
  const program = new Program(assembly, [
    [[assembly.loop(copy(1, PARAMETERS), [128, 0])], []],
    [[assembly.call(product, new Map([[a, bytes(0)]]), bytes(64))], [assembly.loop(copy(5), [0, 192])]],
  ]);
  new Float32Array(parameters.buffer, 128, 4).set([0, 1, 2, 3]);
  program.runnable.forEach((threads) => threads.forEach(runAll));
  const at = (address: number) => [...new Float32Array(own.buffer, address, 4)];
  assert.deepEqual(at(0), [1, 2, 3, 4]);
  assert.deepEqual(at(64), [7, 10, 15, 22]);
  assert.deepEqual(at(192), [6, 7, 8, 9]);
  program.dispose();
});

Deno.test("a call's constants are told to the library once", () => {
  const [own, parameters] = memories(), graph = new Graph();
  const assembly = new Assembly([own, parameters]);
  const x = graph.input("x", [3]), gathered = graph.gather(x, graph.constant([2, 0], [2], "int32"), 0);
  const invocation = assembly.call(
    gathered,
    new Map([[x, new Uint8Array(own.buffer, 0, 12)]]),
    new Uint8Array(own.buffer, 64, 8),
  );
  const program = new Program(assembly, [[[invocation], []]]);
  new Float32Array(own.buffer, 0, 3).set([1, 2, 3]);
  runAll(program.runnable[0]![0]);
  assert.deepEqual([...new Float32Array(own.buffer, 64, 2)], [3, 1]);
  program.dispose();
});
