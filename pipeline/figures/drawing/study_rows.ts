import type { Drawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import type { Measured } from "../study.ts";
import { type Images, imagesOf, mosaic, stack } from "./image.ts";
import { type PictureRow, pictureRows } from "./picture_rows.ts";

/**
 * Draws the pictures that a study kept, row by row.
 *
 * @param name of the figure
 * @param labels what stands beside each row
 */
export function drawStudyRows(
  name: string,
  { title, caption, alt }: Pick<Drawn, "title" | "caption" | "alt">,
  labels: readonly Omit<PictureRow, "images">[],
  { study: { pictures: { rows, columns, values } }, info }: ImageFigureData<unknown, Measured<unknown>>,
): Drawn {
  const length = values.length / rows;
  const images = Array.from(
    { length: rows },
    (_, i): Images => imagesOf(info.shape, values.subarray(i * length, (i + 1) * length)),
  );
  const labelled = images.map((images, i) => ({ ...labels[i]!, images }));
  return {
    title,
    caption,
    alt,
    svg: pictureRows(name, labelled, { title, description: alt }),
    picture: stack(images.map((row) => mosaic(row, columns, 1)), 1),
  };
}
