import assert from "node:assert/strict";
import { Graph } from "../../../../pipeline/engine/graph/graph.ts";
import { BoundCall, InferenceSession } from "../../../../pipeline/engine/native/ort/session.ts";
import { buildModel } from "../../../../pipeline/engine/onnx/build.ts";
import { encodeModel } from "../../../../pipeline/engine/onnx/encode.ts";

/** A model y = 2 x for x of three numbers. */
function doubling(): Uint8Array<ArrayBuffer> {
  const graph = new Graph();
  return encodeModel(buildModel(graph, { y: graph.multiply(graph.input("x", [3]), graph.fill(2, [])) }));
}

const OPTIONS = { threads: 1, nodes: 1 } as const;

Deno.test("a bound call reads and writes the memory that it was given", () => {
  const session = new InferenceSession(doubling(), OPTIONS);
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
    () => new InferenceSession(new Uint8Array([1, 2, 3]), OPTIONS),
    /ONNX Runtime: .*(protobuf|parse|model)/i,
  );
  const session = new InferenceSession(doubling(), OPTIONS);
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
