import type { LeftOut, PassedOver } from "../artifacts/source_json.ts";
import { count, plural } from "../base/words.ts";

/** How many files a sentence names. */
const NAMED = 3;

/** What a user must know of the files that no example was made of: a sentence for each kind. */
export function remarksOnFiles(leftOut: readonly LeftOut[], passedOver: readonly PassedOver[]): string[] {
  const remarks: string[] = [];
  if (leftOut.length > 0) {
    const named = leftOut.slice(0, NAMED).map(({ name, reason }) => `${name} (${reason})`);
    const rest = leftOut.length > NAMED ? `; dataset.json names all` : "";
    remarks.push(`Skipped: ${plural(leftOut.length, "file")}, ${named.join(", ")}${rest}`);
  }
  for (const { reason, count: all, example } of passedOver) {
    remarks.push(`Passed over: ${example}${all > 1 ? ` and ${count(all - 1)} more` : ""} (${reason})`);
  }
  return remarks;
}
