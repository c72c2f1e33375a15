import { Buffer } from "node:buffer";
import { PNG } from "pngjs";
import { FormatError } from "./format_error.ts";
import { checkPng } from "./png_chunks.ts";

/** A raster picture: rows from the top, 8 bits a channel, grey (1), RGB (3) or RGBA (4). */
export interface Picture {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Grey, RGB or RGBA. */
  readonly channels: 1 | 3 | 4;
  /** 0 to 255, [height, width, channels]. */
  readonly pixels: Uint8Array;
}

const COLOUR_TYPES = { 1: 0, 3: 2, 4: 6 } as const;
/** Bounds what a hostile header can make us allocate: 256 MiB of RGBA. */
export const MAX_PIXELS = 2 ** 26;

/**
 * Writes a PNG, without loss; the same picture gives the same bytes.
 *
 * @throws {RangeError} where the pixels are not as many as the sides say
 */
export function encodePng({ width, height, channels, pixels }: Picture): Uint8Array<ArrayBuffer> {
  if (pixels.length !== width * height * channels || pixels.length === 0) {
    throw new RangeError(`Cannot encode: ${width} x ${height} x ${channels} is not ${pixels.length} bytes`);
  }
  const png = new PNG({ width: 1, height: 1 });
  png.width = width;
  png.height = height;
  png.data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const colorType = COLOUR_TYPES[channels];
  return new Uint8Array(PNG.sync.write(png, {
    colorType,
    inputColorType: colorType,
    inputHasAlpha: channels === 4,
    bitDepth: 8,
    deflateLevel: 9,
    filterType: -1,
  }));
}

/**
 * Reads a PNG of any kind as RGBA.
 * @param file Names the bytes in errors.
 * @throws {FormatError} where the bytes are not a whole PNG of at most 2^26 pixels.
 */
export function decodePng(bytes: Uint8Array, file = "the picture"): Picture {
  checkPng(bytes, file, MAX_PIXELS);
  try {
    const png = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return { width: png.width, height: png.height, channels: 4, pixels: new Uint8Array(png.data) };
  } catch (error) {
    throw new FormatError(
      file,
      24,
      `the picture is damaged: ${error instanceof Error ? error.message : error}`,
    );
  }
}
