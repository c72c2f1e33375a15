import { Buffer } from "node:buffer";
import { encodePng, type Picture } from "../../formats/png.ts";
import { rowsAt } from "../../metrics/matrix.ts";
import type { Selection } from "./svg.ts";

/** Images of one shape, [images, height, width, channels], values in [0, 1]; others are clipped. */
export interface Images {
  /** The height of each, in pixels. */
  readonly height: number;
  /** The width of each, in pixels. */
  readonly width: number;
  /** Grey or RGB. */
  readonly channels: 1 | 3;
  /** [images, height, width, channels] */
  readonly values: Float32Array;
}

/**
 * Flat values as images of this shape, [height, width] or [height, width, channels].
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { imagesOf } from "reparam";
 *
 * const images = imagesOf([2, 2], Float32Array.of(0, 1, 1, 0, 1, 1, 1, 1));
 * assert.deepEqual([images.height, images.width, images.channels], [2, 2, 1]);
 * ```
 */
export function imagesOf(shape: readonly number[], values: Float32Array): Images {
  const [height, width, channels = 1] = shape as [number, number, 1 | 3 | undefined];
  return { height, width, channels, values };
}

/** How many images there are. */
export function countImages({ height, width, channels, values }: Images): number {
  return values.length / (height * width * channels);
}

/**
 * Some of the images, in the given order.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { imagesOf, selectImages } from "reparam";
 *
 * const images = imagesOf([2, 2], Float32Array.of(0, 1, 1, 0, 1, 1, 1, 1));
 * assert.deepEqual(Array.from(selectImages(images, [1]).values), [1, 1, 1, 1]);
 * ```
 */
export function selectImages(images: Images, indices: readonly number[]): Images {
  const columns = images.height * images.width * images.channels;
  return { ...images, values: rowsAt({ columns, data: images.values }, indices).data };
}

/** What shows between images: white paper. */
const PAPER = 255;

/**
 * One picture of all images, row by row in `columns` columns, `gap` white pixels apart.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { imagesOf, mosaic } from "reparam";
 *
 * const images = imagesOf([2, 2], Float32Array.of(0, 1, 1, 0, 1, 1, 1, 1));
 * assert.deepEqual(Array.from(mosaic(images, 2).pixels), [0, 255, 255, 255, 255, 0, 255, 255]);
 * ```
 */
export function mosaic(images: Images, columns: number, gap = 0): Picture {
  const { height, width, channels, values } = images;
  const count = countImages(images);
  const rows = Math.ceil(count / columns);
  const full = { width: columns * (width + gap) - gap, height: rows * (height + gap) - gap };
  const pixels = new Uint8Array(full.width * full.height * channels).fill(PAPER);
  const line = width * channels;
  for (let i = 0; i < count; i++) {
    const left = (i % columns) * (width + gap);
    const top = Math.floor(i / columns) * (height + gap);
    for (let y = 0; y < height; y++) {
      const from = (i * height + y) * line;
      const to = ((top + y) * full.width + left) * channels;
      for (let x = 0; x < line; x++) {
        pixels[to + x] = Math.round(255 * Math.min(1, Math.max(0, values[from + x]!)));
      }
    }
  }
  return { ...full, channels, pixels };
}

/** One picture of pictures of one width below one another, `gap` white pixels apart. */
export function stack(pictures: readonly Picture[], gap: number): Picture {
  const { width, channels } = pictures[0]!;
  const height = pictures.reduce((sum, picture) => sum + picture.height + gap, -gap);
  const pixels = new Uint8Array(width * height * channels).fill(PAPER);
  let top = 0;
  for (const picture of pictures) {
    pixels.set(picture.pixels, top * width * channels);
    top += picture.height + gap;
  }
  return { width, height, channels, pixels };
}

/** The picture with every pixel a square of `factor` pixels. */
export function enlarge({ width, height, channels, pixels }: Picture, factor: number): Picture {
  const line = width * factor * channels;
  const large = new Uint8Array(line * height * factor);
  for (let y = 0; y < height * factor; y++) {
    for (let x = 0; x < width * factor; x++) {
      const from = (Math.floor(y / factor) * width + Math.floor(x / factor)) * channels;
      for (let c = 0; c < channels; c++) large[y * line + x * channels + c] = pixels[from + c]!;
    }
  }
  return { width: width * factor, height: height * factor, channels, pixels: large };
}

/** Where a grid of images goes; heights follow from the images' shape. */
export interface Grid {
  /** Where its left edge lies, in units of the figure. */
  readonly x: number;
  /** Where its upper edge lies. */
  readonly y: number;
  /** The width of the whole grid. */
  readonly width: number;
  /** Images in a row. */
  readonly columns: number;
  /** Units between images, where the page shows through. */
  readonly gap: number;
}

/** How high a grid of the images would be. */
export function gridHeight(
  images: Images,
  { width, columns, gap }: Pick<Grid, "width" | "columns" | "gap">,
): number {
  const tile = (width - (columns - 1) * gap) / columns * images.height / images.width;
  return Math.ceil(countImages(images) / columns) * (tile + gap) - gap;
}

/**
 * Adds a grid of images; without a gap it is a single picture, with no seams.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { addGrid, createFigure, imagesOf } from "reparam";
 *
 * const figure = createFigure("grid", 100, 50, { title: "A grid", description: "Two images." });
 * const images = imagesOf([2, 2], new Float32Array(8));
 * addGrid(figure.root, images, { x: 0, y: 0, width: 100, columns: 2, gap: 2 });
 * assert.equal(String(figure).match(/<image /g)!.length, 2);
 * ```
 */
export function addGrid(parent: Selection, images: Images, grid: Grid): void {
  const { x, y, width, columns, gap } = grid;
  if (gap === 0) {
    addPicture(parent, mosaic(images, columns), { x, y, width, height: gridHeight(images, grid) });
    return;
  }
  const tile = (width - (columns - 1) * gap) / columns;
  const height = tile * images.height / images.width;
  for (let i = 0; i < countImages(images); i++) {
    const left = x + (i % columns) * (tile + gap);
    const top = y + Math.floor(i / columns) * (height + gap);
    addPicture(parent, mosaic(selectImages(images, [i]), 1), { x: left, y: top, width: tile, height });
  }
}

/** Adds the picture as a PNG inside the drawing, its pixels shown as squares. */
function addPicture(
  parent: Selection,
  picture: Picture,
  place: { x: number; y: number; width: number; height: number },
): void {
  parent.append("image")
    .attr("x", place.x)
    .attr("y", place.y)
    .attr("width", place.width)
    .attr("height", place.height)
    .attr("style", "image-rendering:pixelated")
    .attr("preserveAspectRatio", "none")
    .attr("href", `data:image/png;base64,${Buffer.from(encodePng(picture)).toString("base64")}`);
}
