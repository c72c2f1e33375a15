import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeModel } from "../../pipeline/engine/onnx/encode.ts";
import { decodeOnnx } from "../../pipeline/formats/onnx.ts";
import { FormatError } from "../../pipeline/formats/format_error.ts";

const BYTES = encodeModel({
  nodes: [
    { op: "Gemm", inputs: ["x", "w"], outputs: ["h"], attributes: { transA: 0, transB: 1 } },
    { op: "LeakyRelu", inputs: ["h"], outputs: ["y"], attributes: { alpha: { float: 0.25 } } },
    { op: "Transpose", inputs: ["y"], outputs: ["t"], attributes: { perm: [1, 0] } },
  ],
  initialisers: [
    { name: "w", shape: [2, 3], dtype: "float32", data: [1, 2, 3, 4, 5, -6.5] },
    { name: "end", shape: [2], dtype: "int64", data: [-1, 7] },
  ],
  inputs: [{ name: "x", shape: ["batch", 3], dtype: "float32" }],
  outputs: [{ name: "t", shape: [2, "batch"], dtype: "float32" }],
});

Deno.test("what the exporter writes is read back: operators, attributes, tensors, and lengths that are open", () => {
  const { nodes, tensors, inputs, outputs } = decodeOnnx(BYTES, "a.onnx");
  assert.deepEqual(nodes, [
    { op: "Gemm", inputs: ["x", "w"], outputs: ["h"], attributes: { transA: 0, transB: 1 } },
    { op: "LeakyRelu", inputs: ["h"], outputs: ["y"], attributes: { alpha: 0.25 } },
    { op: "Transpose", inputs: ["y"], outputs: ["t"], attributes: { perm: [1, 0] } },
  ]);
  assert.deepEqual(tensors.map(({ name, shape, type }) => [name, shape, type]), [
    ["w", [2, 3], "float32"],
    ["end", [2], "int64"],
  ]);
  assert.deepEqual(Array.from(new Float32Array(tensors[0]!.bytes.slice().buffer)), [1, 2, 3, 4, 5, -6.5]);
  assert.deepEqual(Array.from(new BigInt64Array(tensors[1]!.bytes.slice().buffer)), [-1n, 7n]);
  assert.deepEqual(inputs, [{ name: "x", shape: ["batch", 3] }]);
  assert.deepEqual(outputs, [{ name: "t", shape: [2, "batch"] }]);
});

Deno.test("bytes that are no ONNX file are refused as such, wherever they are damaged", () => {
  assert.throws(() => decodeOnnx(new Uint8Array(), "a.onnx"), /Cannot read a\.onnx: it is no ONNX model/);
  fc.assert(fc.property(fc.nat(BYTES.length - 1), fc.nat(255), fc.boolean(), (at, byte, cuts) => {
    const damaged = cuts ? BYTES.slice(0, at) : BYTES.slice().fill(byte, at, at + 1);
    try {
      decodeOnnx(damaged, "a.onnx");
    } catch (error) {
      assert(error instanceof FormatError, String(error));
    }
  }));
});
