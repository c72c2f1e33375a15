import assert from "node:assert/strict";
import type { FunctionDefinition } from "../../../pipeline/engine/engine.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { openEngine } from "../engines.ts";

Deno.test("the native engine names what it cannot compile, and where", async () => {
  const engine = await openEngine("native");
  const x = tf.variable(tf.tensor2d([[1, 2], [3, 4]]));
  const parameters = engine.parameters([x]);
  const compile = (fn: FunctionDefinition["fn"]) => () =>
    engine.compileFunction({ parameters, inputs: {}, fn });
  assert.throws(
    compile(() => ({
      y: tf.linalg.bandPart(x as tf.Tensor, 1, 1),
      z: tf.image.flipLeftRight(tf.ones([1, 2, 2, 1])),
    })),
    /does not know the tfjs kernel FlipLeftRight, called at .*trace_test\.ts:\d+/,
  );
  assert.throws(
    compile(() => ({ y: tf.scalar(x.dataSync()[0]! + tf.sum(x).dataSync()[0]!) })),
    /values .* were read/,
  );
  assert.throws(
    compile(() => ({ y: tf.conv2d(x.as4D(1, 1, 2, 2), tf.ones([1, 1, 1, 1]), 1, 0, "NCHW") })),
    /channels last/,
  );
  // Nothing of a failed compilation is left behind.
  assert.equal(tf.getBackend(), "cpu");
  assert.deepEqual([...tf.add(x, 1).dataSync()], [2, 3, 4, 5]);
  engine.dispose();
  x.dispose();
});

Deno.test("constants and variables can be used in one compiled function after another", async () => {
  const engine = await openEngine("native");
  const x = tf.variable(tf.tensor1d([1, 2])), y = tf.variable(tf.tensor1d([10, 20]));
  const table = tf.tensor1d([3, 4]);
  const both = engine.parameters([x, y]), one = engine.parameters([y]);
  const run = (
    parameters: typeof both,
    fn: () => tf.Tensor,
  ) => [...engine.compileFunction({ parameters, inputs: {}, fn: () => ({ z: fn() }) }).run().z!];
  assert.deepEqual(run(both, () => tf.mul(tf.add(x, table), y)), [40, 120]);
  // In the next graph everything has another number, and x is a constant.
  assert.deepEqual(run(one, () => tf.add(tf.mul(tf.sub(y, 1), table), tf.mul(y, x))), [37, 116]);
  let symbol: tf.Tensor | undefined;
  run(both, () => symbol = tf.keep(tf.add(x, y)));
  assert.throws(() => run(both, () => tf.add(symbol!, 1)), /a symbol of another compiled step/);
  engine.dispose();
  tf.dispose([x, y, table]);
});
