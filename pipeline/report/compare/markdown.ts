import type { RunGroup } from "./groups.ts";
import { type Column, standingOf } from "./summary.ts";
import { conclusion } from "./conclusion.ts";
import { RULE } from "./table.ts";

/** The tables as GitHub shows them, for a pull request. */
export function renderMarkdown(
  title: string,
  groups: readonly RunGroup[],
  measures: readonly Column[],
  costs: readonly Column[],
): string {
  const [primary] = measures;
  const lost = groups.flatMap(({ label, runs }) =>
    runs.flatMap(({ outcome, spec }) =>
      outcome.status === "done"
        ? []
        : [`- **${text(label)}, seed ${spec.seed}** ${outcome.status}: ${text(outcome.reason)}`]
    )
  );
  return [
    `### ${text(title)}`,
    "",
    ...(primary ? [text(conclusion(groups, primary)), ""] : []),
    ...table(groups, [...measures, ...costs]),
    ...(lost.length > 0 ? ["", "Without a result:", "", ...lost] : []),
    ...(measures.length > 0 ? ["", `<sub>${RULE}</sub>`] : []),
    "",
  ].join("\n");
}

function table(groups: readonly RunGroup[], columns: readonly Column[]): string[] {
  const head = columns.map(({ measure: { short, unit, better } }) =>
    `${short}${unit ? ` (${unit})` : ""}${better === "lower" ? " ↓" : better === "higher" ? " ↑" : ""}`
  );
  const rows = groups.map(({ label, runs }, i) => {
    const done = runs.filter(({ result }) => result).length;
    const seeds = done === runs.length ? String(done) : `${done} of ${runs.length}`;
    const cells = columns.map((column) => {
      const { measure, spreads } = column;
      const spread = spreads[i];
      if (!spread) return "–";
      const value = measure.show(spread.mean);
      const standing = standingOf(column, i);
      const shown = standing === "best" ? `**${value}**` : standing === "tied" ? `≈ ${value}` : value;
      return spread.deviation ? `${shown} ± ${measure.show(spread.deviation)}` : shown;
    });
    return [text(label), seeds, ...cells];
  });
  return [
    row(["", "seeds", ...head]),
    row(["---", "---:", ...head.map(() => "---:")]),
    ...rows.map(row),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Words on one line, without what Markdown or HTML would take for its own. */
function text(words: string): string {
  return words.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>|#~]/g, (character) => `\\${character}`);
}
