import type { Values } from "../../../artifacts/dataset.ts";
import type { StoredType } from "../../../artifacts/part_writer.ts";
import { UserError } from "../../../base/errors.ts";
import { type Shape, sizeOf } from "../../../base/shape.ts";
import { count } from "../../../base/words.ts";
import type { ElementType } from "../../../formats/element_type.ts";
import type { ArrayFile } from "./array_file.ts";
import type { ArrayDataset } from "./schema.ts";

/** How values of an array are stored: as they are where they are whole and few, else as float32 in [0, 1]. */
export interface Storage {
  readonly type: StoredType;
  /** The value that stands for 0. */
  readonly least: number;
  /** The value that stands for 1. */
  readonly greatest: number;
  /** The stored number that stands for 1. */
  readonly most: number;
}

/** How the values of all arrays of a dataset are to be stored. */
export function storageOf(
  types: readonly ElementType[],
  [least, greatest]: readonly [number, number],
): Storage {
  const span = greatest - least;
  const areWhole = types.every(({ limits }) => limits) && Number.isInteger(least) &&
    Number.isInteger(greatest);
  const type = !areWhole || span > 65535 ? "float32" : span > 255 ? "uint16" : "uint8";
  return { type, least, greatest, most: type === "float32" ? 1 : span };
}

/**
 * The values that stand for 0 and 1 in all arrays of a dataset.
 *
 * @throws {UserError} where the spec has to say them
 */
export async function rangeOf(
  arrays: readonly ArrayFile[],
  range: ArrayDataset["range"],
): Promise<readonly [number, number]> {
  if (range) return range;
  const [first] = arrays;
  const { range: own, name } = first!.type;
  if (own && arrays.every(({ type }) => type.name === name)) return own;
  const [from, to] = await extent(first!);
  throw new UserError(`Cannot tell which values of ${first!.reference} stand for 0 and 1: they are ${name}`, {
    notes: [`They lie between ${from} and ${to}. Next: "range": [${from}, ${to}] in dataset, or wider.`],
  });
}

/** The least and the greatest value of an array, rounded outwards to a few digits. */
async function extent(array: ArrayFile): Promise<[number, number]> {
  let [from, to] = [Infinity, -Infinity];
  for await (const { view } of array.blocks()) {
    for (let at = 0; at < view.byteLength; at += array.type.bytes) {
      const value = array.type.read(view, at);
      if (value < from) from = value;
      if (value > to) to = value;
    }
  }
  return [Number.isFinite(from) ? from : 0, Number.isFinite(to) ? to : 1];
}

/** The share of the range below which values are remarked on: what is drawn of them is all but one shade. */
const NARROW = 0.1;

/** What to tell the user where values take up little of the range, as 0 and 1 in bytes do. */
export function remarksOnRange(readers: readonly ValueReader[], range: readonly [number, number]): string[] {
  const from = Math.min(...readers.map(({ extent }) => extent[0]));
  const to = Math.max(...readers.map(({ extent }) => extent[1]));
  const [least, greatest] = range;
  if (!(from < to) || to - from >= NARROW * (greatest - least)) return [];
  return [
    `Values lie between ${from} and ${to}, where ${least} and ${greatest} stand for 0 and 1. ` +
    `To spread them out: "range": [${from}, ${to}] in dataset`,
  ];
}

/** Makes stored values of examples as a file has them. */
export class ValueReader {
  readonly #extent: [number, number] = [Infinity, -Infinity];
  readonly #array: ArrayFile;
  readonly #storage: Storage;
  readonly #size: number;
  /** Where in an example of the file each value of ours stands; undefined where it is the same place. */
  readonly #places: Uint32Array | undefined;

  /**
   * @param shape of an example as it is stored
   * @throws {UserError} where the array has examples of another shape
   */
  constructor(array: ArrayFile, storage: Storage, shape: Shape, layout: ArrayDataset["layout"]) {
    this.#array = array;
    this.#storage = storage;
    this.#size = sizeOf(shape);
    const [height, width, channels = 1] = shape as [number, number, number?];
    const inFile = layout === "channels-first" ? [channels, height, width] : [height, width, channels];
    const found = array.shape.slice(1);
    const accepted = [inFile, ...(channels === 1 ? [[height, width]] : []), [this.#size]];
    if (!accepted.some((sides) => String(sides) === String(found))) {
      throw new UserError(
        `Cannot take examples of [${shape}] from ${array.reference}: its shape is [${array.shape}]`,
        {
          notes: [
            `With this dataset.shape and dataset.layout it must be ${
              accepted.map((sides) => `[n, ${sides.join(", ")}]`).join(" or ")
            }.`,
          ],
        },
      );
    }
    if (layout === "channels-first" && channels > 1) {
      const area = height * width;
      this.#places = Uint32Array.from(
        { length: this.#size },
        (_, i) => (i % channels) * area + Math.floor(i / channels),
      );
    }
  }

  /** The least and the greatest value that was read. */
  get extent(): readonly [number, number] {
    return this.#extent;
  }

  /**
   * The stored values of an example.
   *
   * @param view of a block
   * @param row of the block
   * @param example its number, for errors
   * @throws {UserError} where a value lies outside the range
   */
  read(view: DataView, row: number, example: number): Values {
    const { type, reference } = this.#array;
    const { type: stored, least, greatest } = this.#storage;
    const start = row * this.#size * type.bytes;
    const out = stored === "uint8"
      ? new Uint8Array(this.#size)
      : stored === "uint16"
      ? new Uint16Array(this.#size)
      : new Float32Array(this.#size);
    const divisor = stored === "float32" ? greatest - least : 1;
    for (let i = 0; i < out.length; i++) {
      const place = this.#places ? this.#places[i]! : i;
      const value = type.read(view, start + place * type.bytes);
      if (!(value >= least && value <= greatest)) {
        throw new UserError(
          `Cannot take ${value} for a value between ${least} and ${greatest}: example ${
            count(example)
          } of ${reference} holds it`,
          {
            notes: [
              Number.isFinite(value)
                ? "Next: another dataset.range: the values that stand for 0 and 1."
                : "Only numbers can be trained on: leave such examples out, or fill such values in.",
            ],
          },
        );
      }
      if (value < this.#extent[0]) this.#extent[0] = value;
      if (value > this.#extent[1]) this.#extent[1] = value;
      out[i] = (value - least) / divisor;
    }
    return out;
  }
}
