import type { PlannedStage } from "../../graph/plan.ts";
import { moment } from "../../base/words.ts";

/** Says of which stages the last result is taken, since what the spec names cannot be read. @param name of the experiment */
export function noteUnreadable(name: string, planned: readonly PlannedStage[]): void {
  for (const { stage, result, ...more } of planned) {
    if (!result || !("unreadable" in more) || !more.unreadable) continue;
    console.error(`note: ${name}: ${more.unreadable.message}`);
    console.error(
      `  The result of stage ${stage} of ${moment(result.record.started)} is taken, as the store holds it.`,
    );
  }
}
