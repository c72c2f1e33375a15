import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  addGrid,
  enlarge,
  gridHeight,
  type Images,
  mosaic,
  selectImages,
  stack,
} from "../../../pipeline/figures/drawing/image.ts";
import { createFigure } from "../../../pipeline/figures/drawing/svg.ts";
import { decodePng } from "../../../pipeline/formats/png.ts";

const IMAGES: Images = {
  height: 1,
  width: 2,
  channels: 1,
  values: Float32Array.of(0, 1, 0.5, 0.2, -3, 7),
};

Deno.test("a mosaic fills rows from the left, clips values, and is white between images and where none is", () => {
  const { width, height, channels, pixels } = mosaic(IMAGES, 2, 1);
  assert.deepEqual([width, height, channels], [5, 3, 1]);
  assert.deepEqual([...pixels], [[0, 255, 255, 128, 51], Array(5).fill(255), [0, 255, 255, 255, 255]].flat());
});

Deno.test("a mosaic of RGB images keeps their colours", () => {
  const red: Images = { height: 1, width: 1, channels: 3, values: Float32Array.of(1, 0, 0.2) };
  assert.deepEqual([...mosaic(red, 1).pixels], [255, 0, 51]);
});

Deno.test("images are selected in the order asked for", () => {
  const [half, fifth] = [Math.fround(0.5), Math.fround(0.2)];
  assert.deepEqual([...selectImages(IMAGES, [1, 1, 0]).values], [half, fifth, half, fifth, 0, 1]);
});

Deno.test("an enlarged picture repeats each pixel, a stack keeps rows apart", () => {
  const picture = mosaic(selectImages(IMAGES, [0]), 1);
  const large = enlarge(picture, 2);
  assert.deepEqual([large.width, large.height], [4, 2]);
  assert.deepEqual([...large.pixels], [0, 0, 255, 255, 0, 0, 255, 255]);
  const both = stack([picture, picture], 1);
  assert.deepEqual([both.width, both.height], [2, 3]);
  assert.deepEqual([...both.pixels], [0, 255, 255, 255, 0, 255]);
});

Deno.test("the PNGs inside a drawing are the images, pixel by pixel", () => {
  const drawn = (gap: number) => {
    const figure = createFigure("test", 10, 10, { title: "t", description: "d" });
    addGrid(figure.root, IMAGES, { x: 0, y: 0, width: 10, columns: 3, gap });
    return [...figure.toString().matchAll(/href="data:image\/png;base64,([^"]*)"/g)]
      .map(([, base64]) => decodePng(new Uint8Array(Buffer.from(base64!, "base64"))));
  };
  // Decoded pictures are RGBA.
  const grey = ({ pixels }: { pixels: Uint8Array }) => [...pixels].filter((_, i) => i % 4 === 0);
  assert.deepEqual(drawn(0).map(grey), [[0, 255, 128, 51, 0, 255]]);
  assert.deepEqual(drawn(1).map(grey), [[0, 255], [128, 51], [0, 255]]);
});

Deno.test("a grid is as high as its rows and the gaps between them", () => {
  // Three columns of width 4 with gaps of 1 take 14; images are half as high as wide, in two rows of two or one of three.
  assert.equal(gridHeight(IMAGES, { width: 14, columns: 3, gap: 1 }), 2);
  assert.equal(gridHeight(IMAGES, { width: 9, columns: 2, gap: 1 }), 5);
});
