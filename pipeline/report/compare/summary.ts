import { type Spread, spreadOf, type Standing, standings } from "../../metrics/spread.ts";
import type { RunGroup } from "./groups.ts";
import type { Measure } from "./measures.ts";

/** A measure over all groups. */
export interface Column {
  readonly measure: Measure;
  /** For each group; null where no run of it has a value. */
  readonly spreads: readonly (Spread | null)[];
  readonly standings: readonly Standing[];
  /** Whether every run was measured under the same conditions. */
  readonly isComparable: boolean;
}

/** The measures and costs of which there is any value. */
export function summarise(
  groups: readonly RunGroup[],
  measures: readonly Measure[],
  costs: readonly Measure[],
): { measures: Column[]; costs: Column[] } {
  const columns = (some: readonly Measure[]) =>
    some.map((measure) => columnOf(measure, groups)).filter(({ spreads }) => spreads.some(Boolean));
  return { measures: columns(measures), costs: columns(costs) };
}

function columnOf(measure: Measure, groups: readonly RunGroup[]): Column {
  const spreads = groups.map((group) => {
    const values = valuesOf(measure, group);
    return values.length > 0 ? spreadOf(values) : null;
  });
  const results = groups.flatMap(({ runs }) => runs.flatMap(({ result }) => result ? [result] : []));
  const isComparable = !measure.conditions ||
    new Set(results.map(({ metrics }) => measure.conditions!(metrics))).size <= 1;
  return {
    measure,
    spreads,
    standings: measure.better && isComparable ? standings(spreads, measure.better) : spreads.map(() => null),
    isComparable,
  };
}

/** The measure's values in the finished runs of a group. */
export function valuesOf(measure: Measure, { runs }: RunGroup): number[] {
  return runs.flatMap(({ result }) => {
    const value = result && measure.value(result);
    return value === undefined ? [] : [value];
  });
}

/** The rank of each group in a measure, 0 for the lowest mean; groups without a value come last. */
export function ranks({ spreads }: Column): number[] {
  const order = spreads.map((_, i) => i).sort((a, b) =>
    (spreads[a]?.mean ?? Infinity) - (spreads[b]?.mean ?? Infinity)
  );
  const result = new Array<number>(order.length);
  order.forEach((group, rank) => result[group] = rank);
  return result;
}
