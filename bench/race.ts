import type { Case } from "./case.ts";
import { Absent, Contestant, type Entry, type Setting } from "./contestant.ts";

/** One round takes about this long; a contestant whose step is longer takes one step. */
const roundMs = 400;
/** A contestant so slow that it spent this long takes no more rounds. */
const patienceMs = 20_000;

/** Milliseconds per step, one number per round; or why the contestant did not come to the end. */
export type Raced = { readonly times: readonly number[] } | { readonly absent: string };

/**
 * Lets contestants train in turn, A B C A B C, so that a drift of the machine meets them all alike. One that ends on
 * the way is left behind.
 */
export async function race<T>(
  racers: ReadonlyMap<T, Contestant>,
  rounds: number,
): Promise<Map<T, Raced>> {
  const absent = new Map<T, string>();
  const unlessAbsent = async (key: T, act: () => Promise<void>) => {
    try {
      if (!absent.has(key)) await act();
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      absent.set(key, `it ended in the race: ${error.message}`);
    }
  };
  const lanes = [...racers].map(([key, contestant]) => ({
    key,
    contestant,
    steps: 1,
    times: [] as number[],
    spent: 0,
  }));
  for (const lane of lanes) {
    await unlessAbsent(lane.key, async () => {
      lane.steps = await warmUp(lane.contestant);
    });
  }
  for (let round = 0; round < rounds; round++) {
    for (const lane of lanes) {
      if (lane.spent > patienceMs) continue;
      await unlessAbsent(lane.key, async () => {
        const ms = await lane.contestant.run(lane.steps);
        lane.times.push(ms);
        lane.spent += ms * lane.steps;
        await new Promise((done) => setTimeout(done, 50)); // its threads stop spinning
      });
    }
  }
  return new Map(lanes.map(({ key, times }): [T, Raced] => {
    const why = absent.get(key);
    return [key, why === undefined ? { times } : { absent: why }];
  }));
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
  const results = await race(started, 3);
  for (const [setting, contestant] of started) {
    const raced = results.get(setting)!;
    trials.push(
      "times" in raced
        ? { setting, ms: median(raced.times), memory: contestant.peakMemory() }
        : { setting, absent: raced.absent },
    );
  }
  trials.sort((a, b) => (a.ms ?? Infinity) - (b.ms ?? Infinity));
  const winner = trials[0]!.ms === undefined ? undefined : started.get(trials[0]!.setting);
  for (const contestant of started.values()) if (contestant !== winner) await contestant.stop();
  return { winner, trials };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
