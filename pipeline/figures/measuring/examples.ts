import { hasClasses } from "../../artifacts/dataset.ts";
import { randomStream } from "../../base/random.ts";
import { rowsAt } from "../../metrics/matrix.ts";
import { type Labelled, nearestNeighbourAccuracy } from "../../metrics/probe.ts";
import type { StudyContext } from "../study.ts";

/** Test examples that a study measures: a share is known to one or two percent. */
const MEASURED = 1000;

/** Some of the test examples, drawn by the seed; all where there are no more. */
export function measuredTest({ seed, test }: StudyContext): Labelled {
  const { rows } = test.features;
  return labelledAt(test, randomStream(seed, "studied examples").permutation(rows).subarray(0, MEASURED));
}

/** Test examples that are shown where there are no classes to choose one of each from. */
const SHOWN = 10;

/** A test example of each class that there is, drawn by the seed; some where there is one class alone. */
export function oneOfEach({ seed, test, classes }: StudyContext): Labelled {
  const order = randomStream(seed, "shown examples").permutation(test.features.rows);
  if (!hasClasses({ classes })) return labelledAt(test, order.subarray(0, SHOWN));
  return labelledAt(test, classes.flatMap((_, label) => order.find((i) => test.labels[i] === label) ?? []));
}

/** The share of pictures that k-NN among training examples takes for the class that is wanted. */
export function recognised(
  { reference, classes, neighbours, product }: StudyContext,
  pictures: Float32Array,
  wanted: Uint8Array,
): number {
  const features = { rows: wanted.length, columns: pictures.length / wanted.length, data: pictures };
  return nearestNeighbourAccuracy(
    reference,
    { features, labels: wanted },
    classes.length,
    neighbours,
    product,
  );
}

function labelledAt({ features, labels }: Labelled, indices: ArrayLike<number>): Labelled {
  return {
    features: rowsAt(features, indices),
    labels: rowsAt({ columns: 1, data: labels }, indices).data,
  };
}
