import type { RandomStream } from "../base/random.ts";
import { type Matrix, type MatrixProduct, rowsAt } from "./matrix.ts";
import { linearProbeAccuracy, nearestNeighbourAccuracy } from "./probe.ts";

/** How well classes can be told where few examples have a label. */

/** One way to describe examples, labelled or not. */
export interface Representation {
  readonly name: string;
  /** What labels may be drawn from. */
  readonly reference: Matrix;
  readonly test: Matrix;
}

/** Accuracies on the test examples of classifiers that saw the labels of one draw. */
export interface DrawAccuracy {
  /** Multinomial logistic regression, as the linear probe. */
  readonly linear: number;
  /** The nearest labelled example. */
  readonly nearest: number;
}

/**
 * Draws as many examples of each class as asked for, without replacement: positions in `labels`, class by class; null
 * where a class that occurs has fewer.
 */
export function stratifiedDraw(
  labels: Uint8Array,
  classes: number,
  perClass: number,
  random: RandomStream,
): Uint32Array | null {
  const byClass = Array.from({ length: classes }, (): number[] => []);
  for (const i of random.permutation(labels.length)) byClass[labels[i]!]!.push(i);
  const occurring = byClass.filter(({ length }) => length > 0);
  if (occurring.some(({ length }) => length < perClass)) return null;
  return Uint32Array.from(occurring.flatMap((some) => some.slice(0, perClass)));
}

/** What classifiers that learn the labels of the drawn examples get right. */
export function accuracyOfDraw(
  { reference, test }: Representation,
  labels: { readonly reference: Uint8Array; readonly test: Uint8Array },
  drawn: Uint32Array,
  classes: number,
  product: MatrixProduct,
): DrawAccuracy {
  const fitted = {
    features: rowsAt(reference, drawn),
    labels: rowsAt({ columns: 1, data: labels.reference }, drawn).data,
  };
  const measured = { features: test, labels: labels.test };
  return {
    linear: linearProbeAccuracy(fitted, measured, classes, product),
    nearest: nearestNeighbourAccuracy(fitted, measured, classes, 1, product),
  };
}
