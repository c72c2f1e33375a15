/**
 * What is known of voices without a model, as negative log-likelihoods in nats per step, summed over the voices. A
 * symbol that training never has is given one more than it was seen (Laplace's rule), so that nothing is impossible.
 */

/** Examples of one symbol a voice and step: bytes [examples, length, voices, symbols], 1 for the symbol. */
export interface SymbolSet {
  readonly length: number;
  readonly voices: number;
  readonly symbols: number;
  readonly examples: Uint8Array;
}

/** Nothing stands before the first step, and what is filled up has no symbol. */
const NOTHING = -1;

/** The NLL of how often each voice has each symbol: no time, no piece. */
export function symbolFrequencyNll(train: SymbolSet, test: SymbolSet): number {
  return transitionNll(train, test, () => 0, 1);
}

/** The NLL of a Markov chain of each voice by itself, which knows the symbol before. */
export function symbolChainNll(train: SymbolSet, test: SymbolSet): number {
  return transitionNll(train, test, (before) => before + 1, train.symbols + 1);
}

/** @param state of what stands before, one of `states` */
function transitionNll(
  train: SymbolSet,
  test: SymbolSet,
  state: (before: number) => number,
  states: number,
): number {
  const { voices, symbols } = train;
  const counts = new Float64Array(voices * states * symbols), totals = new Float64Array(voices * states);
  eachSymbol(train, (voice, before, symbol) => {
    const row = voice * states + state(before);
    counts[row * symbols + symbol]!++;
    totals[row]!++;
  });
  let nll = 0, seen = 0;
  eachSymbol(test, (voice, before, symbol) => {
    const row = voice * states + state(before);
    nll -= Math.log((counts[row * symbols + symbol]! + 1) / (totals[row]! + symbols));
    seen++;
  });
  return nll / (seen / voices);
}

function eachSymbol(
  { length, voices, symbols, examples }: SymbolSet,
  visit: (voice: number, before: number, symbol: number) => void,
): void {
  const count = examples.length / symbols, last = new Int32Array(voices);
  for (let at = 0; at < count; at++) {
    const voice = at % voices;
    if (Math.floor(at / voices) % length === 0) last[voice] = NOTHING;
    const symbol = examples.subarray(at * symbols, (at + 1) * symbols).indexOf(1);
    if (symbol === NOTHING) continue;
    visit(voice, last[voice]!, symbol);
    last[voice] = symbol;
  }
}
