import type { Reason } from "../graph/events.ts";
import { type Difference, inWords } from "../graph/explain.ts";

/** More differences than these are counted, not told. */
const MOST_DIFFERENCES = 3;

/** Why a stage runs: "parameter kl.weight changed 1 -> 4". */
export function reasonInWords(reason: Reason): string {
  switch (reason.kind) {
    case "never-ran":
      return "it never ran";
    case "lost":
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

export function differencesInWords(differences: readonly Difference[]): string {
  const shown = differences.slice(0, MOST_DIFFERENCES).map(inWords);
  const left = differences.length - shown.length;
  return shown.join("; ") + (left > 0 ? `; and ${left} more` : "");
}

/** "0.2 s", "12 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`;
}

/** "512 bytes", "47.0 MB". */
export function bytes(count: number): string {
  if (count < 1000) return `${count} bytes`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = count / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
