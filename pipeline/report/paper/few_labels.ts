import { count, percent, plural } from "../../base/words.ts";
import type { FewLabelsMetrics, RepresentationName } from "../../figures/few_labels/study.ts";
import { type Spread, spreadOf } from "../../metrics/spread.ts";
import { type Markup, markup } from "../markup.ts";
import { numberTable } from "../table.ts";
import { type PaperResult, studyOf } from "./read.ts";
import { withDeviation } from "./spread.ts";

/** How well classes are told with one number of labels; shares of the test images. */
export interface FewLabelsAccuracy {
  readonly labels: number;
  /** What M2 reaches, over its seeds, each with labels of its own. */
  readonly m2: Spread;
  /** What logistic regression reaches, over draws of the labels. */
  readonly others: readonly { readonly name: RepresentationName; readonly accuracy: Spread }[];
}

/** Accuracies of M2 beside those of classifiers that see nothing but the labelled images, by the number of labels. */
export function accuraciesByLabels(
  digits: PaperResult,
  semiSupervised: readonly PaperResult[],
): FewLabelsAccuracy[] {
  const { rows } = studyOf<FewLabelsMetrics>(digits, "few-labels");
  // The first row has one label of each class.
  const classes = rows[0]!.labels;
  const labelsOf = ({ spec }: PaperResult) =>
    classes * (spec.objective as { readonly labelsPerClass: number }).labelsPerClass;
  return [...Map.groupBy(semiSupervised, labelsOf)].sort(([a], [b]) => a - b).map(([labels, results]) => ({
    labels,
    m2: spreadOf(results.map(({ metrics: { classifier } }) => classifier!.accuracy)),
    others: rows.find((row) => row.labels === labels)!.representations.map(({ name, linear }) => ({
      name,
      accuracy: linear,
    })),
  }));
}

/** M2 beside what classifiers make of codes, components and pixels with as many labels. */
export function fewLabels(digits: PaperResult, semiSupervised: readonly PaperResult[]): Markup {
  const accuracies = accuraciesByLabels(digits, semiSupervised);
  const { draws } = studyOf<FewLabelsMetrics>(digits, "few-labels");
  const first = accuracies[0]!;
  const shares = (spread: Spread) => withDeviation(spread, percent);
  return markup`
<h3 id="paper-m2">Few labels and many images: M2</h3>
<p>The paper sees a connection with semi-supervised learning. The model M2 of Kingma et al. (2014) learns from
training images of which few have a label: a classifier q(y|x), and a VAE that is told the class where it is known and
sums over all classes where it is not.</p>
${
    numberTable(
      `Accuracy on ${count(digits.metrics.test.examples)} test images: of M2 over ${
        plural(first.m2.count, "seed")
      } with labels of their own, of logistic regression over ${draws} draws of the labels; means and standard deviations.`,
      ["Labels", "M2", ...first.others.map(({ name }) => `Logistic regression, ${name}`)],
      accuracies.map(({ labels, m2, others }) => [
        count(labels),
        shares(m2),
        ...others.map(({ accuracy }) => shares(accuracy)),
      ]),
    )
  }`;
}
