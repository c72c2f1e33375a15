import type { Drawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import type { Measured } from "../study.ts";
import type { Picture } from "../../formats/png.ts";
import { imagesOf, mosaic, stack } from "./image.ts";
import { type PictureRow, pictureRows } from "./picture_rows.ts";

/**
 * The pictures that a study kept, row by row.
 *
 * @param labels what stands beside each row
 */
export function studyRows(
  labels: readonly Omit<PictureRow, "images">[],
  { study: { pictures: { rows, values } }, info }: ImageFigureData<unknown, Measured<unknown>>,
): PictureRow[] {
  const length = values.length / rows;
  return Array.from(
    { length: rows },
    (_, i) => ({
      ...labels[i]!,
      images: imagesOf(info.shape, values.subarray(i * length, (i + 1) * length)),
    }),
  );
}

/** Rows of pictures, one above the other, without their words. @param columns pictures in a row */
export function stackedRows(rows: readonly PictureRow[], columns: number): Picture {
  return stack(rows.map(({ images }) => mosaic(images, columns, 1)), 1);
}

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
  data: ImageFigureData<unknown, Measured<unknown>>,
): Drawn {
  const rows = studyRows(labels, data);
  return {
    title,
    caption,
    alt,
    svg: pictureRows(name, rows, { title, description: alt }),
    picture: stackedRows(rows, data.study.pictures.columns),
  };
}
