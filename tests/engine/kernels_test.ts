import assert from "node:assert/strict";
import { randomStream } from "../../pipeline/base/random.ts";
import type { BackendName } from "../../pipeline/engine/backends.ts";
import type { Engine } from "../../pipeline/engine/engine.ts";
import { tf } from "../../pipeline/engine/tfjs.ts";
import { openEngine, optimiser } from "./engines.ts";
import { type Case, CASES, weighted } from "./operations.ts";
import { assertNear } from "../support/assert_near.ts";

/**
 * Every operation of an engine: its values against tfjs's `cpu` backend, its gradients against that and
 * against finite differences of the `cpu` backend's values.
 */

interface Outcome {
  readonly value: Float32Array;
  readonly gradients: readonly Float32Array[];
}

function bySlowBackend({ fn, valuesOnly }: Case, name: string, operands: tf.Variable[]): Outcome {
  return tf.tidy(() => ({
    value: tf.cast(fn(...operands), "float32").dataSync() as Float32Array,
    gradients: valuesOnly ? [] : (() => {
      const { grads } = tf.variableGrads(() => weighted(fn(...operands), name), operands);
      return operands.map((operand) => grads[operand.name]!.dataSync() as Float32Array);
    })(),
  }));
}

/** Moves each weight by its own gradient at a learning rate of 1. */
const DESCENT = optimiser({ name: "sgd" });

function byEngine(engine: Engine, { fn, valuesOnly }: Case, name: string, operands: tf.Variable[]): Outcome {
  const parameters = engine.parameters(operands, DESCENT);
  const program = engine.compileFunction({ parameters, inputs: {}, fn: () => ({ y: fn(...operands) }) });
  const value = program.run().y!;
  assertClose(inStep(engine, fn, operands, value.length), value, 2e-6, "value within a step");
  if (valuesOnly) return { value, gradients: [] };
  const step = engine.compileStep({
    parameters,
    inputs: {},
    step: () => ({ loss: weighted(fn(...operands), name) }),
  });
  const start = operands.map(({ name }) => parameters.get(name));
  step.run(1);
  const gradients = operands.map((operand, i) =>
    parameters.get(operand.name).map((after, j) => start[i]![j]! - after)
  );
  operands.forEach(({ name }, i) => parameters.set(name, start[i]!)); // the reference reads the variables too
  return { value, gradients };
}

/** The function's value as part of a training step: as the gradient of what it is multiplied by. */
function inStep(engine: Engine, fn: Case["fn"], operands: tf.Variable[], size: number): Float32Array {
  const factor = tf.variable(tf.zeros([size]));
  const parameters = engine.parameters([factor], DESCENT);
  const step = engine.compileStep({
    parameters,
    inputs: {},
    step: () => ({ loss: tf.sum(tf.mul(factor, tf.reshape(tf.cast(fn(...operands), "float32"), [-1]))) }),
  });
  step.run(1);
  factor.dispose();
  return parameters.get(parameters.names[0]!).map((moved) => -moved);
}

/** The tolerance is a share of the largest expected entry, and of 1 where all are smaller. */
const assertClose = (
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
) => assertNear(actual, expected, { absolute: tolerance, relative: tolerance, ofLargest: true, what });

/** The slope of the case's loss along a random direction, by central differences. */
function slope(each: Case, name: string, operands: tf.Variable[], directions: Float32Array[]): number {
  const distance = 2e-3 * ((each.range?.[1] ?? 2) - (each.range?.[0] ?? -2)) / 4;
  const [above, below] = [distance, -distance].map((by) =>
    tf.tidy(() => {
      const moved = operands.map((operand, i) =>
        tf.add(operand, tf.mul(tf.tensor(directions[i]!, operand.shape), by))
      );
      // In doubles from here on: the sum would lose what the difference needs.
      const y = each.fn(...moved).dataSync();
      const weights = randomStream(2, name).fillUniform(new Float32Array(y.length));
      return weights.reduce((sum, weight, i) => sum + weight * y[i]!, 0);
    })
  );
  return (above! - below!) / (2 * distance);
}

async function checkAll(
  t: Deno.TestContext,
  engineName: BackendName,
  cases: readonly (readonly [string, Case])[],
) {
  const engine = await openEngine(engineName);
  const backend = tf.getBackend();
  for (const [name, each] of cases) {
    await t.step(name, async () => {
      const [low, high] = each.range ?? [-2, 2];
      const random = randomStream(1, name);
      const draw = (shape: number[]) =>
        random.fillUniform(new Float32Array(tf.util.sizeFromShape(shape))).map((u) => low + u * (high - low));
      const operands = each.shapes.map((shape) => tf.variable(tf.tensor(draw(shape), shape)));
      const actual = byEngine(engine, each, name, operands);
      await tf.setBackend("cpu");
      const expected = bySlowBackend(each, name, operands);
      assertClose(actual.value, expected.value, 2e-6, "value");
      if (!each.wrongInTfjs) {
        expected.gradients.forEach((gradient, i) =>
          assertClose(actual.gradients[i]!, gradient, 1e-5, `gradient of operand ${i}`)
        );
      }
      if (!each.valuesOnly) {
        const directions = operands.map(({ size }) =>
          random.fillUniform(new Float32Array(size)).map((u) => 2 * u - 1)
        );
        const along = actual.gradients.reduce(
          (sum, gradient, i) => gradient.reduce((s, g, j) => s + g * directions[i]![j]!, sum),
          0,
        );
        const scale = actual.gradients.reduce((s, g) => g.reduce((a, x) => a + Math.abs(x), s), 1);
        const measured = slope(each, name, operands, directions);
        assert.ok(Math.abs(along - measured) < 5e-3 * scale, `slope ${along}, by differences ${measured}`);
      }
      tf.dispose(operands);
      await tf.setBackend(backend);
    });
  }
  engine.dispose();
}

Deno.test("the native engine computes every operation and its gradient as tfjs's cpu backend does", async (t) => {
  await checkAll(t, "native", Object.entries(CASES));
});

// tfjs's wasm backend lacks or miscomputes some of these gradients; the rest it is trusted with.
Deno.test("the portable engine computes convolutions and pools and their gradients", async (t) => {
  await checkAll(t, "portable", Object.entries(CASES).filter(([name]) => /^conv|Pool/.test(name)));
});
