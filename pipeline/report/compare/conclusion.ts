import { type MeanDifference, seedsToTell } from "../../metrics/pairwise.ts";
import { LEVEL, type Ranking } from "../../metrics/standings.ts";
import { plural } from "../../base/words.ts";
import type { RunGroup } from "./groups.ts";
import { type Column, ranks } from "./summary.ts";

/** What the measure that ranks the groups says, in sentences that claim no more than the spread allows. */
export function conclusion(groups: readonly RunGroup[], column: Column): string {
  const { measure, spreads, ranking } = column;
  if (!ranking) {
    return `The groups are not measured alike (data, likelihood or number of examples differ), so their ` +
      `${measure.short} cannot be compared.`;
  }
  const order = ranks(column).map((rank, group) => ({ rank, group }))
    .sort((a, b) => a.rank - b.rank).map(({ group }) => group).filter((group) => spreads[group]);
  const [first, second] = order;
  if (first === undefined || second === undefined) return "";
  const { standings } = ranking;
  const shown = (group: number) => {
    const { mean, deviation } = spreads[group]!;
    return `${measure.show(mean)}${
      deviation === null ? "" : ` ± ${measure.show(deviation)}`
    } ${measure.unit}`;
  };
  const name = (group: number) => groups[group]!.label;
  const ahead = ranking.between(first, second);
  if (standings[first] === "best") {
    const gap = Math.abs(spreads[first]!.mean - spreads[second]!.mean);
    return `${name(first)} is best: ${shown(first)}, ${measure.show(gap)} ${measure.unit} ahead of ${
      name(second)
    }${ahead === null ? "" : ` (${testInWords(ahead, ranking)})`}.`;
  }
  const lead = `${name(first)} has the lowest mean, ${shown(first)}`;
  const tied = order.filter((group) => group !== first && standings[group] === "tied");
  const wanted = ahead === null ? "" : ` ${seedsInWords(ahead, ranking, name(first), name(second))}`;
  if (tied.length > 0 && tied.length <= 4) {
    return `${lead}, but ${
      tied.map((group) => `${name(group)} (${shown(group)})`).join(", ")
    } cannot be told from it.${wanted}`;
  }
  if (order.some((group) => spreads[group]!.count === 1)) {
    return `${lead}. With a single seed there is no telling whether that is luck.`;
  }
  return `${lead}, but the spread over seeds is too large to call it best.${wanted}`;
}

function testInWords({ p, isPaired }: MeanDifference, { comparisons }: Ranking): string {
  return [
    `p ${p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`}`,
    ...(isPaired ? ["seed by seed"] : []),
    ...(comparisons > 1 ? [`corrected for ${comparisons} comparisons`] : []),
  ].join(", ");
}

/** How many seeds would tell the two with the best means apart, if they differ as they seem to. */
function seedsInWords(
  ahead: MeanDifference,
  { comparisons }: Ranking,
  first: string,
  second: string,
): string {
  const seeds = seedsToTell(ahead, LEVEL / comparisons);
  const much = seeds === null ? "more than a hundred seeds" : plural(seeds, "seed");
  return `If ${first} and ${second} differ as much as they seem to, it takes ${much} each to tell them apart four ` +
    `times of five.`;
}
