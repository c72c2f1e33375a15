import { percent } from "../../base/words.ts";
import { drawStudyRows } from "../drawing/study_rows.ts";
import type { Drawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import type { Measured } from "../study.ts";
import type { ClassSamplesMetrics } from "./study.ts";

/** Draws the images that were decoded from the region of each class. */
export function draw(data: ImageFigureData<unknown, Measured<ClassSamplesMetrics>>): Drawn {
  const { study: { metrics: { perClass, recognised } }, info, regions, model } = data;
  const classes = info.classes.filter((_, label) => regions[label]);
  const mean = recognised.reduce((sum, share) => sum + share, 0) / recognised.length;
  const title = "Samples of each class";
  const how = model.conditional
    ? "Decoded from z ~ N(0, I), each row with the class that it is told."
    : "Decoded from the Gaussian with the mean and covariance of a class's training posteriors; the model never saw a label.";
  const caption =
    `${how} k-NN takes ${
      percent(mean)
    } of ${perClass} samples of each class for the class that was asked for, from ` +
    `${percent(Math.min(...recognised))} to ${percent(Math.max(...recognised))} of a class.`;
  const alt = `${recognised.length} rows of generated images, one for each class.`;
  const labels = classes.map((name, i) => ({ label: [name, percent(recognised[i]!)] }));
  return drawStudyRows("class-samples", { title, caption, alt }, labels, data);
}
