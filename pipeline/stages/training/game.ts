import type { GameEpoch } from "../../artifacts/game_csv.ts";
import { percent } from "../../base/words.ts";

/** Means over an epoch's steps of what tells how a game stands. */
export type GameStanding = Omit<GameEpoch, "epoch">;
/** The names of those among a step's scalars. */
const STANDING = [
  "decoder",
  "discriminator",
  "realScore",
  "generatedScore",
  "variety",
] as const satisfies readonly (keyof GameStanding)[];

/** Adds a step's scalars to the sums over an epoch's steps, where they tell of a game. */
export function addStanding(sums: Record<string, number>, scalars: Readonly<Record<string, number>>): void {
  for (const name of STANDING) {
    if (name in scalars) sums[name] = (sums[name] ?? 0) + scalars[name]!;
  }
}

/** Means over so many steps. */
export function meanStanding(sums: Readonly<Record<string, number>>, steps: number): GameStanding {
  return Object.fromEntries(STANDING.map((name) => [name, sums[name]! / steps])) as unknown as GameStanding;
}

/** How the game stands in the epoch under way, for the progress line; nothing where there is none. */
export function standingWords(sums: Readonly<Record<string, number>>, steps: number): string[] {
  if (sums.realScore === undefined) return [];
  const { realScore, generatedScore } = meanStanding(sums, steps);
  return [`D(x) ${realScore.toFixed(2)}`, `D(G(z)) ${generatedScore.toFixed(2)}`];
}

/** A discriminator's probability below which it hears of no generated example that might be real. */
const SURE = 0.02;
/** Variance of generated examples, as a share of the data's, below which they are all but one. */
const ALIKE = 0.1;

/** What to tell of a game that has collapsed, by its last epoch: sentences. */
export function collapses({ realScore, generatedScore, variety }: GameStanding): string[] {
  const notices: string[] = [];
  if (variety < ALIKE) {
    notices.push(
      `The generator has collapsed: what it makes varies ${percent(variety)} as much as the data do. ` +
        "Try more steps, or a smaller learning rate or objective.rate.",
    );
  }
  if (generatedScore < SURE && realScore > 1 - SURE) {
    notices.push(
      `The discriminator has won: it takes ${percent(realScore)} of what is real for real, and ${
        percent(generatedScore)
      } of what is generated, which leaves the generator next to nothing to learn from. ` +
        "Try a larger objective.gradientPenalty, or a smaller objective.rate.",
    );
  }
  return notices;
}
