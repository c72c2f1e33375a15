import type { Value } from "../graph/value.ts";
import { type Instruction, readBy, writtenBy } from "../program/fuse.ts";
import { isAssembled, isGiven, ownerOf } from "../program/storage.ts";
import { GPU_RULES } from "./rules.ts";

/**
 * Instructions in rounds: none needs another of its round, and each stands in the first round that comes after all that
 * it needs. So a round can be computed at once, and a GPU that waits for one product computes others meanwhile.
 *
 * @param instructions each after those that it needs
 */
export function roundsOf(instructions: readonly Instruction[]): Instruction[][] {
  const rounds: Instruction[][] = [];
  const written = new Map<Value, number>();
  /** The round that a value is there after: -1 for what is given. */
  const round = (value: Value): number => {
    const { of } = ownerOf(value);
    if (isAssembled(of)) return Math.max(...of.operands.map(round));
    return isGiven(of) ? -1 : written.get(of)!;
  };
  for (const instruction of instructions) {
    const own = 1 + Math.max(-1, ...readBy(instruction, GPU_RULES).map(round));
    (rounds[own] ??= []).push(instruction);
    for (const value of writtenBy(instruction)) written.set(ownerOf(value).of, own);
  }
  return rounds;
}
