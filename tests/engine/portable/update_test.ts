import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import { Arena } from "../../../pipeline/engine/native/arena.ts";
import { allocate, arrange, ProgramMemory } from "../../../pipeline/engine/native/memory.ts";
import { Assembly } from "../../../pipeline/engine/native/program/assembly.ts";
import { Program } from "../../../pipeline/engine/native/program/program.ts";
import { runAll } from "../../../pipeline/engine/native/program/run.ts";
import { UpdateNumbers } from "../../../pipeline/engine/native/update/numbers.ts";
import { Updates } from "../../../pipeline/engine/native/update/updates.ts";
import { PortableParameters } from "../../../pipeline/engine/portable/parameters.ts";
import { PortableUpdate } from "../../../pipeline/engine/portable/update.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import type { Optimiser } from "../../../pipeline/engine/update/rule.ts";
import { optimiser, type OptimiserCase } from "../engines.ts";

await tf.setBackend("cpu");
const SIZE = 5001; // more than two chunks, and no multiple of four
const weights = tf.variable(tf.tensor1d(values("weights")), true, "update/weights");
const unreached = tf.variable(tf.tensor1d(values("unreached")), true, "update/unreached");
const variables = [weights, unreached];
const PARTS = 2, STEPS = 4, RATE = 0.01;

/** Every tenth is so small that what becomes of it is flushed. */
function values(name: string): Float32Array {
  return randomStream(8, name).fillNormal(new Float32Array(SIZE)).map((value, i) =>
    i % 10 > 0 ? value : value * 1e-36
  );
}

const gradientsAt = (step: number) => [0, 1].map((part) => values(`gradient ${step} ${part}`));

function inJavaScript(trainedBy: Optimiser) {
  const parameters = new PortableParameters(variables, trainedBy);
  const update = new PortableUpdate(parameters, trainedBy, PARTS);
  for (let step = 0; step < STEPS; step++) update.run(RATE, new Map([[weights.name, gradientsAt(step)]]));
  return parameters.saveState();
}

function inLoops(trainedBy: Optimiser) {
  const arena = new Arena(variables, trainedBy);
  const shapes = { g0: [SIZE], g1: [SIZE], ...UpdateNumbers.tensors(trainedBy, arena.groups) };
  const { addresses, bytes } = arrange(shapes);
  const memory = allocate(bytes, true), tensors = new ProgramMemory(shapes, memory.buffer);
  const assembly = new Assembly([memory, arena.memory]);
  const updates = new Updates(
    assembly,
    arena,
    trainedBy,
    UpdateNumbers.addresses(trainedBy, arena.groups, addresses),
  );
  const phase = updates.phase([
    { name: weights.name, addresses: [addresses.g0!, addresses.g1!] },
    { name: unreached.name, addresses: [] },
  ]);
  const program = new Program(assembly, [phase]);
  const numbers = new UpdateNumbers(trainedBy, arena.groups, PARTS, tensors);
  for (let step = 0; step < STEPS; step++) {
    gradientsAt(step).forEach((gradient, part) => tensors.views[`g${part}`]!.set(gradient));
    numbers.during(1, ++arena.step, RATE, (phase) => program.runnable[phase]!.forEach(runAll));
  }
  return arena.saveState();
}

const CASES: Record<string, OptimiserCase> = {
  "sgd": { name: "sgd", momentum: 0.9, weightDecay: 0.01 },
  "adam": { name: "adam", weightDecay: 0.01 },
  "adamw": { name: "adamw", weightDecay: 0.01 },
};

for (const [what, chosen] of Object.entries(CASES)) {
  Deno.test(`updates in JavaScript and in WebAssembly give the same bytes: ${what}`, () => {
    const expected = inLoops(optimiser(chosen)), actual = inJavaScript(optimiser(chosen));
    assert.deepEqual(actual, expected);
    assert.ok(actual[`moment1/${weights.name}`]!.includes(0)); // flushed
    assert.equal(actual.step![0], STEPS);
  });
}

Deno.test("a gradient is clipped by its norm over all variables", () => {
  const [three, four] = [3, 4].map((value, i) =>
    tf.variable(tf.tensor1d([0]), true, `update/clip${i}/${value}`)
  );
  const trainedBy = optimiser({ name: "sgd", clipNorm: 1 });
  const parameters = new PortableParameters([three!, four!], trainedBy);
  // The mean gradient is (3, 4), of norm 5.
  new PortableUpdate(parameters, trainedBy, 2).run(
    1,
    new Map([
      [three!.name, [Float32Array.of(2), Float32Array.of(4)]],
      [four!.name, [Float32Array.of(4), Float32Array.of(4)]],
    ]),
  );
  assert.ok(Math.abs(parameters.get(three!.name)[0]! + 0.6) < 1e-7);
  assert.ok(Math.abs(parameters.get(four!.name)[0]! + 0.8) < 1e-7);
});
