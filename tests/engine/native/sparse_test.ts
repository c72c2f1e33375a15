import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import type { BackendName } from "../../../pipeline/engine/backends.ts";
import { Arena } from "../../../pipeline/engine/native/arena.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { openEngine, optimiser } from "../engines.ts";

/** Sparse inputs to a layer of weights that are many enough to be worth it; no side is a round number. */
const [INPUTS, UNITS, OUTPUTS] = [1501, 67, 11];

interface Trained {
  readonly losses: number[];
  readonly weights: Float32Array[];
  readonly isStraight: boolean | undefined;
  readonly hidden: Float32Array;
}

/** Trains three steps on examples of which a share is on, and computes the hidden layer before and after. */
async function train(
  engineName: BackendName,
  { density, batch, clipNorm, functionFirst = false }: {
    readonly density?: number;
    readonly batch: number;
    readonly clipNorm?: number;
    readonly functionFirst?: boolean;
  },
): Promise<Trained> {
  const engine = await openEngine(engineName);
  const random = randomStream(3, "sparse");
  const variable = (name: string, ...shape: number[]) => {
    const values = random.fillNormal(new Float32Array(shape.reduce((a, b) => a * b))).map((x) => x * 0.1);
    return tf.variable(tf.tensor(values, shape), true, name);
  };
  const first = variable("first", INPUTS, UNITS), bias = variable("bias", UNITS);
  const second = variable("second", UNITS, OUTPUTS);
  const variables = [first, bias, second];
  const parameters = engine.parameters(
    variables,
    optimiser({ name: "adam", epsilon: 1e-3, ...(clipNorm === undefined ? {} : { clipNorm }) }),
  );
  const hidden = (x: tf.Tensor) =>
    tf.tanh(tf.add(tf.matMul(x as tf.Tensor2D, first as tf.Tensor2D), bias)) as tf.Tensor2D;
  const compile = () =>
    engine.compileFunction({
      parameters,
      inputs: { x: [batch, INPUTS] },
      fn: ({ x }) => ({ hidden: hidden(x!) }),
    });
  const early = functionFirst ? compile() : undefined;
  const step = engine.compileStep({
    parameters,
    inputs: {
      x: { shape: [batch, INPUTS], batched: true, ...(density === undefined ? {} : { density }) },
      y: { shape: [batch, OUTPUTS], batched: true },
    },
    step: ({ x, y }) => ({
      loss: tf.mean(tf.square(tf.sub(tf.matMul(hidden(x!), second as tf.Tensor2D), y!))) as tf.Scalar,
    }),
  });
  const draw = (x: Float32Array) => random.fillUniform(x).forEach((u, i) => x[i] = Number(u < 0.03));
  const losses = [0, 1, 2].map(() => {
    draw(step.inputs.x!);
    random.fillNormal(step.inputs.y!);
    return step.run(0.01).loss!;
  });
  const fn = early ?? compile();
  draw(fn.inputs.x!);
  const result = {
    losses,
    weights: parameters.names.map((name) => parameters.get(name)),
    isStraight: parameters instanceof Arena ? !parameters.isTransposed("first") : undefined,
    hidden: fn.run().hidden!.slice(),
  };
  engine.dispose();
  tf.dispose(variables);
  return result;
}

function assertAlike(actual: Trained, expected: Trained): void {
  actual.losses.forEach((loss, i) => assert.ok(Math.abs(loss - expected.losses[i]!) < 1e-5 * loss));
  const near = (a: Float32Array, b: Float32Array, what: string) =>
    a.forEach((value, i) => assert.ok(Math.abs(value - b[i]!) < 1e-5, `${what}[${i}]: ${value}, ${b[i]}`));
  actual.weights.forEach((weight, i) => near(weight, expected.weights[i]!, `weight ${i}`));
  near(actual.hidden, expected.hidden, "hidden");
}

for (const [batch, clipNorm] of [[7, undefined], [10, undefined], [10, 0.01]] as const) {
  const clipped = clipNorm === undefined ? "" : ", clipped";
  Deno.test(`weights of sparse inputs move as in the portable engine: ${batch} examples${clipped}`, async () => {
    const options = { density: 0.03, batch, ...(clipNorm === undefined ? {} : { clipNorm }) };
    const sparse = await train("native", options);
    assert.ok(sparse.isStraight);
    assertAlike(sparse, await train("portable", options));
  });
}

Deno.test("inputs that are not known to be sparse are multiplied as before", async () => {
  for (const density of [undefined, 0.5]) {
    const { isStraight } = await train("native", { batch: 4, ...(density === undefined ? {} : { density }) });
    assert.equal(isStraight, false);
  }
});

Deno.test("weights that a function reads already stay as they lie, and its results right", async () => {
  const late = await train("native", { density: 0.03, batch: 4, functionFirst: true });
  assert.equal(late.isStraight, false);
  assertAlike(late, await train("portable", { batch: 4 }));
});
