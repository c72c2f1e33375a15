import assert from "node:assert/strict";
import fc from "fast-check";
import { parseIdx, parseLabelledImages } from "../../../pipeline/kinds/images/idx.ts";
import { FormatError } from "../../../pipeline/formats/format_error.ts";

/** Three images of 2 x 2 and their labels, written out by hand after the format's description. */
const IMAGES = Uint8Array.fromHex(
  "00000803" + "00000003" + "00000002" + "00000002" + "000102030405060708090aff",
);
const LABELS = Uint8Array.fromHex("00000801" + "00000003" + "000102");
const EXPECTED = { shape: [2, 2], classes: 3 };

function parse(images: Uint8Array, labels: Uint8Array) {
  return parseLabelledImages({ bytes: images, file: "images" }, { bytes: labels, file: "labels" }, EXPECTED);
}

Deno.test("IDX: images and labels are read", () => {
  const { images, labels } = parse(IMAGES, LABELS);
  assert.deepEqual(images, { shape: [3, 2, 2], data: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255) });
  assert.deepEqual(labels, Uint8Array.of(0, 1, 2));
});

Deno.test("IDX: a file that is not what it must be is refused with its name and the byte", () => {
  const cases: [Uint8Array, Uint8Array, string, number, RegExp][] = [
    [IMAGES.slice(0, 9), LABELS, "images", 9, /ends inside its header/],
    [new Uint8Array(0), LABELS, "images", 0, /ends inside its header/],
    [IMAGES.with(0, 0x1f), LABELS, "images", 0, /not an IDX file/],
    [IMAGES.with(2, 0x0d), LABELS, "images", 2, /type is 0x0d, not 0x08/],
    [IMAGES.with(3, 2), LABELS, "images", 3, /has 2 axes, not 3/],
    [IMAGES.slice(0, -1), LABELS, "images", 27, /3 x 2 x 2 takes 12 bytes of values, but 11 follow/],
    [Uint8Array.of(...IMAGES, 0), LABELS, "images", 28, /takes 12 bytes of values, but 13 follow/],
    [IMAGES.with(4, 255), LABELS, "images", 28, /4278190083 x 2 x 2 takes 17112760332 bytes/],
    [IMAGES, LABELS.with(10, 3), "labels", 10, /label 3 is not one of 0 to 2/],
    [
      IMAGES,
      Uint8Array.fromHex("0000080100000002" + "0001"),
      "labels",
      4,
      /2 labels do not belong to 3 images/,
    ],
    [
      Uint8Array.fromHex("00000803" + "00000003" + "00000004" + "00000001" + "00".repeat(12)),
      LABELS,
      "images",
      8,
      /images are 4 x 1, not 2 x 2/,
    ],
  ];
  for (const [images, labels, file, offset, problem] of cases) {
    assert.throws(() => parse(images, labels), (error: unknown) => {
      assert.ok(error instanceof FormatError);
      assert.match(error.message, problem);
      assert.deepEqual([error.file, error.offset], [file, offset], error.message);
      return true;
    });
  }
});

Deno.test("IDX: 2,000 damaged files give a format error that names file and byte, or a whole array", () => {
  const edit = fc.tuple(fc.nat(40), fc.nat(255));
  const damaged = (bytes: Uint8Array) =>
    fc.record({
      edits: fc.array(edit, { maxLength: 4 }),
      cut: fc.option(fc.nat(40)),
      tail: fc.uint8Array({ maxLength: 3 }),
    })
      .map(({ edits, cut, tail }) => {
        const changed = Uint8Array.of(...bytes.subarray(0, cut ?? undefined), ...tail);
        for (const [at, byte] of edits) if (at < changed.length) changed[at] = byte;
        return changed;
      });
  fc.assert(
    fc.property(damaged(IMAGES), damaged(LABELS), (images, labels) => {
      try {
        const parsed = parse(images, labels);
        assert.equal(parsed.images.data.length, parsed.labels.length * 4);
        assert.deepEqual(parsed.images.data, images.subarray(16));
        assert.ok(parsed.labels.every((label) => label < 3));
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        const length = { images: images.length, labels: labels.length }[error.file]!;
        assert.ok(error.offset >= 0 && error.offset <= length, error.message);
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("IDX: any bytes give a format error or a view of them", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 1, max: 5 }), (bytes, axes) => {
    try {
      assert.equal(parseIdx(bytes, "x", axes).data.buffer, bytes.buffer);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }));
});
