import { addGrid, countImages, type Images } from "./image.ts";
import { addText, createFigure, type FigureText } from "./svg.ts";
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
  const columns = Math.max(...rows.map(({ images }) => countImages(images)));
  const tile = (WIDTH - GUTTER - (columns - 1) * GAP) / columns;
  const { height, width } = rows[0]!.images;
  const rowHeight = tile * height / width;
  const headings = rows.filter(({ heading }, i) => heading && i > 0).length * 22 +
    (rows[0]!.heading ? 18 : 0);
  const figure = createFigure(name, WIDTH, rows.length * (rowHeight + 3) + headings, text);
  let top = 0;
  rows.forEach(({ label, images, heading, id }, i) => {
    if (heading) {
      top += i > 0 ? 22 : 18;
      addText(figure.root, 0, top - 6, heading, { size: SIZE.text, bold: true });
    }
    const shown = countImages(images);
    const middle = top + rowHeight / 2 + 3.5 - (label.length - 1) * 5.5;
    label.forEach((line, j) => {
      const words = addText(figure.root, 0, middle + 11 * j, line, { quiet: true });
      if (id !== undefined && j === 0) words.attr("id", `${name}-${id}`);
    });
    addGrid(figure.root, images, {
      x: GUTTER,
      y: top,
      width: shown * tile + (shown - 1) * GAP,
      columns: shown,
      gap: GAP,
    });
    top += rowHeight + 3;
  });
  return figure.toString();
}
