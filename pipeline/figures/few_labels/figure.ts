import { count, percent } from "../../base/words.ts";
import { stackedRows, studyRows } from "../drawing/study_rows.ts";
import type { Drawn, NotDrawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import type { Measured } from "../study.ts";
import { drawFewLabels } from "./draw.ts";
import type { FewLabelsMetrics, RepresentationName } from "./study.ts";

/** Draws accuracies by the number of labels. */
export function draw(data: ImageFigureData<unknown, Measured<FewLabelsMetrics>>): Drawn | NotDrawn {
  const { study: { metrics, pictures }, nouns, info } = data;
  const { rows, draws, referenceExamples, testExamples } = metrics;
  if (rows.length === 0) return { reason: "A class has no training example among those drawn." };
  const names = rows[0]!.representations.map(({ name, dimensions }) => ({
    name,
    title: `${name}, ${count(dimensions)}`,
  }));
  const panels = ([["linear", "logistic regression"], ["nearest", "nearest neighbour"]] as const).map((
    [classifier, title],
  ) => ({
    title,
    series: names.map(({ name, title }) => ({
      name: title,
      points: rows.map(({ labels, representations }) => ({
        labels,
        ...representations.find((representation) => representation.name === name)![classifier],
      })),
    })),
  }));
  const title = `${info.classes.length} classes told from few labels`;
  const linear = (name: RepresentationName) =>
    rows.map(({ representations }) => percent(representations.find((row) => row.name === name)!.linear.mean))
      .join(", ");
  const alt = `Accuracy of logistic regression with ${
    rows.map(({ labels }) => count(labels)).join(", ")
  } labels: ${linear("codes")} on codes, ${linear("PCA")} on PCA of the same size, ${
    linear("pixels")
  } on pixels.`;
  const caption =
    `${alt} Means over ${draws} draws of the labelled ${nouns.many}, as many of each class, with bars of ` +
    `one standard deviation; measured on ${count(testExamples)} test ${nouns.many}. The model and PCA saw ` +
    `${
      count(referenceExamples)
    } or more ${nouns.many} without labels. Above: one draw with one label a class.`;
  const shown = studyRows([{ label: ["labelled"] }], data);
  return {
    title,
    caption,
    alt,
    svg: drawFewLabels({ rows: shown, panels }, { title, description: alt }),
    picture: stackedRows(shown, pictures.columns),
  };
}
