import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { openEngine, optimiser, testEngine } from "../engines.ts";
import { type Case, CASES, weighted } from "../operations.ts";
import { assertNear } from "../../support/assert_near.ts";

/**
 * Every operation's value and gradients against tfjs's `cpu` backend, all in one program: a software adapter takes
 * longer to compile a kernel than to run it. Of convolutions and pools there are many kinds; some stand for all.
 */

const STAND_FOR_ALL = /^(conv2d|conv2dTranspose to 17|maxPool|avgPool) 3x3, stride 2, same/;
const chosen = Object.entries(CASES).filter(([name]) =>
  !/^conv|Pool|^fused conv/.test(name) || STAND_FOR_ALL.test(name)
);

const variablesOf = ([name, { shapes, range: [low, high] = [-2, 2] }]: readonly [string, Case]) => {
  const random = randomStream(1, name);
  return shapes.map((shape) => {
    const values = random.fillUniform(new Float32Array(tf.util.sizeFromShape(shape)));
    return tf.variable(tf.tensor(values.map((u) => low + u * (high - low)), shape));
  });
};

testEngine(
  "webgpu",
  "the webgpu engine computes every operation and its gradient as tfjs's cpu backend does",
  async () => {
    const engine = await openEngine("webgpu");
    await tf.setBackend("cpu");
    const cases = chosen.map((each) => ({ name: each[0], ...each[1], operands: variablesOf(each) }));
    const expected = cases.map(({ name, fn, operands, valuesOnly }) =>
      tf.tidy(() => {
        const value = fn(...operands).dataSync().slice();
        if (valuesOnly) return { value, gradients: [] };
        const { grads } = tf.variableGrads(() => weighted(fn(...operands), name), [...operands]);
        return { value, gradients: operands.map((operand) => grads[operand.name]?.dataSync().slice()) };
      })
    );
    const all = cases.flatMap(({ operands }) => operands);
    const parameters = engine.parameters(all, optimiser({ name: "sgd" }));
    const before = new Map(all.map(({ name }) => [name, parameters.get(name)]));
    const program = engine.compileFunction({
      parameters,
      inputs: {},
      fn: () => Object.fromEntries(cases.map(({ name, fn, operands }) => [name, fn(...operands)])),
    });
    const values = program.run();
    cases.forEach(({ name }, i) => {
      assertNear(values[name]!, expected[i]!.value, {
        absolute: 2e-6,
        relative: 2e-6,
        ofLargest: true,
        what: name,
      });
    });
    const step = engine.compileStep({
      parameters,
      inputs: {},
      step: () => ({
        loss: tf.addN(
          cases.filter(({ valuesOnly }) => !valuesOnly).map(({ name, fn, operands }) =>
            weighted(fn(...operands), name)
          ),
        ) as tf.Scalar,
      }),
    });
    step.run(1);
    cases.forEach(({ name, operands, wrongInTfjs }, i) => {
      if (wrongInTfjs) return;
      expected[i]!.gradients.forEach((gradient, k) => {
        const { name: operand } = operands[k]!;
        const start = before.get(operand)!;
        const moved = parameters.get(operand).map((after, j) => start[j]! - after);
        if (gradient === undefined) assert.ok(moved.every((by) => by === 0), name);
        else {assertNear(moved, gradient, {
            absolute: 1e-5,
            relative: 1e-5,
            ofLargest: true,
            what: `${name}, gradient ${k}`,
          });}
      });
    });
    engine.dispose();
    tf.dispose(all);
  },
);
