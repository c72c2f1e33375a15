import { pitchOfSymbol, symbolsOf, type VoiceFormat } from "../../formats/voice_symbols.ts";
import type { StepMeans } from "../../inference/step_means.ts";
import type { Generation } from "./schema.ts";
import { REST } from "../../formats/voices.ts";
import { isConsonant, isPartOfChord } from "../../metrics/voices/chords.ts";
import { parallel, SATB_RANGES, type VoiceRange } from "../../metrics/voices/leading.ts";

/** How one symbol of each voice is chosen from their probabilities. */
export interface SymbolChoice {
  /** Whether it is drawn; else it is the most probable of those that are allowed. */
  readonly draws: boolean;
  /** What log-probabilities are divided by before one is drawn: below 1 the probable becomes more so. */
  readonly temperature: number;
  /**
   * Nucleus sampling (Holtzman et al., 2020): only the most probable symbols are drawn, as few as have this share of the
   * probability together.
   */
  readonly topP: number;
  /** What each voice may sing; null where all pitches are free. */
  readonly ranges: readonly VoiceRange[] | null;
  /** Whether a voice may sing below one that is written under it. */
  readonly crosses: boolean;
  /** Whether it may go in parallel fifths or octaves with one that is written above it. */
  readonly parallels: boolean;
  /** What the voices of a step may sound together: each chord is written from the highest voice down. */
  readonly chords: "free" | "consonant" | "tertian";
}

/** Whether pitch classes may sound together, by what chords are asked for. */
const CHORDS = { free: () => true, consonant: isConsonant, tertian: isPartOfChord } satisfies Record<
  SymbolChoice["chords"],
  (set: number) => boolean
>;

/** How the symbols of voices are chosen, by what the spec says of generation. */
export function symbolChoice(
  { cells, temperature, topP, ranges, crossing, parallels, chords }: Generation,
): SymbolChoice {
  return {
    draws: cells === "sample",
    temperature: temperature ?? 1,
    topP: topP ?? 1,
    ranges: ranges === "satb" ? SATB_RANGES : null,
    crosses: crossing ?? true,
    parallels: parallels ?? true,
    chords: chords ?? "free",
  };
}

/** Writes the voices of one example step by step, from the highest down, within what is allowed. */
export class VoiceWriter {
  readonly #format: VoiceFormat;
  readonly #choice: SymbolChoice;
  readonly #uniform: (at: number) => number;
  /** What each voice sings; of those that are still to be written, what they sang. */
  readonly #sounding: number[];
  /** What each sang at the step before. */
  #before: readonly number[] = [];
  #step = 0;
  /** The voice that is written next. */
  #voice = 0;
  /** What it must not sing above. */
  #ceiling = Infinity;
  /** The pitch classes of the voices above it. */
  #above = 0;
  #givenLogLikelihood = 0;

  /** @param uniform a number in [0, 1) for each symbol that is drawn, by its place in the example */
  constructor(format: VoiceFormat, choice: SymbolChoice, uniform: (at: number) => number) {
    this.#format = format;
    this.#choice = choice;
    this.#uniform = uniform;
    this.#sounding = format.names.map(() => REST);
  }

  /** Log-probability of the symbols that were given, in nats, each under what was written before it. */
  get givenLogLikelihood(): number {
    return this.#givenLogLikelihood;
  }

