import type { Picture } from "../formats/png.ts";
import type { Part, Values } from "../artifacts/dataset.ts";
import type { Shape } from "../base/shape.ts";

/** Examples of each class, side by side. */
const COLUMNS = 16;
/** The most classes that are shown. */
const MOST_CLASSES = 64;
/** Rows where there is one class alone. */
const ROWS_OF_ONE = 4;
/** White pixels between two examples. */
const GAP = 2;
const PAPER = 255;
/** The longest side of an example, in pixels: larger ones are shown smaller. */
const LONGEST_SIDE = 256;

/** Keeps the first examples of each class, and shows them, a class a row. */
export class ContactSheet {
  readonly #shape: Shape;
  readonly #columns: number;
  readonly #rows: number;
  /** By class, each example as 0 to 255. */
  readonly #shown: Uint8Array[][];

  /** @param shape of an example: [height, width] or [height, width, 3] */
  constructor(shape: Shape, classes: number) {
    this.#shape = shape;
    this.#columns = COLUMNS;
    this.#rows = classes === 1 ? ROWS_OF_ONE : Math.min(MOST_CLASSES, classes);
    this.#shown = Array.from({ length: Math.min(MOST_CLASSES, classes) }, () => []);
  }

  /** Whether it needs another example of a class. */
  wants(label: number): boolean {
    const shown = this.#shown[label];
    return shown !== undefined && shown.length < this.#columns * (this.#shown.length === 1 ? this.#rows : 1);
  }

  /** @param scale the number that makes a value in [0, 1] of what is stored */
  add(values: Values, label: number, scale: number): void {
    if (!this.wants(label)) return;
    this.#shown[label]!.push(Uint8Array.from(values, (value) => Math.round(value * scale * 255)));
  }

  /** All that was kept. */
  picture(): Picture {
    const [height, width, channels = 1] = this.#shape as [number, number, (1 | 3)?];
    const shrink = Math.ceil(Math.max(height, width) / LONGEST_SIDE);
    const cell = { height: Math.ceil(height / shrink), width: Math.ceil(width / shrink) };
    const sheet = {
      width: this.#columns * (cell.width + GAP) + GAP,
      height: this.#rows * (cell.height + GAP) + GAP,
      channels,
    };
    const pixels = new Uint8Array(sheet.width * sheet.height * channels).fill(PAPER);
    this.#shown.forEach((examples, label) =>
      examples.forEach((example, i) => {
        const [row, column] = this.#shown.length === 1 ? [Math.floor(i / COLUMNS), i % COLUMNS] : [label, i];
        const top = GAP + row * (cell.height + GAP);
        const left = GAP + column * (cell.width + GAP);
        for (let y = 0; y < cell.height; y++) {
          for (let x = 0; x < cell.width; x++) {
            for (let channel = 0; channel < channels; channel++) {
              const at = ((y * shrink) * width + x * shrink) * channels + channel;
              pixels[((top + y) * sheet.width + left + x) * channels + channel] = example[at]!;
            }
          }
        }
      })
    );
    return { ...sheet, pixels };
  }
}

/** The first examples of each class of a part. */
export function contactSheet(part: Part, shape: Shape, classes: number): Picture {
  const sheet = new ContactSheet(shape, classes);
  for (let label = 0; label < classes; label++) {
    for (
      let i = part.labels.indexOf(label);
      i >= 0 && sheet.wants(label);
      i = part.labels.indexOf(label, i + 1)
    ) {
      sheet.add(part.images.subarray(i * part.size, (i + 1) * part.size), label, part.scale);
    }
  }
  return sheet.picture();
}
