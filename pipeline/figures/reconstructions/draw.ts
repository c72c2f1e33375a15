import { addGrid, countImages, gridHeight, type Images } from "../drawing/image.ts";
import { short } from "../../base/words.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { SIZE, WIDTH } from "../drawing/theme.ts";

/** Originals and what became of them. */
export interface ReconstructionRow {
  readonly title: string;
  readonly originals: Images;
  /** Decoder means at the posterior means of the originals. */
  readonly reconstructions: Images;
  /** Negative ELBO of each, in nats. */
  readonly losses: readonly number[];
}

/** Draws test images above their reconstructions, with the loss of each. */
export function drawReconstructions(rows: readonly ReconstructionRow[], text: FigureText): string {
  const columns = countImages(rows[0]!.originals);
  const grid = { x: 0, width: WIDTH, columns, gap: 1.5 };
  const height = gridHeight(rows[0]!.originals, grid);
  const rowHeight = 18 + 2 * height + 2 + 14;
  const figure = createFigure(
    "reconstructions",
    WIDTH,
    rows.length * rowHeight + (rows.length - 1) * 8,
    text,
  );
  rows.forEach((row, i) => {
    const top = i * (rowHeight + 8);
    addText(figure.root, 0, top + 11, row.title, { size: SIZE.text, bold: true });
    addGrid(figure.root, row.originals, { ...grid, y: top + 18 });
    addGrid(figure.root, row.reconstructions, { ...grid, y: top + 18 + height + 2 });
    // Where the tiles are narrow, every second or third label stays.
    const step = Math.ceil(24 / (WIDTH / columns));
    row.losses.forEach((loss, j) => {
      if (j % step) return;
      addText(
        figure.root,
        (j + 0.5) * WIDTH / columns,
        top + 18 + 2 * height + 13,
        short(loss, 0),
        {
          anchor: "middle",
          quiet: true,
        },
      );
    });
  });
  return figure.toString();
}
