import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeNpy, encodeNpy, type NpyArray } from "../../pipeline/formats/npy.ts";
import { FormatError } from "../../pipeline/formats/format_error.ts";

/** What NumPy 2.4.6 `numpy.save` writes; the dictionary is padded with spaces to a length of 117, then a line feed. */
function numpyFile(dictionary: string, dataHex: string): Uint8Array<ArrayBuffer> {
  return joined("934e554d505901007600", dictionary.padEnd(117) + "\n", dataHex);
}

function joined(startHex: string, text: string, endHex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...Uint8Array.fromHex(startHex),
    ...new TextEncoder().encode(text),
    ...Uint8Array.fromHex(endHex),
  ]);
}

const REFERENCES: [string, NpyArray, Uint8Array<ArrayBuffer>][] = [
  [
    "uint8",
    { shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 255) },
    numpyFile("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }", "0102030405ff"),
  ],
  [
    "int32",
    { shape: [2], data: Int32Array.of(-1, 2147483647) },
    numpyFile("{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }", "ffffffffffffff7f"),
  ],
  [
    "int64",
    { shape: [2], data: BigInt64Array.of(-(2n ** 63n), 7n) },
    numpyFile(
      "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }",
      "00000000000000800700000000000000",
    ),
  ],
  [
    "float32",
    { shape: [2, 2], data: Float32Array.of(0.1, -0, Infinity, 1e-45) },
    numpyFile(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }",
      "cdcccc3d000000800000807f01000000",
    ),
  ],
  [
    "float64 scalar",
    { shape: [], data: Float64Array.of(0.1) },
    numpyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", "9a9999999999b93f"),
  ],
  [
    "empty",
    { shape: [0, 28, 28], data: new Uint8Array(0) },
    numpyFile("{'descr': '|u1', 'fortran_order': False, 'shape': (0, 28, 28), }", ""),
  ],
];

for (const [name, array, bytes] of REFERENCES) {
  Deno.test(`npy: ${name} has the bytes that NumPy writes, and reads back`, () => {
    assert.deepEqual(encodeNpy(array), bytes);
    assert.deepEqual(decodeNpy(bytes), array);
  });
}

Deno.test("npy: format 2.0 is read", () => {
  const dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".padEnd(115) + "\n";
  const bytes = joined("934e554d5059020074000000", dictionary, "0000c03f00000040");
  assert.deepEqual(decodeNpy(bytes), { shape: [2], data: Float32Array.of(1.5, 2) });
});

Deno.test("npy: a header with its keys in another order and other spaces is read", () => {
  const dictionary = `{"shape":( 2 , 1 ), 'fortran_order':False,'descr' : '|u1'}`;
  assert.deepEqual(decodeNpy(joined("934e554d50590100" + "3a00", dictionary, "0509")).shape, [2, 1]);
});

Deno.test("npy: data at an odd address is copied, not misread", () => {
  const [, array, bytes] = REFERENCES[3]!;
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  assert.deepEqual(decodeNpy(shifted.subarray(1)), array);
});

Deno.test("npy: what cannot be read is refused with the file and the byte", () => {
  const cases: [Uint8Array<ArrayBuffer>, number, RegExp][] = [
    [new Uint8Array(0), 0, /not a NumPy file/],
    [REFERENCES[0]![2].slice(0, 131), 131, /takes 6 bytes of data, but 3 follow/],
    [REFERENCES[0]![2].slice(0, 20), 20, /ends inside its header/],
    [numpyFile("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "00000000"), 10, /type '>f4'/],
    [numpyFile("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "80049500"), 10, /type '\|O'/],
    [numpyFile("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", "00000000"), 10, /Fortran order/],
    [
      numpyFile(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999999, 999999999999999), }",
        "00",
      ),
      129,
      /takes 7\.9/,
    ],
    [joined("934e554d50590300", "", ""), 6, /format 3\.0/],
  ];
  for (const [bytes, offset, problem] of cases) {
    assert.throws(() => decodeNpy(bytes, "x.npy"), (error: unknown) => {
      assert.ok(error instanceof FormatError);
      assert.match(error.message, problem);
      assert.match(error.message, /^Cannot read x\.npy: /);
      assert.equal(error.offset, offset);
      return true;
    });
  }
});

Deno.test("npy: any shape and values read back", () => {
  fc.assert(fc.property(fc.array(fc.nat(4), { maxLength: 5 }), fc.nat(2 ** 31), (shape, seed) => {
    const data = Float64Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      (_, i) => Math.sin(seed + i),
    );
    assert.deepEqual(decodeNpy(encodeNpy({ shape, data })), { shape, data });
  }));
});

Deno.test("npy: 2,000 damaged files give a format error or a whole array", () => {
  const valid = REFERENCES.map(([, , bytes]) => bytes);
  const damage = fc.record({
    file: fc.nat(valid.length - 1),
    at: fc.nat(150),
    byte: fc.nat(255),
    cut: fc.nat(150),
  });
  fc.assert(
    fc.property(damage, ({ file, at, byte, cut }) => {
      const bytes = valid[file]!.slice(0, cut < 75 ? undefined : cut);
      bytes[at] = byte;
      try {
        const { shape, data } = decodeNpy(bytes);
        assert.equal(shape.reduce((a, b) => a * b, 1), data.length);
        assert.ok(data.byteLength <= bytes.length);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
