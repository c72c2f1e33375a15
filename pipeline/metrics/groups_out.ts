import { type MatrixProduct, rowsAt } from "./matrix.ts";
import { type Labelled, linearProbeAccuracy } from "./probe.ts";

/** How well classes are told of groups of examples that the classifier saw nothing of. */
export interface GroupsOut {
  /** Share of all examples that are told right. */
  readonly accuracy: number;
  /** Share of the commonest class: what telling nothing comes to. */
  readonly commonest: number;
  /** Groups that were left out one after the other. */
  readonly groups: number;
  /** Groups of which more than half of the examples are told right. */
  readonly groupsRight: number;
}

/**
 * Accuracy of the linear probe where the examples of each group are told by the probe of all other groups. Windows of
 * one piece are alike: a probe that has seen some of them knows the piece, and not its class.
 *
 * @param groups the number of the group of each example
 * @returns null where a class has examples in one group alone, or there is one class: it cannot be left out
 */
export function groupsLeftOut(
  { features, labels }: Labelled,
  groups: ArrayLike<number>,
  classes: number,
  product: MatrixProduct,
): GroupsOut | null {
  const positions = [...labels.keys()];
  const all = [...new Set(positions.map((i) => groups[i]!))];
  const groupsOf = (label: number) =>
    new Set(positions.filter((i) => labels[i] === label).map((i) => groups[i])).size;
  const present = [...new Set(labels)];
  if (present.length < 2 || present.some((label) => groupsOf(label) < 2)) return null;
  const at = (chosen: readonly number[]) => ({
    features: rowsAt(features, chosen),
    labels: Uint8Array.from(chosen, (i) => labels[i]!),
  });
  const rights = all.map((group) => {
    const [own, others] = [true, false].map((is) => positions.filter((i) => (groups[i] === group) === is));
    return { examples: own!.length, accuracy: linearProbeAccuracy(at(others!), at(own!), classes, product) };
  });
  const right = rights.reduce((sum, { examples, accuracy }) => sum + examples * accuracy, 0);
  const counts = present.map((label) => positions.filter((i) => labels[i] === label).length);
  return {
    accuracy: right / labels.length,
    commonest: Math.max(...counts) / labels.length,
    groups: all.length,
    groupsRight: rights.filter(({ accuracy }) => accuracy > 0.5).length,
  };
}
