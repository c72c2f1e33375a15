import { gzipSync } from "node:zlib";
import { type RandomStream, randomStream } from "../../../pipeline/base/random.ts";
import { encodeNpy } from "../../../pipeline/formats/npy.ts";
import { zip } from "./arrays/zip.ts";
import { png, type PngForm, repaired } from "./png_bytes.ts";

/** Two JPEGs of 24 x 24 pixels that Pillow 13 wrote: progressive, and baseline with restart markers. */
const JPEGS = [
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wgARCAAYABgDASIAAhEBAxEB/8QAGAABAQADAAAAAAAAAAAAAAAAAAMBBAX/xAAXAQADAQAAAAAAAAAAAAAAAAACBAUD/9oADAMBAAIQAxAAAAHm1rVwYtslRzUyhVCNH//EABYQAAMAAAAAAAAAAAAAAAAAAAABAv/aAAgBAQABBQJSKRSKRSKRSKRSf//EABgRAAIDAAAAAAAAAAAAAAAAAAADAQIh/9oACAEDAQE/AVMKswVJWcP/xAAZEQADAQEBAAAAAAAAAAAAAAAAAgMBESH/2gAIAQIBAT8BpYa3pRtGben/xAAUEAEAAAAAAAAAAAAAAAAAAAAw/9oACAEBAAY/Ah//xAAUEAEAAAAAAAAAAAAAAAAAAAAw/9oACAEBAAE/IRAAA//aAAwDAQACAAMAAAAQO9AD/8QAFhEBAQEAAAAAAAAAAAAAAAAAAAEQ/9oACAEDAQE/EMpdc//EABQRAQAAAAAAAAAAAAAAAAAAACD/2gAIAQIBAT8QAEn/xAAVEAEBAAAAAAAAAAAAAAAAAAAAYf/aAAgBAQABPxCCCCCCCCCD/9k=",
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAYABgDASEAAhEBAxEB/8QAGAAAAwEBAAAAAAAAAAAAAAAAAAMEBQb/xAAXEAADAQAAAAAAAAAAAAAAAAAAAwRh/8QAFwEBAQEBAAAAAAAAAAAAAAAABAYFAv/EABcRAQEBAQAAAAAAAAAAAAAAAAMABCL/3QAEAAH/2gAMAwEAAhEDEQA/AObXPhUufCk0Nd5Ev//Qzlz4AlG6qYk5v//RgXPhUufB2homRL//0mrnwASN1bBJzf/TcufCpc+B9DWNkS//1Npc+ATiN1KJOb//2Q==",
].map((text) => Uint8Array.fromBase64(text));

const wave = (form: Omit<PngForm, "sample">): Uint8Array =>
  png({ ...form, sample: (x, y, channel) => (5 * x + 3 * y + 7 * channel) % 2 ** form.depth });
const PNGS = [
  wave({ width: 13, height: 9, depth: 8, colourType: 2 }),
  wave({ width: 13, height: 9, depth: 16, colourType: 6, isInterlaced: true }),
  wave({ width: 21, height: 9, depth: 1, colourType: 0 }),
  wave({ width: 13, height: 11, depth: 4, colourType: 3, isInterlaced: true }),
  wave({ width: 5, height: 5, depth: 8, colourType: 4 }),
];

const ARRAY = encodeNpy({ shape: [12, 4, 3], data: Uint8Array.from({ length: 144 }, (_, i) => i) });
const REALS = encodeNpy({ shape: [12, 4, 3], data: Float32Array.from({ length: 144 }, (_, i) => i / 144) });
const IDX = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 12, 0, 0, 0, 4, 0, 0, 0, 3, ...ARRAY.slice(-144));
const ARRAYS = [
  ARRAY,
  REALS,
  IDX,
  gzipSync(IDX),
  zip({ "x.npy": ARRAY, "y.npy": REALS }),
  zip({ "x.npy": REALS, "y.npy": ARRAY }, { deflated: true }),
];

/** A file that was changed, cut or put together at random. */
export interface Mutant {
  readonly kind: "picture" | "array";
  readonly bytes: Uint8Array;
}

/** Mutants by their number: the same numbers give the same bytes. */
export function mutant(number: number): Mutant {
  const random = randomStream(1, "mutants of pictures and arrays", number);
  const kind = number % 3 === 2 ? "array" : "picture";
  const bases = kind === "array" ? ARRAYS : number % 3 === 0 ? PNGS : JPEGS;
  const changed = mutated(bases[random.integer(bases.length)]!, bases, random);
  // Behind a wrong checksum nothing of a PNG is looked at.
  return { kind, bytes: bases === PNGS && random.integer(4) > 0 ? repaired(changed) : changed };
}

function mutated(base: Uint8Array, bases: readonly Uint8Array[], random: RandomStream): Uint8Array {
  let bytes = Uint8Array.from(base);
  const changes = 1 + random.integer(4);
  for (let i = 0; i < changes && bytes.length > 0; i++) {
    const at = random.integer(random.integer(2) ? Math.min(64, bytes.length) : bytes.length);
    switch (random.integer(7)) {
      case 0:
      case 1:
        bytes[at] = random.integer(256);
        break;
      case 2:
        bytes[at]! ^= 1 << random.integer(8);
        break;
      case 3: // a length or a size
        bytes.fill(random.integer(2) ? 0xff : 0, at, at + 1 + random.integer(4));
        break;
      case 4:
        bytes = bytes.slice(0, random.integer(bytes.length));
        break;
      case 5: {
        const end = Math.min(bytes.length, at + random.integer(40));
        bytes = Uint8Array.of(...bytes.slice(0, end), ...bytes.slice(at));
        break;
      }
      default: {
        const other = bases[random.integer(bases.length)]!;
        bytes = Uint8Array.of(...bytes.slice(0, at), ...other.slice(random.integer(other.length)));
      }
    }
  }
  return bytes;
}
