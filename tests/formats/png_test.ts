import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { decodePng, encodePng, type Picture } from "../../pipeline/formats/png.ts";
import { FormatError } from "../../pipeline/formats/format_error.ts";

const GREY: Picture = { width: 2, height: 1, channels: 1, pixels: Uint8Array.of(0, 200) };
/** A valid picture that another program (zlib and crc32 of Python) made: 2 x 1, grey, of 0 and 200. */
const GREY_BYTES = Uint8Array.fromHex(
  "89504e470d0a1a0a0000000d4948445200000002000000010800000000d14920560000000b49444154789c636038010000cb00c969c8c36c0000000049454e44ae426082",
);

Deno.test("png: reads another program's picture", () => {
  assert.deepEqual(decodePng(GREY_BYTES), {
    width: 2,
    height: 1,
    channels: 4,
    pixels: Uint8Array.of(0, 0, 0, 255, 200, 200, 200, 255),
  });
});

Deno.test("png: grey, RGB and RGBA are written with their own colour type and read back", () => {
  for (const [channels, colourType] of [[1, 0], [3, 2], [4, 6]] as const) {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        (width, height, seed) => {
          const pixels = Uint8Array.from(
            { length: width * height * channels },
            (_, i) => (i * 37 + seed) % 256,
          );
          const bytes = encodePng({ width, height, channels, pixels });
          assert.deepEqual([bytes[24], bytes[25]], [8, colourType]);
          const { pixels: rgba } = decodePng(bytes);
          for (let i = 0; i < width * height; i++) {
            const [r, g = r, b = r, a = 255] = pixels.subarray(i * channels, (i + 1) * channels);
            assert.deepEqual([...rgba.subarray(4 * i, 4 * i + 4)], [r, g, b, a]);
          }
        },
      ),
      { numRuns: 30 },
    );
  }
});

Deno.test("png: one IDAT chunk inflates to a filter byte and the pixels of each row", () => {
  const bytes = encodePng(GREY);
  const data = bytes.subarray(41, 41 + new DataView(bytes.buffer).getUint32(33));
  assert.deepEqual([...inflateSync(data)].length, 3);
});

Deno.test("png: a picture of the wrong size cannot be written", () => {
  assert.throws(() => encodePng({ ...GREY, width: 3 }), /3 x 1 x 1 is not 2 bytes/);
});

Deno.test("png: 500 damaged files give a format error or a picture", () => {
  const damage = fc.record({ at: fc.nat(GREY_BYTES.length - 1), byte: fc.nat(255), cut: fc.nat(100) });
  fc.assert(
    fc.property(damage, ({ at, byte, cut }) => {
      const bytes = GREY_BYTES.slice(0, cut);
      bytes[at] = byte;
      try {
        const { width, height, pixels } = decodePng(bytes);
        assert.equal(pixels.length, width * height * 4);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
