import { REST, type Voices } from "./voices.ts";

/**
 * Voices as symbols, one a step: a pitch where a note begins, or that the last note is held, or that the voice rests.
 * An example of such music is [steps, voices, symbols], 1 for what each voice does and 0 for all else; the symbols are
 * the pitches from the lowest on, then hold, then rest.
 */
export interface VoiceFormat {
  /** What the voices are called, the highest first. */
  readonly names: readonly string[];
  /** MIDI number of the first symbol. */
  readonly lowestPitch: number;
  /** How many, from the lowest on. */
  readonly pitches: number;
}

/** How many symbols there are: the pitches, hold and rest. */
export function symbolsOf({ pitches }: Pick<VoiceFormat, "pitches">): number {
  return pitches + 2;
}

/**
 * The symbols of voices as an example, bytes [steps, voices, symbols]. What is held over from before the first step
 * begins with it: nobody can hold what was never heard.
 *
 * @throws {RangeError} where a pitch is outside of the format
 */
export function voiceSymbols({ steps, voices, pitches, onsets }: Voices, format: VoiceFormat): Uint8Array {
  const symbols = symbolsOf(format), [hold, rest] = [format.pitches, format.pitches + 1];
  const example = new Uint8Array(steps * voices * symbols);
  for (const [at, pitch] of pitches.entries()) {
    const isHeld = at >= voices && onsets[at] !== 1 && pitches[at - voices] === pitch;
    const symbol = pitch === REST ? rest : isHeld ? hold : pitch - format.lowestPitch;
    if (symbol < 0 || symbol > rest || (pitch !== REST && !isHeld && symbol >= format.pitches)) {
      throw new RangeError(
        `Cannot write the pitch ${pitch}: there are ${format.pitches} from ${format.lowestPitch} on`,
      );
    }
    example[at * symbols + symbol] = 1;
  }
  return example;
}

/**
 * The voices that examples stand for, one after the other: [examples x steps, voices]. A hold after a rest or at the
 * first step of an example, where nothing sounds to be held, is a rest.
 *
 * @param examples [examples, steps, voices, symbols], 1 for the symbol of each voice
 * @param length steps of one example
 */
export function voicesOfSymbols(examples: ArrayLike<number>, format: VoiceFormat, length: number): Voices {
  const voices = format.names.length, symbols = symbolsOf(format), hold = format.pitches;
  const count = examples.length / symbols;
  const pitches = new Int16Array(count).fill(REST), onsets = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    let symbol = 0;
    while (symbol < symbols && examples[at * symbols + symbol] !== 1) symbol++;
    const isFirst = Math.floor(at / voices) % length === 0;
    if (symbol < hold) {
      pitches[at] = format.lowestPitch + symbol;
      onsets[at] = 1;
    } else if (symbol === hold && !isFirst) pitches[at] = pitches[at - voices]!;
  }
  return { steps: count / voices, voices, pitches, onsets };
}
