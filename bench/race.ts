import type { Case } from "./case.ts";
import { Absent, Contestant, type Entry, type Setting } from "./contestant.ts";

/** One round takes about this long; a contestant whose step is longer takes one step. */
const roundMs = 400;
/** A contestant so slow that it spent this long takes no more rounds. */
const patienceMs = 20_000;

/**
 * Lets contestants train in turn, A B C A B C, so that a drift of the machine meets them all alike. Returns
 * milliseconds per step, one number per round.
 */
export async function race<T>(
  racers: ReadonlyMap<T, Contestant>,
  rounds: number,
): Promise<Map<T, readonly number[]>> {
  const lanes = [];
  for (const [key, contestant] of racers) {
    lanes.push({ key, contestant, steps: await warmUp(contestant), times: [] as number[], spent: 0 });
  }
  for (let round = 0; round < rounds; round++) {
    for (const lane of lanes) {
      if (lane.spent > patienceMs) continue;
      const ms = await lane.contestant.run(lane.steps);
      lane.times.push(ms);
      lane.spent += ms * lane.steps;
      await new Promise((done) => setTimeout(done, 50)); // its threads stop spinning
    }
  }
  return new Map(lanes.map(({ key, times }) => [key, times]));
}

/** Trains for a second or ten steps; returns how many steps fill a round. */
async function warmUp(contestant: Contestant): Promise<number> {
  let ms = await contestant.run(1);
  for (let step = 1, spent = ms; step < 10 && spent < 1000; step++, spent += ms) ms = await contestant.run(1);
  // Steps that are handed over many at a time are faster the more there are.
  for (let steps = 8; steps * ms < roundMs; steps *= 4) ms = Math.min(ms, await contestant.run(steps));
  return Math.max(1, Math.ceil(roundMs / ms));
}

export interface Trial {
  readonly setting: Setting;
  readonly ms?: number;
  readonly memory?: number | undefined;
  /** Why it could not take part. */
  readonly absent?: string;
}

/**
 * Starts a contestant with each of its settings, races them for three rounds, and stops all but the fastest.
 */
export async function fastest(
  entries: readonly Entry[],
  files: Case,
): Promise<{ winner: Contestant | undefined; trials: Trial[] }> {
  const trials: Trial[] = [];
  const started = new Map<Setting, Contestant>();
  for (const entry of entries) {
    try {
      started.set(entry.setting, await Contestant.start(entry, files));
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      trials.push({ setting: entry.setting, absent: error.message });
    }
  }
  if (started.size === 1 && trials.length === 0) return { winner: [...started.values()][0], trials };
  const times = await race(started, 3);
  for (const [setting, contestant] of started) {
    trials.push({ setting, ms: median(times.get(setting)!), memory: contestant.peakMemory() });
  }
  trials.sort((a, b) => (a.ms ?? Infinity) - (b.ms ?? Infinity));
  const winner = started.get(trials[0]!.setting);
  for (const contestant of started.values()) if (contestant !== winner) await contestant.stop();
  return { winner, trials };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
