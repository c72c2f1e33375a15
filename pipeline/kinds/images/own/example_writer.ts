import { type PartName, PARTS, type Values } from "../../../artifacts/dataset.ts";
import type { ExampleArray } from "../../../artifacts/part_writer.ts";
import { type Shape, sizeOf } from "../../../base/shape.ts";
import type { Picture } from "../../../formats/png.ts";
import { ContactSheet } from "../../contact_sheet.ts";
import type { ExampleSink, Preparing } from "../../preparation.ts";
import { binariseExample, storesIntensities } from "../binarise.ts";
import type { Binarisation } from "../schema.ts";

/** What all examples have in common. */
export interface ExampleFormat {
  readonly shape: Shape;
  readonly type: ExampleArray["type"];
  /** The stored number that stands for 1. */
  readonly most: number;
  readonly binarisation: Binarisation;
  readonly classes: number;
}

/** Gives examples to their parts as they are read, one after another, and keeps what is to be said of them. */
export class ExampleWriter {
  readonly #format: ExampleFormat;
  readonly #seed: number;
  readonly #sinks: Readonly<Record<PartName, ExampleSink>>;
  readonly #sheet: ContactSheet;
  readonly #sums: Float64Array;
  #trained = 0;

  constructor(stage: Preparing, format: ExampleFormat, seed: number) {
    const { shape, classes } = format;
    const type = storesIntensities(format.binarisation) ? format.type : "uint8";
    const open = (name: PartName) => [name, stage.part(name, { shape, type })];
    this.#format = format;
    this.#seed = seed;
    this.#sinks = Object.fromEntries(PARTS.map(open));
    this.#sheet = new ContactSheet(shape, classes);
    this.#sums = new Float64Array(sizeOf(shape));
  }

  /** A stored number times this is the value in [0, 1]. */
  get scale(): number {
    return storesIntensities(this.#format.binarisation) ? 1 / this.#format.most : 1;
  }

  /** @param position of the example among all, which decides how it is binarised */
  add(part: PartName, values: Values, label: number, position: number): void {
    const { binarisation, most } = this.#format;
    const stored = binariseExample(values, most, binarisation, this.#seed, "own", position);
    this.#sinks[part].add(stored, Uint8Array.of(label));
    if (part !== "train") return;
    this.#trained++;
    this.#sheet.add(stored, label, this.scale);
    for (let i = 0; i < stored.length; i++) this.#sums[i]! += stored[i]!;
  }

  /** The mean over the training part of each value in [0, 1]. */
  get pixelMean(): number[] {
    return Array.from(this.#sums, (sum) => sum * this.scale / this.#trained);
  }

  /** The first training examples of each class. */
  contactSheet(): Picture {
    return this.#sheet.picture();
  }
}
