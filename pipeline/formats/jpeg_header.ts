import { FormatError } from "./format_error.ts";

/** What the markers of a JPEG say, before anything is decoded. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** One for each channel, as the frame numbers them. */
  readonly components: readonly number[];
  /** 0 to 8 as EXIF has it: how the stored rows and columns lie in the picture. 1 where nothing is said. */
  readonly orientation: number;
  /** How Adobe's programs say that the channels were transformed: 0 not at all. Undefined where nothing is said. */
  readonly adobeTransform: number | undefined;
}

const SOI = 0xd8, EOI = 0xd9, SOS = 0xda, APP1 = 0xe1, APP14 = 0xee;
/** Frames that are read: baseline, extended and progressive, coded by Huffman. */
const READ = [0xc0, 0xc1, 0xc2];
/** All frames: SOF0 to SOF15 without the markers DHT, JPG and DAC, which lie between. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
/** More than any encoder makes of a picture: each scan may touch every block, however short it is. */
const MOST_SCANS = 100;

/**
 * Walks the segments of a JPEG (ITU-T T.81, annex B) from the first to the last.
 *
 * @throws {FormatError} where it is cut off, or of a process that is not read
 */
export function readJpegHeader(bytes: Uint8Array, file: string): JpegHeader {
  const fail = (offset: number, problem: string): never => {
    throw new FormatError(file, offset, problem);
  };
  let frame: Pick<JpegHeader, "width" | "height" | "components"> | undefined;
  let orientation = 1;
  let adobeTransform: number | undefined;
  let scans = 0;
  if (bytes[0] !== 0xff || bytes[1] !== SOI) {
    fail(0, "it is not a JPEG picture: the first two bytes are wrong");
  }
  for (let at = 2;;) {
    // In the coded data of a scan 0xff is followed by 0 or by a restart marker.
    while (at < bytes.length && !isMarkerAt(bytes, at)) at++;
    const marker = bytes[at + 1];
    if (marker === undefined) return fail(bytes.length, "the picture is cut off: its end marker is missing");
    if (marker === EOI) break;
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || segment.length < length - 2) fail(at, "the picture is cut off inside a segment");
    if (isFrame(marker)) {
      if (frame) fail(at, "it has more than one frame");
      if (!READ.includes(marker)) {
        fail(at, "it is lossless, hierarchical or arithmetic-coded, which is not read");
      }
      frame = readFrame(segment, (problem) => fail(at + 4, problem));
    } else if (marker === SOS) {
      if (!frame) fail(at, "its data come before its frame");
      if (++scans > MOST_SCANS) fail(at, `it has more than ${MOST_SCANS} scans`);
    } else if (marker === APP1) orientation = readOrientation(segment) ?? orientation;
    else if (marker === APP14 && startsWith(segment, "Adobe")) adobeTransform = segment[11];
    at += 2 + length;
  }
  if (!frame || scans === 0) return fail(2, "it holds no picture");
  return { ...frame, orientation, adobeTransform };
}

function isMarkerAt(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1];
  return bytes[at] === 0xff && next !== undefined && next !== 0 && next !== 0xff &&
    !(next >= 0xd0 && next <= 0xd7);
}

function readFrame(segment: Uint8Array, fail: (problem: string) => never) {
  if (segment.length < 6) return fail("its frame is cut off");
  const [precision, heightHigh, heightLow, widthHigh, widthLow, count] = segment as unknown as number[];
  if (precision !== 8) return fail(`it has ${precision} bits a channel; 8 are read`);
  const components = Array.from({ length: count! }, (_, i) => segment[6 + 3 * i]);
  if (components.some((component) => component === undefined)) return fail("its frame is cut off");
  if (![1, 3, 4].includes(components.length)) {
    return fail(`it has ${components.length} channels; 1, 3 and 4 are read`);
  }
  const [width, height] = [(widthHigh! << 8) | widthLow!, (heightHigh! << 8) | heightLow!];
  if (width * height === 0) return fail(`it has ${width} x ${height} pixels`);
  return { width, height, components: components as number[] };
}

/** The orientation that a segment of EXIF data says (CIPA DC-008, tag 0x0112 of the first directory). */
function readOrientation(segment: Uint8Array): number | undefined {
  if (!startsWith(segment, "Exif\0\0")) return undefined;
  const tiff = new DataView(segment.buffer, segment.byteOffset + 6, segment.length - 6);
  try {
    const little = tiff.getUint16(0) === 0x4949;
    const directory = tiff.getUint32(4, little);
    const entries = tiff.getUint16(directory, little);
    for (let i = 0; i < entries; i++) {
      const entry = directory + 2 + 12 * i;
      if (tiff.getUint16(entry, little) !== 0x0112) continue;
      const value = tiff.getUint16(entry + 8, little);
      return value >= 1 && value <= 8 ? value : undefined;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // EXIF that is cut off says nothing
  }
  return undefined;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return Array.from(text).every((letter, i) => bytes[i] === letter.charCodeAt(0));
}
