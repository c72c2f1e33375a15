import { UserError } from "../base/errors.ts";
import { sizeOf } from "../base/shape.ts";
import { decodeNpy } from "../formats/npy.ts";
import type { LeftOut, PassedOver } from "./source_json.ts";

/** The dataset as preprocess leaves it: `dataset.json`, and for each part an array of examples and one of labels. */

/** The parts of a dataset, in the order in which they are made. */
export const PARTS = ["train", "validation", "test"] as const;
/** A part of a dataset. */
export type PartName = typeof PARTS[number];

/** `dataset.json`, without what a kind of data adds to it. */
export interface DatasetInfo {
  /** As a spec writes it: "mnist". */
  readonly name: string;
  /** "MNIST" */
  readonly title: string;
  /** On what terms it may be used. */
  readonly licence: { readonly name: string; readonly url: string };
  /** Who made it. */
  readonly authors: readonly string[];
  /** Where it is described. */
  readonly url: string;
  /** The shape of one example: [height, width] of an image, [steps, columns] of a piano roll. */
  readonly shape: readonly number[];
  /** A stored number times this is the value in [0, 1]. */
  readonly scale: number;
  /** What each label stands for, by label. */
  readonly classes: readonly string[];
  /** How values became 0 and 1; `binary` where they are so by nature, `dynamic` where each epoch draws them anew. */
  readonly binarisation: "none" | "threshold" | "static" | "dynamic" | "binary";
  /** The split in words. */
  readonly split: string;
  /** What there is of each part. */
  readonly parts: Readonly<Record<PartName, PartInfo>>;
  /** Files of a user's folder that no example was made of; absent where there are none. */
  readonly leftOut?: readonly LeftOut[];
  /** What else the folder holds; absent where there is nothing. */
  readonly passedOver?: readonly PassedOver[];
}

/** Whether there are classes to tell apart: data without labels are of one class. */
export function hasClasses({ classes }: Pick<DatasetInfo, "classes">): boolean {
  return classes.length > 1;
}

/** What `dataset.json` says of one part. */
export interface PartInfo {
  /** How many. */
  readonly examples: number;
  /** Examples of each class, by label. */
  readonly perClass: readonly number[];
  /** Mean over all values in [0, 1]; null for an empty part. */
  readonly mean: number | null;
  /** Size of the array file. */
  readonly bytes: number;
}

/** Values of examples as they are stored. */
export type Values = Uint8Array | Uint16Array | Float32Array;

/** A part without its labels: what training sees. */
export interface UnlabelledPart {
  /** [examples, ...shape]; times `scale` in [0, 1]. */
  readonly images: Values;
  /** How many. */
  readonly examples: number;
  /** Values of one example. */
  readonly size: number;
  /** As in `DatasetInfo`. */
  readonly scale: number;
}

/** The values of a part that are bytes, as the cells of piano rolls are. @throws {TypeError} where they are not */
export function bytesOf({ images }: UnlabelledPart): Uint8Array {
  if (!(images instanceof Uint8Array)) {
    throw new TypeError("Cannot take examples as cells: they are not bytes");
  }
  return images;
}

/** A part with its labels. */
export interface Part extends UnlabelledPart {
  /** [examples] */
  readonly labels: Uint8Array;
}

/** All that preprocess leaves. */
export type Dataset = { readonly info: DatasetInfo } & Readonly<Record<PartName, Part>>;

/**
 * Reads `dataset.json`.
 * @param path of the file
 */
export async function readDatasetInfo(path: string): Promise<DatasetInfo> {
  return JSON.parse(await Deno.readTextFile(path));
}

/**
 * Reads what the preprocess stage wrote.
 * @param path The place of one of its files, for example `(name) => context.input("preprocess/" + name)`.
 * @throws {UserError} where an array is not what `dataset.json` says
 */
export async function readDataset(path: (name: string) => string): Promise<Dataset> {
  const info = await readDatasetInfo(path("dataset.json"));
  const [train, validation, test] = await Promise.all(PARTS.map((name) => readPart(name, info, path)));
  return { info, train: train!, validation: validation!, test: test! };
}

/** Reads one part alone, for a stage that needs no other. @throws {UserError} as `readDataset` does */
export async function readPart(
  name: PartName,
  info: DatasetInfo,
  path: (name: string) => string,
): Promise<Part> {
  const part = await readUnlabelledPart(name, info, path);
  const labels = await readValues(`${name}_labels.npy`, [part.examples], path);
  if (!(labels instanceof Uint8Array)) throw new UserError(`Cannot read ${name}_labels.npy: it is not uint8`);
  return { ...part, labels };
}

/**
 * Reads the examples of one part, for a stage that must not know the labels.
 *
 * @throws {UserError} as `readDataset` does
 */
export async function readUnlabelledPart(
  name: PartName,
  info: DatasetInfo,
  path: (name: string) => string,
): Promise<UnlabelledPart> {
  const { examples } = info.parts[name];
  const images = await readValues(`${name}.npy`, [examples, ...info.shape], path);
  return { images, examples, size: sizeOf(info.shape), scale: info.scale };
}

/** The bytes of a file, which are in memory once: `Deno.readFile` takes as much again while it reads. */
async function readOnce(path: string): Promise<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array((await file.stat()).size);
  for (let filled = 0; filled < bytes.length;) {
    const read = await file.read(bytes.subarray(filled));
    if (read === null) return bytes.slice(0, filled);
    filled += read;
  }
  return bytes;
}

async function readValues(
  name: string,
  expected: readonly number[],
  path: (name: string) => string,
): Promise<Values> {
  const { shape, data } = decodeNpy(await readOnce(path(name)), name);
  if (!(data instanceof Uint8Array || data instanceof Uint16Array || data instanceof Float32Array)) {
    throw new UserError(`Cannot read ${name}: its values are not uint8, uint16 or float32`);
  }
  if (String(shape) !== String(expected)) {
    throw new UserError(`Cannot read ${name}: [${shape}] is not what dataset.json says`);
  }
  return data;
}

/**
 * Writes `dataset.json`.
 * @param path The place to write a file to, by its name.
 */
export function writeDatasetInfo(path: (name: string) => string, info: DatasetInfo): Promise<void> {
  return Deno.writeTextFile(path("dataset.json"), JSON.stringify(info, null, 2) + "\n");
}

/**
 * Writes the examples at `indices` to `out`, float32 [indices, size] in [0, 1].
 * @throws {RangeError} where an index is outside the part or `out` is not of that size.
 */
export function gather(part: UnlabelledPart, indices: ArrayLike<number>, out: Float32Array): Float32Array {
  const { images, size, scale, examples } = part;
  if (out.length !== indices.length * size) {
    throw new RangeError(`Cannot gather: ${indices.length} examples of ${size} values are not ${out.length}`);
  }
  let to = 0;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!(index >= 0 && index < examples)) {
      throw new RangeError(`Cannot gather: example ${index} of ${examples}`);
    }
    const end = (index + 1) * size;
    for (let from = index * size; from < end; from++) out[to++] = images[from]! * scale;
  }
  return out;
}
