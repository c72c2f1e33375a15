import { decode } from "jpeg-js";
import { FormatError } from "./format_error.ts";
import { readJpegHeader } from "./jpeg_header.ts";
import { MAX_PIXELS, type Picture } from "./png.ts";

/** A block of 64 pixels takes one bit at least, so a byte holds no more pixels. */
const PIXELS_PER_BYTE = 512;

/**
 * Reads a JPEG, baseline or progressive, upright as its EXIF data say; CMYK becomes RGB without a colour profile.
 *
 * @param file Names the bytes in errors.
 * @returns RGBA, opaque
 * @throws {FormatError} where the bytes are not a whole JPEG of at most 2^26 pixels
 */
export function decodeJpeg(bytes: Uint8Array, file = "the picture"): Picture {
  const { width, height, components, orientation, adobeTransform } = readJpegHeader(bytes, file);
  if (width * height > Math.min(MAX_PIXELS, PIXELS_PER_BYTE * bytes.length)) {
    const most = width * height > MAX_PIXELS ? `${MAX_PIXELS} are read` : "its bytes cannot hold them";
    throw new FormatError(file, 0, `it claims ${width} x ${height} pixels: ${most}`);
  }
  let pixels;
  try {
    pixels = decode(bytes, {
      useTArray: true,
      tolerantDecoding: false,
      maxResolutionInMP: MAX_PIXELS / 1e6,
      maxMemoryUsageInMB: 2048,
      ...(isPlainRgb(components, adobeTransform) ? { colorTransform: false } : {}),
    }).data;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new FormatError(file, 0, `the picture is damaged: ${problem}`);
  }
  return upright({ width, height, channels: 4, pixels }, orientation);
}

/** Whether three channels are red, green and blue as they are, and not luminance and chrominance. */
function isPlainRgb(components: readonly number[], adobeTransform: number | undefined): boolean {
  return components.length === 3 &&
    (adobeTransform === 0 || (adobeTransform === undefined && String.fromCharCode(...components) === "RGB"));
}

/** Turns and mirrors a picture by its EXIF orientation. */
function upright(picture: Picture, orientation: number): Picture {
  if (orientation === 1) return picture;
  const { width, height, pixels } = picture;
  const isTransposed = orientation >= 5;
  const isMirrored = [2, 3, 7, 8].includes(orientation);
  const isFlipped = [3, 4, 6, 7].includes(orientation);
  const turned = { width: isTransposed ? height : width, height: isTransposed ? width : height };
  const from = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height);
  const to = new Uint32Array(width * height);
  for (let y = 0; y < turned.height; y++) {
    for (let x = 0; x < turned.width; x++) {
      const [column, row] = isTransposed ? [y, x] : [x, y];
      to[y * turned.width + x] =
        from[(isFlipped ? height - 1 - row : row) * width + (isMirrored ? width - 1 - column : column)]!;
    }
  }
  return { ...turned, channels: 4, pixels: new Uint8Array(to.buffer) };
}
