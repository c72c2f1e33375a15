import assert from "node:assert/strict";
import type { FunctionDefinition } from "../../../pipeline/engine/engine.ts";
import { openEngine } from "../../../pipeline/engine/native/open.ts";
import { BoundCall, Session } from "../../../pipeline/engine/native/ort/session.ts";
import { Graph } from "../../../pipeline/engine/graph/graph.ts";
import { buildModel, encodeModel } from "../../../pipeline/engine/onnx/model.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";

/** A model y = 2 x for x of three numbers. */
function doubling(): Uint8Array<ArrayBuffer> {
  const graph = new Graph();
  return encodeModel(buildModel(graph, { y: graph.multiply(graph.input("x", [3]), graph.splat(2, [])) }));
}

const OPTIONS = { threads: 1, nodes: 1 } as const;

Deno.test("a bound call reads and writes the memory that it was given", () => {
  const session = new Session(doubling(), OPTIONS);
  const x = Float32Array.of(1, 2, 3), y = new Float32Array(3);
  const call = new BoundCall(session, [{ name: "x", shape: [3], dtype: "float32", data: x }], [{
    name: "y",
    shape: [3],
    dtype: "float32",
    data: y,
  }]);
  call.run();
  assert.deepEqual([...y], [2, 4, 6]);
  x[0] = -5;
  call.run();
  assert.equal(y[0], -10);
  call.dispose();
  session.dispose();
});

Deno.test("what is wrong at the border to the library is an error, not a crash", () => {
  assert.throws(
    () => new Session(new Uint8Array([1, 2, 3]), OPTIONS),
    /ONNX Runtime: .*(protobuf|parse|model)/i,
  );
  const session = new Session(doubling(), OPTIONS);
  const x = { name: "x", shape: [3], dtype: "float32" as const, data: new Float32Array(3) };
  const y = { name: "y", shape: [3], dtype: "float32" as const, data: new Float32Array(3) };
  assert.throws(
    () => new BoundCall(session, [{ ...x, shape: [4] }], [y]),
    /"x": \[4\] needs 4 values, its memory has 3/,
  );
  const misfit = new BoundCall(session, [{
    name: "x",
    shape: [4],
    dtype: "float32",
    data: new Float32Array(4),
  }], [y]);
  assert.throws(() => misfit.run(), /ONNX Runtime: .*x/);
  misfit.dispose();
  const unnamed = new BoundCall(session, [{ ...x, name: "nothing" }], [y]);
  assert.throws(() => unnamed.run(), /ONNX Runtime: .*nothing/);
  unnamed.dispose();

  const call = new BoundCall(session, [x], [y]);
  session.dispose();
  session.dispose();
  assert.throws(() => call.run(), /session after it was disposed of/);
  call.dispose();
  call.dispose();
  assert.throws(() => call.run(), /call after it was disposed of/);
});

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
    /does not know the tfjs kernel FlipLeftRight, called at .*safety_test\.ts:\d+/,
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

Deno.test("without leave to load the library the portable engine is the usable one, with a notice, and the native one is refused", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-check",
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      new URL("../open_backend.ts", import.meta.url).pathname,
    ],
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const { name, notice, refusal } = JSON.parse(new TextDecoder().decode(stdout));
  assert.equal(name, "portable");
  assert.match(notice, /the native one cannot be used here: .*ffi/);
  assert.match(refusal, /^Cannot use the native engine: .*ffi/);
});
