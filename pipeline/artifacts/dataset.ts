import { UserError } from "../base/errors.ts";
import { sizeOf } from "../base/shape.ts";
import { decodeNpy, encodeNpy } from "../formats/npy.ts";
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
  /** A stored byte times this is the value in [0, 1]. */
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

/** A part without its labels: what training sees. */
export interface UnlabelledPart {
  /** [examples, ...shape]; times `scale` in [0, 1]. */
  readonly images: Uint8Array;
  /** How many. */
  readonly examples: number;
  /** Values of one example. */
  readonly size: number;
  /** As in `DatasetInfo`. */
  readonly scale: number;
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
  const labels = await readBytes(`${name}_labels.npy`, [part.examples], path);
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
  const images = await readBytes(`${name}.npy`, [examples, ...info.shape], path);
  return { images, examples, size: sizeOf(info.shape), scale: info.scale };
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

/** Examples [n, ...shape] and their labels [n], before they are written. */
export interface PartArrays {
  /** uint8, [examples, ...shape]. */
  readonly images: Uint8Array;
  /** uint8, [examples]. */
  readonly labels: Uint8Array;
}

/**
 * Writes the arrays of one part.
 * @param path The place to write a file to, for example `(name) => context.output(name)`.
 * @returns what `dataset.json` says of it
 */
export async function writePart(
  path: (name: string) => string,
  name: PartName,
  { images, labels }: PartArrays,
  { shape, scale, classes }: Pick<DatasetInfo, "shape" | "scale" | "classes">,
): Promise<PartInfo> {
  const examples = labels.length;
  const array = encodeNpy({ shape: [examples, ...shape], data: images });
  await Deno.writeFile(path(`${name}.npy`), array);
  await Deno.writeFile(path(`${name}_labels.npy`), encodeNpy({ shape: [examples], data: labels }));
  // A sum of whole numbers, so no rounding depends on order.
  const sum = images.reduce((total, value) => total + value, 0);
  return {
    examples,
    perClass: classes.map((_, label) => labels.reduce((count, other) => count + Number(other === label), 0)),
    mean: examples === 0 ? null : sum * scale / images.length,
    bytes: array.length,
  };
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
