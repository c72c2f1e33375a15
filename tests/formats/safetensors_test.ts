import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeSafetensors, encodeSafetensors } from "../../pipeline/formats/safetensors.ts";
import { FormatError } from "../../pipeline/formats/format_error.ts";

/** Written by the Python package `safetensors` 0.x (`safetensors.numpy.save`), which is the reference. */
const REFERENCE = Uint8Array.from([
  ...Uint8Array.fromHex("d000000000000000"),
  ...new TextEncoder().encode(
    '{"__metadata__":{"format":"reparam"},"10":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]},' +
      '"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},' +
      '"b":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]}}       ',
  ),
  ...Uint8Array.fromHex("cdcccc3d0000c03f000000c0"),
]);
const TENSORS = {
  b: { shape: [1, 2], data: Float32Array.of(1.5, -2) },
  a: { shape: [], data: Float32Array.of(0.1) },
  10: { shape: [0, 3], data: new Float32Array(0) },
};

Deno.test("safetensors: has the bytes that the reference writes, in whatever order tensors are given", () => {
  assert.deepEqual(encodeSafetensors(TENSORS, { format: "reparam" }), REFERENCE);
});

Deno.test("safetensors: reads the reference's bytes", () => {
  assert.deepEqual(decodeSafetensors(REFERENCE), { tensors: TENSORS, metadata: { format: "reparam" } });
});

function file(header: string, dataBytes: number): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  bytes[0] = text.length;
  bytes.set(text, 8);
  return bytes;
}

Deno.test("safetensors: what cannot be read is refused with the file and the reason", () => {
  const cases: [Uint8Array<ArrayBuffer>, RegExp][] = [
    [new Uint8Array(7), /ends inside its header \(at byte 7\)/],
    [Uint8Array.fromHex("ffffffffffffffff"), /claims 18446744073709552000 bytes/],
    [REFERENCE.slice(0, -1), /take 12 bytes, not 11/],
    [file("[]", 0), /not an object/],
    [file("{", 0), /not JSON/],
    [file('{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}', 4), /type of tensor "a" is not F32/],
    [file('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4), /not a list of counts/],
    [file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4), /not the size of tensor "a"/],
    [file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8), /hole or an overlap/],
    [file('{"__metadata__":{"a":1}}', 0), /not an object of strings/],
    [
      file(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        4,
      ),
      /hole or an overlap/,
    ],
  ];
  for (const [bytes, problem] of cases) {
    assert.throws(() => decodeSafetensors(bytes, "w.safetensors"), (error: unknown) => {
      assert.ok(error instanceof FormatError);
      assert.match(error.message, /^Cannot read w\.safetensors: /);
      assert.match(error.message, problem);
      return true;
    });
  }
});

Deno.test("safetensors: a tensor named __proto__ is a tensor", () => {
  const tensors = Object.fromEntries([["__proto__", { shape: [1], data: Float32Array.of(3) }]]);
  const decoded = decodeSafetensors(encodeSafetensors(tensors)).tensors;
  assert.deepEqual(Object.entries(decoded), Object.entries(tensors));
});

Deno.test("safetensors: any names, shapes and values read back", () => {
  const tensor = fc.array(fc.nat(3), { maxLength: 4 }).chain((shape) => {
    const length = shape.reduce((a, b) => a * b, 1);
    return fc.float32Array({ minLength: length, maxLength: length }).map((data) => ({ shape, data }));
  });
  const name = fc.string({ unit: "grapheme" }).filter((s) => s !== "__proto__" && s !== "__metadata__");
  const strings = fc.dictionary(name, fc.string({ unit: "grapheme" }), { noNullPrototype: true });
  fc.assert(
    fc.property(fc.dictionary(name, tensor, { noNullPrototype: true }), strings, (tensors, metadata) => {
      assert.deepEqual(decodeSafetensors(encodeSafetensors(tensors, metadata)), { tensors, metadata });
    }),
  );
});

Deno.test("safetensors: 2,000 damaged files give a format error or whole tensors", () => {
  const damage = fc.record({ at: fc.nat(REFERENCE.length - 1), byte: fc.nat(255), cut: fc.nat(400) });
  fc.assert(
    fc.property(damage, ({ at, byte, cut }) => {
      const bytes = REFERENCE.slice(0, cut);
      bytes[at] = byte;
      try {
        for (const { shape, data } of Object.values(decodeSafetensors(bytes).tensors)) {
          assert.equal(shape.reduce((a, b) => a * b, 1), data.length);
        }
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
