import { Buffer } from "node:buffer";
import { PNG } from "pngjs";
import { FormatError } from "./format_error.ts";

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
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
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
  const wrong = SIGNATURE.findIndex((byte, i) => bytes[i] !== byte);
  if (wrong >= 0) {
    throw new FormatError(file, wrong, "it is not a PNG picture: the first eight bytes are wrong");
  }
  if (bytes.length < 24) throw new FormatError(file, bytes.length, "it ends inside its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (width * height === 0 || width * height > MAX_PIXELS) {
    throw new FormatError(file, 16, `${width} x ${height} is not between 1 and ${MAX_PIXELS} pixels`);
  }
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
