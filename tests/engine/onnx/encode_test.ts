import assert from "node:assert/strict";
import { encodeEntries, encodeModel } from "../../../pipeline/engine/onnx/encode.ts";

/** The bytes that a text of hexadecimal numbers and quoted strings stands for. */
function bytes(text: string): number[] {
  return (text.match(/"[^"]*"|[0-9a-f]{2}/g) ?? []).flatMap((token) =>
    token.startsWith('"') ? [...new TextEncoder().encode(token.slice(1, -1))] : [parseInt(token, 16)]
  );
}

// By hand from onnx.proto: each field is (number << 3 | wire type), then a varint, or a length and so many bytes.
Deno.test("a model is encoded as ONNX's protocol buffers say", () => {
  const model = encodeModel({
    nodes: [{
      op: "Foo" as "Exp",
      inputs: ["x"],
      outputs: ["y"],
      attributes: { n: -1, f: { float: 1 }, l: [300] },
    }],
    initialisers: [{ name: "c", shape: [2], dtype: "float32", data: [1, -2] }],
    inputs: [{ name: "x", shape: ["b", 3], dtype: "float32" }],
    outputs: [{ name: "y", shape: [], dtype: "int64" }],
  });
  const integer = '0a 01 "n" 18 ff ff ff ff ff ff ff ff ff 01 a0 01 02'; // name, i = -1, type INT
  const float = '0a 01 "f" 15 00 00 80 3f a0 01 01'; // name, f = 1, type FLOAT
  const list = '0a 01 "l" 40 ac 02 a0 01 07'; // name, ints = 300, type INTS
  const node = `0a 01 "x" 12 01 "y" 22 03 "Foo" 2a 11 ${integer} 2a 0b ${float} 2a 09 ${list}`;
  const tensor = '08 02 10 01 42 01 "c" 4a 08 00 00 80 3f 00 00 00 c0'; // dims, type FLOAT, name, raw data
  const input = '0a 01 "x" 12 0f 0a 0d 08 01 12 09 0a 03 12 01 "b" 0a 02 08 03';
  const output = '0a 01 "y" 12 06 0a 04 08 07 12 00';
  const graph = `0a 36 ${node} 12 07 "reparam" 2a 11 ${tensor} 5a 14 ${input} 62 0b ${output}`;
  assert.deepEqual([...model], bytes(`08 08 12 07 "reparam" 3a 77 ${graph} 42 02 10 11`));
});

Deno.test("a tensor's entries are encoded by their type", () => {
  assert.deepEqual([...encodeEntries([1.5], "float32")], [0, 0, 0xc0, 0x3f]);
  assert.deepEqual([...encodeEntries([-2], "int32")], [0xfe, 0xff, 0xff, 0xff]);
  assert.deepEqual([...encodeEntries([3], "int64")], [3, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...encodeEntries([0, 1], "bool")], [0, 1]);
});

Deno.test("a tensor with a wrong number of entries is refused", () => {
  assert.throws(
    () =>
      encodeModel({
        nodes: [],
        initialisers: [{ name: "c", shape: [3], dtype: "float32", data: [1] }],
        inputs: [],
        outputs: [],
      }),
    /Tensor "c" has 1 values for \[3\]/,
  );
});
