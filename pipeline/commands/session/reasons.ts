import { printable } from "../../base/printable.ts";
import type { Reason } from "../../graph/events.ts";
import { type Difference, inWords } from "../../graph/explain.ts";

/** More differences than these are counted, not told. */
const MOST_DIFFERENCES = 3;

/** Why a stage runs: "parameter kl.weight changed 1 -> 4". */
export function reasonInWords(reason: Reason): string {
  switch (reason.kind) {
    case "never-ran":
      return "it never ran";
    case "lost":
    case "unreadable":
      return reason.problem;
    case "changed":
      return differencesInWords(reason.differences) || "what it was before is no longer known";
    case "upstream":
      return [
        ...(reason.differences.length > 0 ? [differencesInWords(reason.differences)] : []),
        `what it reads from ${reason.stages.join(" and ")} may change`,
      ].join("; ");
  }
}

/** Whether a stage will run for this reason, or only if what it reads comes out otherwise. */
export function willRun(reason: Reason): boolean {
  return !(reason.kind === "upstream" && reason.differences.length === 0);
}

/** Differences in words, the first of them where there are many. */
export function differencesInWords(differences: readonly Difference[]): string {
  const shown = differences.slice(0, MOST_DIFFERENCES).map(inWords);
  const left = differences.length - shown.length;
  return printable(shown.join("; ")) + (left > 0 ? `; and ${left} more` : "");
}
