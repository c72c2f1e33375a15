import { Buffer } from "node:buffer";
import { crc32, inflateSync } from "node:zlib";
import { FormatError } from "./format_error.ts";

interface Header {
  readonly width: number;
  readonly height: number;
  /** How many a pixel takes. */
  readonly bits: number;
  readonly isInterlaced: boolean;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Samples of a pixel by colour type (W3C, Portable Network Graphics, table 11.1). */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Deflate makes at most 1,032 bytes of one. */
const MOST_DEFLATED = 1032;
/** Bytes behind the last row that are passed over, as other readers do. */
const SURPLUS = 1 << 16;

/**
 * Walks the chunks of a PNG from the first to the last and holds each to its checksum, and the picture to what the
 * bytes of its data can hold.
 *
 * @param mostPixels that are read
 * @throws {FormatError} where it is cut off or damaged, or claims more than it holds
 */
export function checkPng(bytes: Uint8Array, file: string, mostPixels: number): void {
  const fail = (offset: number, problem: string): never => {
    throw new FormatError(file, offset, problem);
  };
  const wrong = SIGNATURE.findIndex((byte, i) => bytes[i] !== byte);
  if (wrong >= 0) fail(wrong, "it is not a PNG picture: the first eight bytes are wrong");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [];
  let header: Header | undefined;
  for (let at = 8, type = ""; type !== "IEND";) {
    if (at + 12 > bytes.length) fail(bytes.length, "the picture is cut off");
    const length = view.getUint32(at);
    type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length) fail(bytes.length, "the picture is cut off");
    const body = bytes.subarray(at + 4, at + 8 + length);
    if (crc32(body) !== view.getUint32(at + 8 + length)) {
      fail(at, `the picture is damaged: a checksum is wrong`);
    }
    if (!header) {
      if (type !== "IHDR" || length !== 13) fail(at, "it does not begin with a header");
      const samples = SAMPLES[bytes[at + 17]!];
      if (samples === undefined) fail(at + 17, `there is no colour type ${bytes[at + 17]}`);
      const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
      header = { width, height, bits: samples! * bytes[at + 16]!, isInterlaced: bytes[at + 20] === 1 };
      if (width * height === 0 || width * height > mostPixels) {
        fail(at + 8, `${width} x ${height} is not between 1 and ${mostPixels} pixels`);
      }
    }
    if (type === "IDAT") data.push(body.subarray(4));
    at += 12 + length;
  }
  const size = unpackedSize(header!);
  const packed = data.reduce((sum, { length }) => sum + length, 0);
  if (size > packed * MOST_DEFLATED) {
    fail(16, `it claims ${header!.width} x ${header!.height} pixels: its bytes cannot hold them`);
  }
  // The decoder neither bounds what it unpacks of interlaced pictures nor looks at the checksum.
  if (unpackWithin(data, size + SURPLUS, (problem) => fail(33, problem)) < size) {
    fail(33, "the picture is cut off");
  }
}

/** The columns and rows of each pass of an interlaced picture: where they begin, and the steps between them. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Bytes of the rows, each behind a byte that names its filter. */
function unpackedSize({ width, height, bits, isInterlaced }: Header): number {
  const passes = isInterlaced ? PASSES : [[0, 0, 1, 1] as const];
  return passes.reduce((sum, [left, top, across, down]) => {
    const [columns, rows] = [Math.ceil((width - left) / across), Math.ceil((height - top) / down)];
    return columns > 0 && rows > 0 ? sum + rows * (1 + Math.ceil(columns * bits / 8)) : sum;
  }, 0);
}

function unpackWithin(data: readonly Uint8Array[], most: number, fail: (problem: string) => never): number {
  try {
    return inflateSync(Buffer.concat(data), { maxOutputLength: most }).length;
  } catch (error) {
    return fail(`the picture is damaged: ${error instanceof Error ? error.message : error}`);
  }
}
