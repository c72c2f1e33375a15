import { welchTest } from "../../metrics/spread.ts";
import type { RunGroup } from "./groups.ts";
import { type Column, ranks } from "./summary.ts";

/** What the measure that ranks the groups says, in a sentence or two that claim no more than the spread allows. */
export function conclusion(groups: readonly RunGroup[], column: Column): string {
  const { measure, spreads, standings, isComparable } = column;
  if (!isComparable) {
    return `The groups are not measured alike (data, likelihood or number of test examples differ), so their ` +
      `${measure.short} cannot be compared.`;
  }
  const order = ranks(column).map((rank, group) => ({ rank, group }))
    .sort((a, b) => a.rank - b.rank).map(({ group }) => group).filter((group) => spreads[group]);
  const [first, second] = order;
  if (first === undefined || second === undefined) return "";
  const shown = (group: number) => {
    const { mean, deviation } = spreads[group]!;
    return `${measure.show(mean)}${
      deviation === null ? "" : ` ± ${measure.show(deviation)}`
    } ${measure.unit}`;
  };
  const name = (group: number) => groups[group]!.label;
  if (standings[first] === "best") {
    const p = welchTest(spreads[first]!, spreads[second]!)!;
    const gap = Math.abs(spreads[first]!.mean - spreads[second]!.mean);
    return `${name(first)} is best: ${shown(first)}, ${measure.show(gap)} ${measure.unit} ahead of ${
      name(second)
    } (p ${p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`}).`;
  }
  const lead = `${name(first)} has the lowest mean, ${shown(first)}`;
  const tied = order.filter((group) => group !== first && standings[group] === "tied");
  if (tied.length > 0 && tied.length <= 4) {
    return `${lead}, but ${
      tied.map((group) => `${name(group)} (${shown(group)})`).join(", ")
    } cannot be told from it.`;
  }
  if (order.some((group) => spreads[group]!.count === 1)) {
    return `${lead}. With a single seed there is no telling whether that is luck.`;
  }
  return `${lead}, but the spread over seeds is too large to call it best.`;
}
