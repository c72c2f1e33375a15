import { count, percent } from "../../base/words.ts";
import { stackedRows, studyRows } from "../drawing/study_rows.ts";
import type { Drawn, NotDrawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import type { Measured } from "../study.ts";
import { drawPredictionError } from "./draw.ts";
import type { Interval } from "../../metrics/interval.ts";
import type { PredictionErrorMetrics } from "./study.ts";

/** Draws inputs, their predictions and what is left. */
export function draw(
  data: ImageFigureData<unknown, Measured<PredictionErrorMetrics | null>>,
): Drawn | NotDrawn {
  const { study: { metrics, pictures }, nouns } = data;
  if (!metrics) return { reason: `It compares test ${nouns.many}, and there is one in all.` };
  const { examples, inputs, gap } = metrics;
  const rows = studyRows(
    inputs.flatMap(({ name }) => [
      { label: ["input"], heading: name[0]!.toUpperCase() + name.slice(1) },
      { label: ["prediction"] },
      { label: ["error"] },
    ]),
    data,
  );
  const panels = [
    { label: "squared error", of: "error" as const },
    { label: "share unexplained", of: "unexplained" as const },
  ].map(({ label, of }) => ({ label, values: inputs.map((input) => ({ name: input.name, ...input[of] })) }));
  const title = "Prediction error of expected and unexpected inputs";
  const alt = `Mean squared error per pixel of ${count(examples)} test ${nouns.many}: ${
    inputs.map(({ name, error }) => `${name} ${digits(error)}`).join(", ")
  }.`;
  const compared = inputs.flatMap(({ name, against }) =>
    against === null ? [] : [
      `${name} ${interval(against.difference)}${
        against.effectSize === null ? "" : `, d = ${against.effectSize.toFixed(2)}`
      }, higher in ${percent(against.rises)}`,
    ]
  );
  const caption =
    `The error signal is the input less what the decoder predicts from its code, as its size. ${alt} ` +
    `Against the same ${nouns.many} intact (mean difference with its 95 % interval, Cohen's d of the pairs): ${
      compared.join("; ")
    }. Bars are one standard deviation. Unexplained: squared error as a share of the input's distance from the mean ` +
    `image. In the gap, a square of ${gap.side} pixels, the model predicts a mean value of ${
      digits(gap.ink.predicted)
    } where ${digits(gap.ink.before)} had been and 0 is seen; it misses what had been there by ${
      digits(gap.error.predicted)
    }, by ${digits(gap.error.ofAnother)} with the prediction of another of the ${nouns.many}, and by ${
      digits(gap.error.black)
    } as it came.`;
  return {
    title,
    caption,
    alt,
    svg: drawPredictionError({ rows, panels }, { title, description: alt }),
    picture: stackedRows(rows, pictures.columns),
  };
}

function digits({ mean }: Interval): string {
  return mean.toFixed(3);
}

function interval({ mean, low, high }: Interval): string {
  const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
  return `${signed(mean)} (${signed(low)} to ${signed(high)})`;
}
