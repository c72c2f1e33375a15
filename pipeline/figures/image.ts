import { Buffer } from "node:buffer";
import { encodePng, type Picture } from "../formats/png.ts";
import type { Selection } from "./svg.ts";

/** Images of one shape, [images, height, width, channels], values in [0, 1]; others are clipped. */
export interface Images {
  readonly height: number;
  readonly width: number;
  /** Grey or RGB. */
  readonly channels: 1 | 3;
  readonly values: Float32Array;
}

export function countImages({ height, width, channels, values }: Images): number {
  return values.length / (height * width * channels);
}

/** Some of the images, in the given order. */
export function selectImages(images: Images, indices: readonly number[]): Images {
  const size = images.height * images.width * images.channels;
  const values = new Float32Array(indices.length * size);
  indices.forEach((from, to) =>
    values.set(images.values.subarray(from * size, (from + 1) * size), to * size)
  );
  return { ...images, values };
}

/** Images row by row in `columns` columns, `gap` transparent pixels apart. */
export function mosaic(images: Images, columns: number, gap = 0): Picture {
  const { height, width, channels, values } = images;
  const count = countImages(images);
  const rows = Math.ceil(count / columns);
  const full = { width: columns * (width + gap) - gap, height: rows * (height + gap) - gap };
  const pixels = new Uint8Array(full.width * full.height * 4);
  for (let i = 0; i < count; i++) {
    const left = (i % columns) * (width + gap);
    const top = Math.floor(i / columns) * (height + gap);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = ((i * height + y) * width + x) * channels;
        const to = ((top + y) * full.width + left + x) * 4;
        for (let c = 0; c < 3; c++) {
          const value = values[from + (channels === 3 ? c : 0)]!;
          pixels[to + c] = Math.round(255 * Math.min(1, Math.max(0, value)));
        }
        pixels[to + 3] = 255;
      }
    }
  }
  return { ...full, channels: 4, pixels };
}

/** Pictures of one width below one another, `gap` transparent pixels apart. */
export function stack(pictures: readonly Picture[], gap: number): Picture {
  const width = Math.max(...pictures.map((picture) => picture.width));
  const height = pictures.reduce((sum, picture) => sum + picture.height + gap, -gap);
  const pixels = new Uint8Array(width * height * 4);
  let top = 0;
  for (const picture of pictures) {
    for (let y = 0; y < picture.height; y++) {
      const row = picture.pixels.subarray(y * picture.width * 4, (y + 1) * picture.width * 4);
      pixels.set(row, (top + y) * width * 4);
    }
    top += picture.height + gap;
  }
  return { width, height, channels: 4, pixels };
}

/** Every pixel of an RGBA picture becomes a square of `factor` pixels. */
export function enlarge(picture: Picture, factor: number): Picture {
  const [width, height] = [picture.width * factor, picture.height * factor];
  const pixels = new Uint8Array(width * height * 4);
  const from = new Uint32Array(picture.pixels.slice().buffer);
  const to = new Uint32Array(pixels.buffer);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / factor) * picture.width;
    for (let x = 0; x < width; x++) to[y * width + x] = from[row + Math.floor(x / factor)]!;
  }
  return { width, height, channels: 4, pixels };
}

/** The picture as a PNG inside the drawing, its pixels shown as squares. */
export function addPicture(
  parent: Selection,
  picture: Picture,
  place: { x: number; y: number; width: number; height: number },
): void {
  parent.append("image")
    .attr("x", place.x)
    .attr("y", place.y)
    .attr("width", place.width)
    .attr("height", place.height)
    .attr("image-rendering", "pixelated")
    .attr("preserveAspectRatio", "none")
    .attr("href", `data:image/png;base64,${Buffer.from(encodePng(picture)).toString("base64")}`);
}
