import { nats } from "../../base/words.ts";
import type { Markup } from "../markup.ts";
import { numberTable } from "../table.ts";
import { signedPercent, type ValueComparison } from "./verdicts.ts";

const IN_WORDS = { better: "lower", same: "same", differs: "differs" } as const;

/** The paper's values beside ours, a row each. */
export function comparisonTable(rows: readonly ValueComparison[], caption: string): Markup {
  return numberTable(
    caption,
    ["", "Paper", "Here", "Difference", ""],
    rows.map(({ name, paper, ours, difference, share, agreement }) => [
      name,
      String(paper),
      nats(ours),
      `${difference > 0 ? "+" : ""}${nats(difference)} (${signedPercent(share)})`,
      IN_WORDS[agreement],
    ]),
  );
}
