import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import type { BackendName } from "../../../pipeline/engine/backends.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import type { Optimiser } from "../../../pipeline/engine/update/rule.ts";
import { openEngine, optimiser } from "../engines.ts";

/** Two layers whose weights are so many that their gradients are computed in tiles; no side is a round number. */
const [INPUTS, UNITS, OUTPUTS] = [557, 131, 4507];

async function train(engineName: BackendName, trainedBy: Optimiser, batch: number) {
  const engine = await openEngine(engineName);
  const random = randomStream(3, "tiles");
  const normal = (shape: [number, number], spread: number) =>
    tf.variable(
      tf.tensor2d(random.fillNormal(new Float32Array(shape[0] * shape[1])).map((x) => x * spread), shape),
      true,
      `${engineName}/${random.fillUniform(new Float32Array(1))[0]}`,
    );
  const first = normal([INPUTS, UNITS], 0.1), second = normal([UNITS, OUTPUTS], 0.05);
  const parameters = engine.parameters([first, second], trainedBy);
  const step = engine.compileStep({
    parameters,
    inputs: {
      x: { shape: [batch, INPUTS], batched: true },
      y: { shape: [batch, OUTPUTS], batched: true },
    },
    step: ({ x, y }) => {
      const hidden = tf.tanh(tf.matMul(x as tf.Tensor2D, first));
      return { loss: tf.mean(tf.square(tf.sub(tf.matMul(hidden as tf.Tensor2D, second), y!))) as tf.Scalar };
    },
  });
  const losses = [0, 1, 2].map(() => {
    random.fillNormal(step.inputs.x!);
    random.fillNormal(step.inputs.y!);
    return step.run(0.01).loss!;
  });
  const weights = parameters.names.map((name) => parameters.get(name));
  engine.dispose();
  tf.dispose([first, second]);
  return { losses, weights };
}

const ADAM = { name: "adam", epsilon: 1e-3, weightDecay: 0.01 } as const;
const OPTIMISERS = {
  "sgd with momentum": optimiser({ name: "sgd", momentum: 0.9 }),
  adam: optimiser(ADAM),
  "adamw with clipping": optimiser({ ...ADAM, name: "adamw", clipNorm: 0.01 }),
};

for (const [name, trainedBy] of Object.entries(OPTIMISERS)) {
  for (const batch of [7, 10]) {
    Deno.test(`weights whose gradients are computed in tiles move as in the portable engine: ${name}, ${batch} examples`, async () => {
      const native = await train("native", trainedBy, batch);
      const portable = await train("portable", trainedBy, batch);
      native.losses.forEach((loss, i) => assert.ok(Math.abs(loss - portable.losses[i]!) < 1e-5 * loss));
      native.weights.forEach((weight, i) => {
        const expected = portable.weights[i]!;
        const wrong = weight.findIndex((value, j) => !(Math.abs(value - expected[j]!) < 1e-5));
        assert.equal(wrong, -1, `weight ${i}[${wrong}]: ${weight[wrong]}, ${expected[wrong]}`);
      });
    });
  }
}

Deno.test("the gradient of a large matrix is right also where one of its factors is a constant", async () => {
  const engine = await openEngine("native");
  const weights = tf.variable(tf.zeros([INPUTS, UNITS]));
  const parameters = engine.parameters([weights], optimiser({ name: "sgd" }));
  const step = engine.compileStep({
    parameters,
    inputs: { x: { shape: [4, INPUTS], batched: true } },
    step: ({ x }) => ({ loss: tf.mean(tf.matMul(x as tf.Tensor2D, weights as tf.Tensor2D)) }),
  });
  const x = randomStream(4, "x").fillNormal(step.inputs.x!);
  step.run(1);
  // The gradient of the mean over examples and units: each weight's is the sum of its input over both.
  const moved = parameters.get(parameters.names[0]!);
  for (let input = 0; input < INPUTS; input++) {
    const gradient = [0, 1, 2, 3].reduce((sum, row) => sum + x[row * INPUTS + input]!, 0) / (4 * UNITS);
    for (let unit = 0; unit < UNITS; unit++) {
      assert.ok(Math.abs(moved[input * UNITS + unit]! + gradient) < 1e-7, `weight [${input}, ${unit}]`);
    }
  }
  engine.dispose();
  weights.dispose();
});
