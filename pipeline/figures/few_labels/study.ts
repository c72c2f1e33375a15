import { randomStream } from "../../base/random.ts";
import {
  accuracyOfDraw,
  type DrawAccuracy,
  type Representation,
  stratifiedDraw,
} from "../../metrics/few_labels.ts";
import { type Interval, intervalOf } from "../../metrics/interval.ts";
import { rowsAt } from "../../metrics/matrix.ts";
import { fitPca, projectOnPca } from "../../metrics/pca.ts";
import type { StudyContext, StudyResult } from "../study.ts";

/** Accuracies of classifiers that see few labels. */
export interface FewLabelsMetrics {
  /** Training examples that labels were drawn from; PCA is fitted to all of them. */
  readonly referenceExamples: number;
  readonly testExamples: number;
  /** Draws of the labelled examples, the same for all representations. */
  readonly draws: number;
  readonly rows: readonly FewLabelsRow[];
}

/** What a number of labels comes to. */
export interface FewLabelsRow {
  /** Labelled examples, as many of each class. */
  readonly labels: number;
  readonly representations: readonly RepresentationAccuracy[];
}

/** How well one representation does with so many labels. */
export interface RepresentationAccuracy {
  /** "codes", "PCA" or "pixels". */
  readonly name: RepresentationName;
  readonly dimensions: number;
  /** Shares of the test examples, over the draws. */
  readonly linear: Interval;
  readonly nearest: Interval;
  /** Accuracy of the codes less this one's, draw by draw; null for the codes themselves. */
  readonly lead: { readonly linear: Interval; readonly nearest: Interval } | null;
}

/** What classifiers are fitted to. */
export type RepresentationName = "codes" | "PCA" | "pixels";

/** Labelled examples of each class: ten, a hundred and a thousand labels of ten classes. */
const PER_CLASS = [1, 10, 100];
const DRAWS = 20;

/**
 * Accuracy on all test examples of classifiers that see few labels: logistic regression and the nearest neighbour, on
 * posterior means, on PCA of the same size, which is fitted to the unlabelled examples as the model was, and on pixels.
 */
export function measure(context: StudyContext): StudyResult<FewLabelsMetrics> {
  const { seed, classes, latentSize, reference, test, product } = context;
  const pca = fitPca(reference.features, latentSize, product);
  const representations: readonly (Representation & { readonly name: RepresentationName })[] = [
    {
      name: "codes",
      reference: reference.codes,
      test: { rows: test.features.rows, columns: latentSize, data: context.encode(test.features.data) },
    },
    {
      name: "PCA",
      reference: projectOnPca(pca, reference.features, product),
      test: projectOnPca(pca, test.features, product),
    },
    { name: "pixels", reference: reference.features, test: test.features },
  ];
  const labels = { reference: reference.labels, test: test.labels };
  const drawn = (perClass: number, draw: number) =>
    stratifiedDraw(
      labels.reference,
      classes.length,
      perClass,
      randomStream(seed, "few labels", perClass, draw),
    );
  const rows = PER_CLASS.flatMap((perClass): FewLabelsRow[] => {
    const draws = Array.from({ length: DRAWS }, (_, i) => drawn(perClass, i)).filter((draw) => draw !== null);
    if (draws.length === 0) return [];
    const accuracies = representations.map((representation) =>
      draws.map((draw) => accuracyOfDraw(representation, labels, draw, classes.length, product))
    );
    return [{
      labels: draws[0]!.length,
      representations: representations.map(({ name, test: { columns } }, r) => {
        const over = (of: (accuracy: DrawAccuracy, draw: number) => number) =>
          intervalOf(accuracies[r]!.map(of));
        const lead = (classifier: keyof DrawAccuracy) =>
          over((accuracy, draw) => accuracies[0]![draw]![classifier] - accuracy[classifier]);
        return {
          name,
          dimensions: columns,
          linear: over(({ linear }) => linear),
          nearest: over(({ nearest }) => nearest),
          lead: r === 0 ? null : { linear: lead("linear"), nearest: lead("nearest") },
        };
      }),
    }];
  });
  return {
    metrics: {
      referenceExamples: reference.features.rows,
      testExamples: test.features.rows,
      draws: DRAWS,
      rows,
    },
    pictures: [rowsAt(reference.features, drawn(PER_CLASS[0]!, 0)!).data],
  };
}
