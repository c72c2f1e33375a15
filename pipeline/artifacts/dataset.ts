import { UserError } from "../base/errors.ts";
import { decodeNpy } from "../formats/npy.ts";
import type { Binarisation } from "../kinds/images/schema.ts";
import type { MusicInfo } from "../kinds/music/music.ts";

export const PARTS = ["train", "validation", "test"] as const;
export type PartName = typeof PARTS[number];

/** `dataset.json`. */
export interface DatasetInfo {
  readonly name: string;
  readonly title: string;
  readonly licence: { readonly name: string; readonly url: string };
  readonly authors: readonly string[];
  readonly url: string;
  /** Of one example: [height, width] of an image, [steps, columns] of a piano roll. */
  readonly shape: readonly number[];
  /** A stored byte times this is the value in [0, 1]. */
  readonly scale: number;
  readonly classes: readonly string[];
  /** binary: the values are 0 and 1 by nature. */
  readonly binarisation: Binarisation | "binary";
  /** The split in words. */
  readonly split: string;
  readonly parts: Readonly<Record<PartName, PartInfo>>;
  /** Of images: mean over the training part of each value in [0, 1], in the order of an example's values. */
  readonly pixelMean?: readonly number[];
  readonly music?: MusicInfo;
}

export interface PartInfo {
  readonly examples: number;
  /** By label. */
  readonly perClass: readonly number[];
  /** Mean over all values in [0, 1]; null for an empty part. */
  readonly mean: number | null;
  /** Size of the array file. */
  readonly bytes: number;
}

/** A part without its labels: what training sees. */
export interface Images {
  /** [examples, ...shape]; times `scale` in [0, 1]. */
  readonly images: Uint8Array;
  readonly examples: number;
  /** Values of one example. */
  readonly size: number;
  readonly scale: number;
}

export interface Part extends Images {
  /** [examples] */
  readonly labels: Uint8Array;
}

export type Dataset = { readonly info: DatasetInfo } & Readonly<Record<PartName, Part>>;

export async function readDatasetInfo(path: string): Promise<DatasetInfo> {
  return JSON.parse(await Deno.readTextFile(path));
}

/**
 * Reads what the preprocess stage wrote.
 * @param path The place of one of its files, for example `(name) => context.input("preprocess/" + name)`.
 */
export async function readDataset(path: (name: string) => string): Promise<Dataset> {
  const info = await readDatasetInfo(path("dataset.json"));
  const [train, validation, test] = await Promise.all(PARTS.map((name) => readPart(name, info, path)));
  return { info, train: train!, validation: validation!, test: test! };
}

/** One part alone, for a stage that needs no other. */
export async function readPart(
  name: PartName,
  info: DatasetInfo,
  path: (name: string) => string,
): Promise<Part> {
  const images = await readImages(name, info, path);
  const labels = await readBytes(`${name}_labels.npy`, [images.examples], path);
  return { ...images, labels };
}

/** The images of one part, for a stage that must not know the labels. */
export async function readImages(
  name: PartName,
  info: DatasetInfo,
  path: (name: string) => string,
): Promise<Images> {
  const { examples } = info.parts[name];
  const images = await readBytes(`${name}.npy`, [examples, ...info.shape], path);
  const size = info.shape.reduce((a, b) => a * b, 1);
  return { images, examples, size, scale: info.scale };
}

async function readBytes(
  name: string,
  expected: readonly number[],
  path: (name: string) => string,
): Promise<Uint8Array> {
  const { shape, data } = decodeNpy(await Deno.readFile(path(name)), name);
  if (!(data instanceof Uint8Array)) throw new UserError(`Cannot read ${name}: its values are not uint8`);
  if (String(shape) !== String(expected)) {
    throw new UserError(`Cannot read ${name}: [${shape}] is not what dataset.json says`);
  }
  return data;
}

/**
 * Writes the examples at `indices` to `out`, float32 [indices, size] in [0, 1].
 * @throws {RangeError} where an index is outside the part or `out` is not of that size.
 */
export function gather(part: Images, indices: ArrayLike<number>, out: Float32Array): Float32Array {
  const { images, size, scale, examples } = part;
  if (out.length !== indices.length * size) {
    throw new RangeError(`Cannot gather: ${indices.length} examples of ${size} values are not ${out.length}`);
  }
  const values = Float32Array.from({ length: 256 }, (_, byte) => byte * scale);
  let to = 0;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!(index >= 0 && index < examples)) {
      throw new RangeError(`Cannot gather: example ${index} of ${examples}`);
    }
    const end = (index + 1) * size;
    for (let from = index * size; from < end; from++) out[to++] = values[images[from]!]!;
  }
  return out;
}
