import assert from "node:assert/strict";
import {
  symbolChainNll,
  symbolFrequencyNll,
  type SymbolSet,
} from "../../pipeline/metrics/voice_likelihood.ts";
import { assertNear } from "../support/assert_near.ts";

/** Examples of one voice, by the numbers of their symbols; -1 for what is filled up. */
function oneVoice(symbols: number, ...examples: number[][]): SymbolSet {
  const length = examples[0]!.length, bytes = new Uint8Array(examples.length * length * symbols);
  examples.flat().forEach((symbol, at) => {
    if (symbol >= 0) bytes[at * symbols + symbol] = 1;
  });
  return { length, voices: 1, symbols, examples: bytes };
}

const TRAIN = oneVoice(2, [0, 0, 0, 1], [0, 1, -1, -1]);

Deno.test("frequencies give each symbol its share, with one more of each than was seen", () => {
  // 4 of one and 2 of the other: 5/8 and 3/8.
  const expected = -(Math.log(5 / 8) + 2 * Math.log(3 / 8)) / 3;
  assertNear(symbolFrequencyNll(TRAIN, oneVoice(2, [0, 1, 1])), expected, { relative: 1e-12 });
});

Deno.test("a chain gives each symbol its share after the one before; each example begins anew", () => {
  // After nothing: 2 and 0. After 0: 2 and 2. After 1: none.
  const steps = [3 / 4, 1 / 2, 1 / 2, 1 / 4];
  const expected = -steps.reduce((sum, p) => sum + Math.log(p), 0) / 4;
  assertNear(symbolChainNll(TRAIN, oneVoice(2, [0, 1, 1], [1, -1, -1])), expected, { relative: 1e-12 });
});

Deno.test("steps are those of the music: voices add up within a step, and what is filled up is none", () => {
  const both: SymbolSet = {
    length: 2,
    voices: 2,
    symbols: 2,
    examples: Uint8Array.of(1, 0, 0, 1, 0, 0, 0, 0),
  };
  // One step. Each voice saw its symbol once: 2/3.
  assertNear(symbolFrequencyNll(both, both), -2 * Math.log(2 / 3), { relative: 1e-12 });
  assert.ok(Number.isFinite(symbolChainNll(both, both)));
});
