import { columnsOf } from "../formats/piano_roll.ts";
import { rollCount, type RollSet } from "./music.ts";

/** The training roll that a roll is nearest to, and how near. */
export interface NearestRoll {
  /** Index of the nearest training roll; the first of equals. */
  readonly index: number;
  /** Hamming distance: cells that differ. */
  readonly distance: number;
  /**
   * The distance over the cells that are on in either, counted in each: 0 for equal rolls, 1 for rolls that
   * share no cell (1 - Dice, 1945). Silence is near to any sparse roll in cells, and not in this.
   */
  readonly dissimilarity: number;
}

/**
 * The training roll that differs in the fewest cells, for each roll.
 *
 * @throws {RangeError} where there are no training rolls
 */
export function nearestRolls(rolls: RollSet, train: RollSet): NearestRoll[] {
  if (train.cells.length === 0) {
    throw new RangeError("Cannot find the nearest roll: there are no training rolls");
  }
  const queries = packBits(rolls);
  const references = packBits(train);
  return queries.map((query) => {
    let index = -1;
    let distance = Infinity;
    for (const [i, reference] of references.entries()) {
      let differing = 0;
      for (let word = 0; word < query.words.length && differing < distance; word++) {
        differing += bitCount(query.words[word]! ^ reference.words[word]!);
      }
      if (differing < distance) [index, distance] = [i, differing];
    }
    const on = query.on + references[index]!.on;
    return { index, distance, dissimilarity: on === 0 ? 0 : distance / on };
  });
}

/**
 * Share of the rolls whose nearest training roll is a copy: a dissimilarity of at most `threshold`. 0 without
 * rolls.
 */
export function copyRate(nearest: readonly NearestRoll[], threshold = 0.1): number {
  const copies = nearest.filter(({ dissimilarity }) => dissimilarity <= threshold);
  return copies.length / Math.max(1, nearest.length);
}

interface PackedRoll {
  readonly words: Uint32Array;
  /** How many cells are on. */
  readonly on: number;
}

function packBits(set: RollSet): PackedRoll[] {
  const size = set.length * columnsOf(set.format);
  return Array.from({ length: rollCount(set) }, (_, roll) => {
    const words = new Uint32Array(Math.ceil(size / 32));
    let on = 0;
    for (let i = 0; i < size; i++) {
      if (set.cells[roll * size + i] !== 1) continue;
      words[i >>> 5]! |= 1 << (i & 31);
      on++;
    }
    return { words, on };
  });
}

/** Ones in 32 bits, added up in parallel: pairs, fours, bytes, and all bytes by one multiplication. */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
