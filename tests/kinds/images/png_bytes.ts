import { crc32, deflateSync } from "node:zlib";

/** Where the pixels of each pass of Adam7 lie: the first column and row, and the steps between them. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** What a PNG is to be. */
export interface PngForm {
  readonly width: number;
  readonly height: number;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly colourType: 0 | 2 | 3 | 4 | 6;
  readonly isInterlaced?: boolean;
  /** A sample in 0 to 2^depth - 1. */
  sample(x: number, y: number, channel: number): number;
}

/** A PNG of any kind (W3C, Portable Network Graphics), unfiltered. */
export function png(form: PngForm): Uint8Array<ArrayBuffer> {
  const { width, height, depth, colourType, isInterlaced = false } = form;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, colourType, 0, 0, isInterlaced ? 1 : 0], 8);
  const palette = Uint8Array.from({ length: 3 * 2 ** Math.min(depth, 8) }, (_, i) => (i * 83) % 256);
  const passes = isInterlaced ? PASSES : [[0, 0, 1, 1] as const];
  return withChunks([
    ["IHDR", header],
    ...(colourType === 3 ? [["PLTE", palette] as const] : []),
    ["IDAT", deflateSync(Uint8Array.from(passes.flatMap((pass) => rows(form, pass))))],
    ["IEND", new Uint8Array()],
  ]);
}

function rows(form: PngForm, [left, top, across, down]: readonly [number, number, number, number]): number[] {
  const { width, height, depth, colourType } = form;
  const out: number[] = [];
  for (let y = top; y < height; y += down) {
    if (left >= width) continue;
    out.push(0);
    let [bits, held] = [0, 0];
    for (let x = left; x < width; x += across) {
      for (let channel = 0; channel < SAMPLES[colourType]!; channel++) {
        const sample = form.sample(x, y, channel);
        if (depth === 16) out.push(sample >> 8, sample & 255);
        else {
          held = (held << depth) | sample;
          bits += depth;
          if (bits === 8) {
            out.push(held);
            [bits, held] = [0, 0];
          }
        }
      }
    }
    if (bits > 0) out.push(held << (8 - bits));
  }
  return out;
}

/** A PNG of these chunks, with the checksums that belong to them. */
export function withChunks(
  chunks: readonly (readonly [type: string, body: Uint8Array])[],
): Uint8Array<ArrayBuffer> {
  const parts = chunks.map(([type, body]) => {
    const chunk = new Uint8Array(12 + body.length);
    const view = new DataView(chunk.buffer);
    view.setUint32(0, body.length);
    chunk.set(Array.from(type, (letter) => letter.charCodeAt(0)), 4);
    chunk.set(body, 8);
    view.setUint32(8 + body.length, crc32(chunk.subarray(4, 8 + body.length)));
    return chunk;
  });
  return Uint8Array.from([
    0x89,
    0x50,
    0x4e,
    0x47,
    0x0d,
    0x0a,
    0x1a,
    0x0a,
    ...parts.flatMap((part) => Array.from(part)),
  ]);
}

/** A copy whose chunks have the checksums that belong to what is in them, as far as it has chunks. */
export function repaired(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let at = 8; at + 12 <= copy.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > copy.length) break;
    view.setUint32(end, crc32(copy.subarray(at + 4, end)));
    at = end + 4;
  }
  return copy;
}
