import assert from "node:assert/strict";
import { UserError } from "../../../pipeline/base/errors.ts";
import { traceStep } from "../../../pipeline/engine/trace/trace.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { openEngine } from "../engines.ts";

type Compute = (x: tf.Tensor) => tf.Tensor;

/** Kernels that the engine has not, a shape, an operation that needs the kernel, and what is advised in its place. */
const ADVICE: [kernel: string, shape: number[], there: Compute, instead: Compute, advice: RegExp][] = [
  [
    "FlipLeftRight",
    [2, 2, 3, 2],
    (x) => tf.image.flipLeftRight(x as tf.Tensor4D),
    (x) => tf.reverse(x, 2),
    /tf\.reverse\(x, 2\)/,
  ],
  [
    "ResizeNearestNeighbor",
    [2, 2, 3, 2],
    (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [4, 6]),
    (x) => tf.reshape(tf.tile(tf.reshape(x, [4, 1, 3, 1, 2]), [1, 2, 1, 2, 1]), [2, 4, 6, 2]),
    /tf\.tile between two tf\.reshape/,
  ],
  [
    "DepthToSpace",
    [2, 3, 1, 4],
    (x) => tf.depthToSpace(x as tf.Tensor4D, 2),
    (x) => tf.reshape(tf.transpose(tf.reshape(x, [2, 3, 1, 2, 2]), [0, 1, 3, 2, 4]), [2, 6, 2, 1]),
    /tf\.transpose between two tf\.reshape/,
  ],
  [
    "MirrorPad",
    [2, 2, 3, 2],
    (x) => tf.mirrorPad(x, [[0, 0], [0, 0], [1, 0], [0, 0]], "reflect"),
    (x) => tf.concat([tf.slice(x, [0, 0, 1, 0], [2, 2, 1, 2]), x], 2),
    /tf\.concat of what tf\.slice/,
  ],
  [
    "Einsum",
    [4, 6],
    (x) => tf.einsum("ij,kj->ik", x, x),
    (x) => tf.matMul(x, tf.transpose(x)),
    /tf\.matMul of what/,
  ],
  ["Mod", [24], (x) => tf.mod(x, 1.5), (x) => tf.sub(x, tf.mul(tf.floorDiv(x, 1.5), 1.5)), /tf\.floorDiv/],
  ["Tan", [24], (x) => tf.tan(x), (x) => tf.div(tf.sin(x), tf.cos(x)), /tf\.div\(tf\.sin/],
];

/** What is thrown, as a user reads it. */
function told(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    assert(error instanceof UserError, String(error));
    return [error.message, ...error.notes].join("\n");
  }
  return "nothing is thrown";
}

Deno.test("where the engine lacks an operation, what it advises computes the same as tfjs's own", async () => {
  const engine = await openEngine("native");
  for (const [kernel, shape, there, instead, advice] of ADVICE) {
    const x = tf.variable(tf.tensor(Float32Array.from({ length: 24 }, (_, i) => Math.sin(7 * i)), shape));
    const parameters = engine.parameters([x]);
    const compile = (fn: Compute) =>
      engine.compileFunction({ parameters, inputs: {}, fn: () => ({ y: fn(x) }) });
    const message = told(() => compile(there));
    assert.match(
      message,
      new RegExp(`tfjs kernel ${kernel}, called at unknown_test\\.ts:\\d+:\\d+\nNext: use`),
    );
    assert.match(message, advice);
    const compiled = compile(instead);
    const expected = there(x).dataSync();
    compiled.run().y!.forEach((y, i) =>
      assert(Math.abs(y - expected[i]!) < 1e-5, `${kernel}: ${y}, ${expected[i]}`)
    );
    compiled.dispose();
    x.dispose();
  }
  engine.dispose();
});

Deno.test("an operation whose gradient the engine lacks is said to be one, and one without advice lists what there is", () => {
  const table = tf.variable(tf.ones([3, 2]), true, "table");
  const variables = { variables: [table], latest: () => new Float32Array(6), isTransposed: () => false };
  const gradient = told(() =>
    traceStep(variables, {}, () => ({ loss: tf.sum(tf.gather(table, tf.tensor1d([0, 2, 2], "int32"))) }))
  );
  assert.match(
    gradient,
    /kernel UnsortedSegmentSum, called in the gradient of an operation\nNext: use tf\.matMul\(tf\.oneHot/,
  );
  const other = told(() => traceStep(variables, {}, () => ({ loss: tf.sum(tf.cumprod(table)) })));
  assert.match(other, /kernel Cumprod, called at unknown_test\.ts:\d+:\d+\nAllowed: Abs, Add, .*Concat, /);
  assert(!/Cumprod,|Backprop|Grad/.test(other.split("Allowed")[1]!), other);
  table.dispose();
});
