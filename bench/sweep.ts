import type { Case } from "./case.ts";
import { Contestant, type Entry } from "./contestant.ts";
import { median } from "./race.ts";

/** Training steps per second of two trainings of one model. */
export interface SweepRates {
  /** Both at once, each held to a core of its own. */
  readonly together: number;
  /** One after the other, each on both cores. */
  readonly inTurn: number;
}

/** Linux only: cores are given out by `taskset`. */
export async function sweepRates(entry: Entry, files: Case, rounds: number): Promise<SweepRates> {
  const pinned = (core: number) => ({ ...entry, command: ["taskset", "-c", `${core}`, ...entry.command] });
  const [first, second, alone] = [
    await Contestant.start(pinned(0), files),
    await Contestant.start(pinned(1), files),
    await Contestant.start(entry, files),
  ] as const;
  const together = async (steps: number) => {
    const begin = performance.now();
    await Promise.all([first.run(steps), second.run(steps)]);
    return 2e3 * steps / (performance.now() - begin);
  };
  const inTurn = async (steps: number) => 1e3 / await alone.run(2 * steps);
  await together(5);
  await inTurn(5);
  const steps = Math.ceil(await together(5) / 2); // about a second
  const rates = { together: [] as number[], inTurn: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    rates.together.push(await together(steps));
    rates.inTurn.push(await inTurn(steps));
  }
  for (const contestant of [first, second, alone]) await contestant.stop();
  return { together: median(rates.together), inTurn: median(rates.inTurn) };
}
