import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { UserError } from "../../../../pipeline/base/errors.ts";
import { encodeNpy } from "../../../../pipeline/formats/npy.ts";
import { openArray } from "../../../../pipeline/kinds/images/arrays/array_file.ts";
import { hasPython, python } from "../../../support/python.ts";
import { temporaryFolder } from "../../../store/temporary.ts";
import { writeFiles } from "../pictures/painted.ts";
import { zip } from "./zip.ts";

/** All that is in an array. */
async function contents(folder: string, reference: string) {
  const { shape, type, blocks } = await openArray(reference, (file) => `${folder}/${file}`);
  const values: (number | string)[] = [];
  for await (const { view } of blocks()) {
    for (let at = 0; at < view.byteLength; at += type.bytes) {
      values.push(type.text ? type.text(view, at) : type.read(view, at));
    }
  }
  return { shape, type: type.name, values };
}

Deno.test({
  name: "arrays that NumPy wrote are read as it reads them, whatever their type and however they are packed",
  ignore: !hasPython("numpy"),
  async fn() {
    await using folder = await temporaryFolder();
    const script = fileURLToPath(new URL("./write_arrays.py", import.meta.url));
    const { success, stderr } = python([script, folder.path]);
    assert(success, new TextDecoder().decode(stderr));
    const expected = JSON.parse(Deno.readTextFileSync(`${folder.path}/expected.json`));
    for (const [reference, { shape, type, values }] of Object.entries<Record<string, never>>(expected)) {
      const found = await contents(folder.path, reference);
      assert.deepEqual(found.shape, shape, reference);
      assert.equal(found.type, String(type).replace(/^(str|bytes)\d+$/, "text"), reference);
      assert.deepEqual(
        found.values,
        Array.from(
          values as (number | boolean)[],
          (value) => typeof value === "boolean" ? Number(value) : value,
        ),
        reference,
      );
    }
    await assert.rejects(contents(folder.path, "objects.npy"), /values are Python objects/);
    await assert.rejects(contents(folder.path, "complex.npy"), /type '<c16' is not one of bool, uint8/);
  },
});

const ARRAY = encodeNpy({ shape: [3, 2, 2], data: Uint8Array.from({ length: 12 }, (_, i) => i) });

/** Bytes in which a text is another of the same length, wherever it stands. */
function renamed(bytes: Uint8Array, from: string, to: string): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll(from, to), "latin1");
}

Deno.test("a file that is no array, or not a whole one, is refused in words", async () => {
  await using folder = await temporaryFolder();
  const long = encodeNpy({ shape: [2000, 100], data: new Uint8Array(200_000) });
  await writeFiles(folder.path, {
    "good.npy": ARRAY,
    "cut.npy": ARRAY.slice(0, -1),
    "longer.npy": Uint8Array.of(...ARRAY, 7),
    "text.npy": "1,2,3\n4,5,6\n",
    "empty.npy": "",
    "cut.npy.gz": gzipSync(long).slice(0, -20),
    "two.npz": zip({ "images.npy": ARRAY, "labels.npy": ARRAY }),
    "twins.npz": renamed(zip({ "one.npy": ARRAY, "two.npy": ARRAY }), "two.npy", "one.npy"),
    "fields.npy": renamed(ARRAY, "'|u1'", "[('a'"),
    "nothing.npy": encodeNpy({ shape: [3, 0], data: new Uint8Array() }),
    "damaged.npz": zip({ "images.npy": ARRAY }).map((byte, i, all) => i === all.indexOf(11, 150) ? 99 : byte),
    "claims.npz": zip({
      "images.npy": encodeNpy({ shape: [3, 2, 2], data: new Uint8Array(12) }).slice(0, -4),
    }),
    "cut.npz": zip({ "images.npy": long }, { deflated: true }).slice(0, -40),
    "bomb.npz": zip({ "images.npy": Uint8Array.of(...ARRAY, ...new Uint8Array(1e5)) }, { deflated: true }),
    "bomb-that-lies.npz": zip(
      { "images.npy": Uint8Array.of(...ARRAY, ...new Uint8Array(1e5)) },
      { deflated: true, claims: () => ARRAY.length },
    ),
    "idx3": Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 5),
    "idx-huge": Uint8Array.of(0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 5),
    "idx-type": Uint8Array.of(0, 0, 7, 1, 0, 0, 0, 1, 5),
  });
  assert.deepEqual((await contents(folder.path, "good.npy")).values, Array.from({ length: 12 }, (_, i) => i));
  assert.deepEqual((await contents(folder.path, "two.npz#labels")).shape, [3, 2, 2]);
  const cases: Record<string, RegExp> = {
    "good.npy#images": /Cannot take images from good\.npy: it is no \.npz file/,
    "cut.npy": /claims \[3,2,2\] values of uint8: its bytes cannot hold them|it is cut off/,
    "longer.npy": /more follows than the values of its shape \[3,2,2\]/,
    "text.npy": /neither a NumPy nor an IDX file/,
    "empty.npy": /it is cut off/,
    "cut.npy.gz": /cannot be unpacked|it is cut off/,
    "two.npz": /which array of two\.npz is meant[^]*It holds images, labels: name one as two\.npz#images/,
    "two.npz#image": /array image in two\.npz[^]*Did you mean two\.npz#images\?/,
    "twins.npz#one": /which array of twins\.npz is meant: it holds one more than once/,
    "fields.npy": /its values are records of several fields/,
    "nothing.npy": /it holds nothing: its shape is \[3,0\]/,
    "damaged.npz#images": /checksum of images\.npy is wrong/,
    "claims.npz#images": /it is cut off/,
    "cut.npz#images": /cut\.npz: it is damaged/,
    "bomb.npz#images": /more follows than the values of its shape/,
    "bomb-that-lies.npz#images": /more follows than the values|too many bytes/,
    "idx3": /it is cut off|cannot hold them/,
    "idx-huge": /its bytes cannot hold them/,
    "idx-type": /its type is 0x07, which no IDX file has/,
  };
  for (const [reference, message] of Object.entries(cases)) {
    await assert.rejects(contents(folder.path, reference), (error) => {
      assert(error instanceof UserError, String(error));
      assert.match([error.message, ...error.notes].join("\n"), message, reference);
      return true;
    });
  }
});