  /**
   * Writes the next voice of a step, or the highest of the next step.
   *
   * @param probabilities of all its symbols, [symbols]
   * @param given the symbol of the highest voice, where it is not to be chosen
   * @returns the symbol
   */
  write(probabilities: Float32Array, given?: number): number {
    const { names } = this.#format, voice = this.#voice;
    if (voice === 0) [this.#ceiling, this.#above, this.#before] = [Infinity, 0, [...this.#sounding]];
    const isGiven = voice === 0 && given !== undefined;
    const symbol = isGiven ? given : this.#choose(probabilities);
    if (isGiven) this.#givenLogLikelihood += Math.log(probabilities[symbol]!);
    const pitch = pitchOfSymbol(this.#format, symbol, this.#sounding[voice]!);
    this.#sounding[voice] = pitch;
    if (pitch !== REST && !this.#choice.crosses) this.#ceiling = Math.min(this.#ceiling, pitch);
    if (pitch !== REST) this.#above |= 1 << pitch % 12;
    this.#voice = (voice + 1) % names.length;
    if (this.#voice === 0) this.#step++;
    return symbol;
  }

  #choose(probabilities: Float32Array): number {
    const { names } = this.#format, { draws, temperature, topP } = this.#choice;
    const symbols = this.#allowed(probabilities);
    if (symbols.length === 0) return symbolsOf(this.#format) - 1;
    const weights = symbols.map((symbol) => probabilities[symbol]!), largest = Math.max(...weights);
    if (!draws) return symbols[weights.indexOf(largest)]!;
    const flattened = weights.map((weight) => (weight / largest) ** (1 / temperature));
    const at = this.#step * names.length + this.#voice;
    return symbols[drawn(nucleus(flattened, topP), this.#uniform(at))]!;
  }

  /** The symbols that the next voice may be given and that are probable at all. */
  #allowed(probabilities: Float32Array): number[] {
    const format = this.#format, { pitches } = format, rest = symbolsOf(format) - 1;
    const { ranges, parallels, chords } = this.#choice, voice = this.#voice;
    const [low, high] = ranges?.[voice] ?? [-Infinity, Infinity], held = this.#sounding[voice]!;
    const sounds = CHORDS[chords], allowed: number[] = [];
    for (let symbol = 0; symbol < rest; symbol++) {
      if (!(probabilities[symbol]! > 0)) continue;
      const pitch = pitchOfSymbol(format, symbol, held);
      // Nobody can hold what does not sound.
      const isAllowed = pitch !== REST && (symbol < pitches || pitch === held) && low <= pitch &&
        pitch <= Math.min(high, this.#ceiling) &&
        sounds(this.#above | 1 << pitch % 12) && (parallels || !this.#goesInParallel(pitch));
      if (isAllowed) allowed.push(symbol);
    }
    if (probabilities[rest]! > 0) allowed.push(rest); // always
    return allowed;
  }

  /** Whether the next voice would go in parallel fifths or octaves with one above it. */
  #goesInParallel(pitch: number): boolean {
    const motion = (voice: number, to: number) => ({ from: this.#before[voice]!, to });
    const its = motion(this.#voice, pitch);
    return this.#sounding.slice(0, this.#voice).some((to, above) =>
      parallel(motion(above, to), its) !== undefined
    );
  }
}

/** Weights without those that the most probable, as few as have a share of all together, can do without. */
function nucleus(weights: readonly number[], share: number): readonly number[] {
  if (share >= 1) return weights;
  const enough = share * weights.reduce((sum, weight) => sum + weight, 0);
  const kept = weights.map(() => 0);
  let sum = 0;
  for (const symbol of [...weights.keys()].sort((a, b) => weights[b]! - weights[a]! || a - b)) {
    kept[symbol] = weights[symbol]!;
    sum += weights[symbol]!;
    if (sum >= enough) break;
  }
  return kept;
}

/** Where the weight is in whose share of the unit interval a number lies, however the shares are rounded. */
function drawn(weights: readonly number[], uniform: number): number {
  let left = uniform * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => (left -= weight) < 0);
  return found >= 0 ? found : weights.findLastIndex((weight) => weight > 0);
}

/** Chooses the symbols of examples that are written side by side, step by step, batch after batch. */
export interface StepChooser {
  /** Steps of an example. */
  readonly length: number;
  /** The symbols of the next step of each example, [n, voices, symbols], from what is known of them. */
  choose(step: StepMeans): Uint8Array;
  /** A writer for each example so far. */
  readonly writers: readonly VoiceWriter[];
}

/**
 * @param uniform as of a `VoiceWriter`
 * @param melody the symbols that the highest voice is given, one a step
 */
export function stepChooser(
  format: VoiceFormat,
  length: number,
  choice: SymbolChoice,
  uniform: (at: number) => number,
  melody?: ArrayLike<number>,
): StepChooser {
  const symbols = symbolsOf(format), size = format.names.length * symbols, writers: VoiceWriter[] = [];
  let step = 0, batch: VoiceWriter[] = [];
  return {
    length,
    choose({ count, given }) {
      if (step === 0) {
        batch = Array.from({ length: count }, () => new VoiceWriter(format, choice, uniform));
        writers.push(...batch);
      }
      const chosen = new Uint8Array(count * size);
      for (let voice = 0; voice < format.names.length; voice++) {
        // Each voice is told what those above it sing.
        const means = given(chosen);
        for (const [i, writer] of batch.entries()) {
          const from = i * size + voice * symbols;
          chosen[from + writer.write(means.subarray(from, from + symbols), melody?.[step])] = 1;
        }
      }
      step = (step + 1) % length;
      return chosen;
    },
    writers,
  };
}

/**
 * Chooses the symbols of examples whose probabilities are all known.
 *
 * @param means [n, length, voices, symbols]
 */
export function chooseWhole(
  means: Float32Array,
  { length, choose }: StepChooser,
  count: number,
): Uint8Array {
  const chosen = new Uint8Array(means.length), size = means.length / count / length;
  for (let step = 0; step < length; step++) {
    const row = (i: number) => (i * length + step) * size;
    const rows = new Float32Array(count * size);
    for (let i = 0; i < count; i++) rows.set(means.subarray(row(i), row(i) + size), i * size);
    const symbols = choose({ count, draws: 1, given: () => rows });
    for (let i = 0; i < count; i++) chosen.set(symbols.subarray(i * size, (i + 1) * size), row(i));
  }
  return chosen;
}
