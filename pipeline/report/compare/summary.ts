import type { BySeed } from "../../metrics/pairwise.ts";
import { type Spread, spreadOf } from "../../metrics/spread.ts";
import { rankGroups, type Ranking, type Standing } from "../../metrics/standings.ts";
import type { RunGroup } from "./groups.ts";
import type { Measure } from "./measures.ts";
import type { RunResult } from "./read.ts";

/** A measure over all groups. */
export interface Column {
  readonly measure: Measure;
  /** For each group; null where no run of it has a value. */
  readonly spreads: readonly (Spread | null)[];
  /** How the groups stand to each other; null where nothing is to be marked, or not all were measured alike. */
  readonly ranking: Ranking | null;
  /** Whether every run was measured under the same conditions. */
  readonly isComparable: boolean;
}

/** The measures and costs of which there is any value. */
export function summarise(
  groups: readonly RunGroup[],
  measures: readonly Measure[],
  costs: readonly Measure[],
): { measures: Column[]; costs: Column[] } {
  const done = groups.flatMap(({ runs }) => runs.flatMap(({ result }) => result ? [result] : []));
  const isShown = (measure: Measure) => {
    const has = (result: RunResult) => measure.value(result) !== undefined;
    return measure.selects ? done.length > 0 && done.every(has) : done.some(has);
  };
  const columns = (some: readonly Measure[]) => {
    const shown = some.filter(isShown);
    const isSelected = shown.some(({ selects }) => selects);
    return shown.map((measure) => columnOf(measure, groups, !(measure.confirms && isSelected)));
  };
  return { measures: columns(measures), costs: columns(costs) };
}

function columnOf(measure: Measure, groups: readonly RunGroup[], isMarked: boolean): Column {
  const values = groups.map((group) => valuesOf(measure, group));
  const results = groups.flatMap(({ runs }) => runs.flatMap(({ result }) => result ? [result] : []));
  const isComparable = !measure.conditions ||
    new Set(results.map(({ metrics }) => measure.conditions!(metrics))).size <= 1;
  return {
    measure,
    spreads: values.map((bySeed) => bySeed.size > 0 ? spreadOf([...bySeed.values()]) : null),
    ranking: measure.better && isComparable && isMarked
      ? rankGroups(values.map((bySeed) => bySeed.size > 0 ? bySeed : null), measure.better)
      : null,
    isComparable,
  };
}

/** The measure's values in the finished runs of a group. */
export function valuesOf(measure: Measure, { runs }: RunGroup): BySeed {
  return new Map(runs.flatMap(({ result, spec: { seed } }) => {
    const value = result && measure.value(result);
    return value === undefined ? [] : [[seed, value] as const];
  }));
}

/** How a group stands in a column, for its mark. */
export function standingOf({ ranking }: Column, group: number): Standing {
  return ranking?.standings[group] ?? null;
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
