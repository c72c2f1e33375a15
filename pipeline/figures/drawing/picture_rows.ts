import { addGrid, countImages, type Images } from "./image.ts";
import { addText, createFigure, type FigureText, type Selection } from "./svg.ts";
import { SIZE, WIDTH } from "./theme.ts";

/** A row of images. */
export interface PictureRow {
  /** At most two short lines. */
  readonly label: readonly string[];
  readonly images: Images;
  /** Above the row, where a new group of rows begins. */
  readonly heading?: string;
  /** Makes the row a place that a page can lead to: `name-id`. */
  readonly id?: string;
}

const GUTTER = 64;
const GAP = 1.5;

/** Draws rows of images of one size, each with its name on the left. @param name of the figure */
export function pictureRows(name: string, rows: readonly PictureRow[], text: FigureText): string {
  const figure = createFigure(name, WIDTH, rowsHeight(rows), text);
  addPictureRows(figure.root, name, rows);
  return figure.toString();
}

/** How high such rows are, in units of the figure. */
export function rowsHeight(rows: readonly PictureRow[]): number {
  const headings = rows.filter(({ heading }, i) => heading && i > 0).length * 22 +
    (rows[0]!.heading ? 18 : 0);
  return rows.length * (sizesOf(rows).rowHeight + 3) + headings;
}

/** The same rows as the upper part of a figure. @param name of the figure */
export function addPictureRows(root: Selection, name: string, rows: readonly PictureRow[]): void {
  const { tile, rowHeight } = sizesOf(rows);
  let top = 0;
  rows.forEach(({ label, images, heading, id }, i) => {
    if (heading) {
      top += i > 0 ? 22 : 18;
      addText(root, 0, top - 6, heading, { size: SIZE.text, bold: true });
    }
    const shown = countImages(images);
    const middle = top + rowHeight / 2 + 3.5 - (label.length - 1) * 5.5;
    label.forEach((line, j) => {
      const words = addText(root, 0, middle + 11 * j, line, { quiet: true });
      if (id !== undefined && j === 0) words.attr("id", `${name}-${id}`);
    });
    addGrid(root, images, {
      x: GUTTER,
      y: top,
      width: shown * tile + (shown - 1) * GAP,
      columns: shown,
      gap: GAP,
    });
    top += rowHeight + 3;
  });
}

function sizesOf(rows: readonly PictureRow[]): { tile: number; rowHeight: number } {
  const columns = Math.max(...rows.map(({ images }) => countImages(images)));
  const tile = (WIDTH - GUTTER - (columns - 1) * GAP) / columns;
  const { height, width } = rows[0]!.images;
  return { tile, rowHeight: tile * height / width };
}
