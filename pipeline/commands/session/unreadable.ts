import { moment } from "../../base/words.ts";
import type { PlannedStage } from "../../graph/plan.ts";

/**
 * Says of which stages the last result is taken, since what the spec names cannot be read.
 *
 * @param name of the experiment
 */
export function noteUnreadable(name: string, stages: readonly PlannedStage[]): void {
  for (const planned of stages) {
    if (!planned.result || !planned.unreadable) continue;
    const { stage, result, unreadable } = planned;
    console.error(`note: ${name}: ${unreadable.message}`);
    console.error(
      `  The result of stage ${stage} of ${moment(result.record.started)} is taken, as the store holds it.`,
    );
  }
}
