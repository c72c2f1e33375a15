import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { openEngine, optimiser } from "../engines.ts";
import { randomLoss as loss, SHAPES } from "../random_operations.ts";

/**
 * What decides which loops a step's operations become and where its tensors lie must not change what they compute.
 * The reference is tfjs's `cpu` backend.
 */

const STEPS = 80;

for (const parts of [1, 2] as const) {
  Deno.test(`${STEPS} steps of random operations in ${parts} part(s) have the gradients of tfjs's cpu backend`, async () => {
    const engine = await openEngine("native");
    await tf.setBackend("cpu");
    for (let seed = 0; seed < STEPS; seed++) {
      const random = randomStream(seed, "values");
      const normal = (shape: number[]) =>
        tf.tensor(random.fillNormal(new Float32Array(tf.util.sizeFromShape(shape))), shape);
      const variables = SHAPES.map((shape) => tf.variable(normal(shape)));
      const x = normal([parts * 2, 4]);
      const parameters = engine.parameters(variables, optimiser({ name: "sgd" }));
      const step = engine.compileStep({
        parameters,
        inputs: { x: { shape: [parts * 2, 4], batched: true } },
        step: (inputs) => ({ loss: loss(seed, variables, inputs.x!) }),
        parts,
      });
      step.inputs.x!.set(x.dataSync());
      // First, because the step moves the weights that tfjs reads.
      const halves = tf.split(x, parts, 0);
      const { value, grads } = tf.variableGrads(
        () => tf.div(tf.addN(halves.map((half) => loss(seed, variables, half))), parts) as tf.Scalar,
        [...variables],
      );
      const before = variables.map((variable) => parameters.get(variable.name));
      const actual = step.run(1).loss!;
      assert.ok(
        Math.abs(actual - value.dataSync()[0]!) < 1e-5 * (1 + Math.abs(actual)),
        `seed ${seed}: loss ${actual}, not ${value.dataSync()[0]}`,
      );
      for (const [i, variable] of variables.entries()) {
        const after = parameters.get(variable.name);
        const gradient = grads[variable.name]?.dataSync() ?? new Float32Array(variable.size);
        const scale = Math.max(1, ...gradient.map(Math.abs));
        after.forEach((moved, j) => {
          const off = Math.abs(before[i]![j]! - moved - gradient[j]!);
          assert.ok(
            off < 2e-5 * scale,
            `seed ${seed}, ${variable.shape} [${j}]: ${before[i]![j]! - moved}, not ${gradient[j]}`,
          );
        });
      }
      step.dispose();
      tf.dispose([...variables, x, ...halves, value, ...Object.values(grads)]);
    }
    engine.dispose();
  });
}
