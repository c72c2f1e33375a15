import { type Shape, sizeOf } from "../base/shape.ts";
import { encodeNpy, npyHeader } from "../formats/npy.ts";
import type { DatasetInfo, PartInfo, PartName, Values } from "./dataset.ts";

/** The types that values of examples are stored as. */
export type StoredType = "uint8" | "uint16" | "float32";

const ARRAYS = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array };

/** What all examples of an array have in common. */
export interface ExampleArray {
  /** The shape of one example. */
  readonly shape: Shape;
  /** The type of its values. */
  readonly type: StoredType;
}

/** Writes the arrays of one part, example after example, so that no more than one need be in memory. */
export class PartWriter {
  readonly #labelsPath: string;
  readonly #array: ExampleArray;
  readonly #size: number;
  readonly #file: Deno.FsFile;
  readonly #labels: Uint8Array[] = [];
  #examples = 0;
  #bytes = 0;
  #sum = 0;

  /** @param path The place to write a file to, for example `(name) => context.output(name)`. */
  constructor(path: (name: string) => string, name: PartName, array: ExampleArray) {
    this.#array = array;
    this.#size = sizeOf(array.shape);
    this.#labelsPath = path(`${name}_labels.npy`);
    this.#file = Deno.openSync(path(`${name}.npy`), { write: true, create: true, truncate: true });
    this.#write(this.#header());
  }

  /** How many there are so far. */
  get examples(): number {
    return this.#examples;
  }

  /**
   * Adds examples behind those that are there.
   *
   * @param values of the part's type, [labels.length, ...shape]
   * @throws {TypeError} where the values are of another type, or not as many as the labels ask for
   */
  add(values: Values, labels: Uint8Array): void {
    if (!(values instanceof ARRAYS[this.#array.type]) || values.length !== labels.length * this.#size) {
      throw new TypeError(
        `Cannot add ${values.length} values for ${labels.length} examples of ${this.#size} ${this.#array.type}`,
      );
    }
    this.#write(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    for (const value of values) this.#sum += value;
    this.#labels.push(labels.slice());
    this.#examples += labels.length;
  }

  /** Closes both files. @returns what `dataset.json` says of the part */
  close({ scale, classes }: Pick<DatasetInfo, "scale" | "classes">): PartInfo {
    this.#file.seekSync(0, Deno.SeekMode.Start);
    const bytes = this.#bytes;
    this.#write(this.#header());
    this.#file.close();
    const labels = new Uint8Array(this.#examples);
    let at = 0;
    for (const some of this.#labels) {
      labels.set(some, at);
      at += some.length;
    }
    Deno.writeFileSync(this.#labelsPath, encodeNpy({ shape: [labels.length], data: labels }));
    const perClass = classes.map(() => 0);
    for (const label of labels) perClass[label]!++;
    return {
      examples: this.#examples,
      perClass,
      mean: this.#examples === 0 ? null : this.#sum * scale / (this.#examples * this.#size),
      bytes,
    };
  }

  /** As long whatever the number of examples: NumPy leaves room for it to grow. */
  #header(): Uint8Array {
    return npyHeader(ARRAYS[this.#array.type], [this.#examples, ...this.#array.shape]);
  }

  #write(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.length;) written += this.#file.writeSync(bytes.subarray(written));
    this.#bytes += bytes.length;
  }
}
