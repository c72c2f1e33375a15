import type { Picture } from "../formats/png.ts";
import type { Part } from "../artifacts/dataset.ts";

/** Examples of each class, side by side. */
const COLUMNS = 16;
/** White pixels between two examples. */
const GAP = 2;
const PAPER = 255;

/** The first examples of each class of a part of images [height, width], one class a row. */
export function contactSheet(part: Part, [height, width]: readonly number[], classes: number): Picture {
  const cell = { height: height! + GAP, width: width! + GAP };
  const sheet = { width: COLUMNS * cell.width + GAP, height: classes * cell.height + GAP };
  const pixels = new Uint8Array(sheet.width * sheet.height).fill(PAPER);
  for (let label = 0; label < classes; label++) {
    let column = 0;
    for (
      let i = part.labels.indexOf(label);
      i >= 0 && column < COLUMNS;
      i = part.labels.indexOf(label, i + 1)
    ) {
      for (let y = 0; y < height!; y++) {
        const row = part.images.subarray(i * part.size + y * width!, i * part.size + (y + 1) * width!);
        const top = GAP + label * cell.height + y;
        pixels.set(
          Uint8Array.from(row, (value) => Math.round(value * part.scale * 255)),
          top * sheet.width + GAP + column * cell.width,
        );
      }
      column++;
    }
  }
  return { ...sheet, channels: 1, pixels };
}
