import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  addPicture,
  enlarge,
  type Images,
  mosaic,
  selectImages,
  stack,
} from "../../pipeline/figures/image.ts";
import { createFigure } from "../../pipeline/figures/svg.ts";
import { decodePng } from "../../pipeline/formats/png.ts";

const IMAGES: Images = {
  height: 1,
  width: 2,
  channels: 1,
  values: Float32Array.of(0, 1, 0.5, 0.2, -3, 7),
};

Deno.test("a mosaic fills rows from the left, clips values and leaves gaps and empty places transparent", () => {
  const { width, height, pixels } = mosaic(IMAGES, 2, 1);
  assert.deepEqual([width, height], [5, 3]);
  const grey = (x: number, y: number) => {
    const [red, green, blue, alpha] = pixels.subarray(4 * (y * width + x));
    assert.ok(red === green && green === blue);
    return alpha === 0 ? null : red;
  };
  const rows = [0, 1, 2].map((y) => [0, 1, 2, 3, 4].map((x) => grey(x, y)));
  assert.deepEqual(rows, [[0, 255, null, 128, 51], Array(5).fill(null), [0, 255, null, null, null]]);
});

Deno.test("a mosaic of RGB images keeps their colours", () => {
  const red: Images = { height: 1, width: 1, channels: 3, values: Float32Array.of(1, 0, 0.2) };
  assert.deepEqual([...mosaic(red, 1).pixels], [255, 0, 51, 255]);
});

Deno.test("images are selected in the order asked for", () => {
  const [half, fifth] = [Math.fround(0.5), Math.fround(0.2)];
  assert.deepEqual([...selectImages(IMAGES, [1, 1, 0]).values], [half, fifth, half, fifth, 0, 1]);
});

Deno.test("an enlarged picture repeats each pixel, a stack keeps rows apart", () => {
  const picture = mosaic(selectImages(IMAGES, [0]), 1);
  const large = enlarge(picture, 2);
  assert.deepEqual([large.width, large.height], [4, 2]);
  const first = [...large.pixels].filter((_, i) => i % 4 === 0);
  assert.deepEqual(first, [0, 0, 255, 255, 0, 0, 255, 255]);
  const both = stack([picture, picture], 1);
  assert.deepEqual([both.width, both.height], [2, 3]);
  assert.deepEqual([...both.pixels].filter((_, i) => i % 4 === 3), [255, 255, 0, 0, 255, 255]);
});

Deno.test("the PNG inside a drawing is the picture, pixel by pixel", () => {
  const figure = createFigure("test", 10, 10, { title: "t", description: "d" });
  const picture = mosaic(IMAGES, 3);
  addPicture(figure.root, picture, { x: 0, y: 0, width: 10, height: 5 });
  const [, base64] = /href="data:image\/png;base64,([^"]*)"/.exec(figure.toString())!;
  const decoded = decodePng(new Uint8Array(Buffer.from(base64!, "base64")));
  assert.deepEqual([decoded.width, decoded.height], [6, 1]);
  assert.deepEqual(decoded.pixels, picture.pixels);
});
