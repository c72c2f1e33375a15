import assert from "node:assert/strict";
import { Graph } from "../../../pipeline/engine/graph/graph.ts";
import { schedule, writtenBy } from "../../../pipeline/engine/program/fuse.ts";
import { roundsOf } from "../../../pipeline/engine/webgpu/rounds.ts";
import { GPU_RULES } from "../../../pipeline/engine/webgpu/rules.ts";

const graph = new Graph();
const x = graph.input("x", [8, 8]), w = graph.input("w", [8, 8]);
const product = (a: typeof x, b: typeof x) => graph.node("MatMul", [a, b], [8, 8]);

/** The numbers of rounds in which the values are computed. */
function roundsFor(outputs: (typeof x)[], values: (typeof x)[]): number[] {
  const rounds = roundsOf(schedule(outputs, GPU_RULES));
  return values.map((value) =>
    rounds.findIndex((round) => round.some((one) => writtenBy(one).includes(value)))
  );
}

Deno.test("what needs nothing of each other is one round", () => {
  const a = product(x, w), b = product(w, x), c = product(w, w);
  assert.deepEqual(roundsFor([a, b, c], [a, b, c]), [0, 0, 0]);
});

Deno.test("an instruction comes a round after the last that it needs, however late it was scheduled", () => {
  const a = product(x, w), b = product(a, w), c = product(a, b), beside = product(a, x);
  assert.deepEqual(roundsFor([c, beside], [a, b, c, beside]), [0, 1, 2, 1]);
});

Deno.test("who reads a part of a tensor, or pieces side by side, waits for all of them", () => {
  const early = product(x, w), late = product(early, w);
  const whole = graph.concat([early, late], 0); // [16, 8]
  const ofPart = product(graph.slice(late, [4, 0], [4, 8]), w), ofWhole = product(whole, w);
  assert.deepEqual(roundsFor([ofPart, ofWhole], [early, late, ofPart, ofWhole]), [0, 1, 2, 2]);
});
