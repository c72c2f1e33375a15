import { sizeOf } from "../../base/shape.ts";
import { FormatError } from "../../formats/format_error.ts";

/** An array of bytes in C order. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** A view of the bytes that were parsed. */
  readonly data: Uint8Array;
}

/** The type of the values that are read. */
const UNSIGNED_BYTE = 0x08;

/**
 * Reads the IDX format of unsigned bytes (LeCun, Cortes and Burges, 1998): two zero bytes, the type, the number of
 * axes, each axis as a big-endian 32-bit count, then the values.
 * @param file Names the bytes in errors.
 * @param axes The number of axes that the array must have.
 * @throws {FormatError} where the bytes are not such an array, whole and without a rest
 */
export function parseIdx(bytes: Uint8Array, file: string, axes: number): IdxArray {
  const header = 4 + 4 * axes;
  if (bytes.length < header) {
    throw new FormatError(file, bytes.length, `it ends inside its header of ${header} bytes`);
  }
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    throw new FormatError(file, 0, "it is not an IDX file: two zero bytes are missing");
  }
  if (bytes[2] !== UNSIGNED_BYTE) {
    throw new FormatError(
      file,
      2,
      `its type is 0x${hex(bytes[2]!)}, not 0x${hex(UNSIGNED_BYTE)} (unsigned byte)`,
    );
  }
  if (bytes[3] !== axes) throw new FormatError(file, 3, `it has ${bytes[3]} axes, not ${axes}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const shape = Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i));
  const length = sizeOf(shape);
  const present = bytes.length - header;
  if (length !== present) {
    throw new FormatError(
      file,
      header + Math.min(length, present),
      `${shape.join(" x ")} takes ${length} bytes of values, but ${present} follow the header`,
    );
  }
  return { shape, data: bytes.subarray(header) };
}

/** Images [count, height, width] with their labels. */
export interface LabelledImages {
  readonly images: IdxArray;
  readonly labels: Uint8Array;
}

/**
 * Reads a file of images and the file of their labels, and holds them to each other.
 * @throws {FormatError} where shapes or counts differ, or a label names no class.
 */
export function parseLabelledImages(
  images: { readonly bytes: Uint8Array; readonly file: string },
  labels: { readonly bytes: Uint8Array; readonly file: string },
  expected: { readonly shape: readonly number[]; readonly classes: number },
): LabelledImages {
  const pixels = parseIdx(images.bytes, images.file, 1 + expected.shape.length);
  const { data } = parseIdx(labels.bytes, labels.file, 1);
  const [count, ...shape] = pixels.shape;
  const wrong = shape.findIndex((n, i) => n !== expected.shape[i]);
  if (wrong >= 0) {
    const offset = 8 + 4 * wrong;
    throw new FormatError(
      images.file,
      offset,
      `images are ${shape.join(" x ")}, not ${expected.shape.join(" x ")}`,
    );
  }
  if (data.length !== count) {
    throw new FormatError(labels.file, 4, `${data.length} labels do not belong to ${count} images`);
  }
  const strange = data.findIndex((label) => label >= expected.classes);
  if (strange >= 0) {
    throw new FormatError(
      labels.file,
      8 + strange,
      `label ${data[strange]} is not one of 0 to ${expected.classes - 1}`,
    );
  }
  return { images: pixels, labels: data };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
