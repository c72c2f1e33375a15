import { REST, type Voices } from "./voices.ts";

/**
 * Voices as symbols, one a step: a pitch where a note begins, or that the last note is held, or that the voice rests.
 * An example of such music is [steps, voices, symbols], 1 for what each voice does and 0 for all else; the symbols are
 * the pitches from the lowest on, then hold, then rest. Where the pitch of what is held is told, there is a hold for each
 * pitch, as in BachBot (Liang et al., 2017): whoever reads a step knows what sounds, and needs no memory for it.
 */
export interface VoiceFormat {
  /** What the voices are called, the highest first. */
  readonly names: readonly string[];
  /** MIDI number of the first symbol. */
  readonly lowestPitch: number;
  /** How many, from the lowest on. */
  readonly pitches: number;
  /** Whether there is a hold for each pitch; default: there is one for all. */
  readonly tellsHeld?: boolean;
}

/** How many symbols there are: the pitches, hold or holds, and rest. */
export function symbolsOf({ pitches, tellsHeld }: Pick<VoiceFormat, "pitches" | "tellsHeld">): number {
  return pitches + (tellsHeld ? pitches : 1) + 1;
}

/** The symbol of a pitch that is held. */
export function heldSymbol({ lowestPitch, pitches, tellsHeld }: VoiceFormat, pitch: number): number {
  return pitches + (tellsHeld ? pitch - lowestPitch : 0);
}

/**
 * What a voice sings at a symbol: its pitch, or `REST`.
 *
 * @param before what it sang at the step before, which is what it may hold
 */
export function pitchOfSymbol(format: VoiceFormat, symbol: number, before: number): number {
  const { lowestPitch, pitches, tellsHeld } = format;
  if (symbol < pitches) return lowestPitch + symbol;
  if (symbol >= symbolsOf(format) - 1) return REST;
  return tellsHeld ? lowestPitch + symbol - pitches : before;
}

/**
 * The symbols of voices as an example, bytes [steps, voices, symbols]. What is held over from before the first step
 * begins with it: nobody can hold what was never heard.
 *
 * @throws {RangeError} where a pitch is outside of the format
 */
export function voiceSymbols({ steps, voices, pitches, onsets }: Voices, format: VoiceFormat): Uint8Array {
  const symbols = symbolsOf(format), { lowestPitch } = format;
  const example = new Uint8Array(steps * voices * symbols);
  for (const [at, pitch] of pitches.entries()) {
    const isHeld = at >= voices && onsets[at] !== 1 && pitches[at - voices] === pitch;
    if (pitch !== REST && (pitch < lowestPitch || pitch >= lowestPitch + format.pitches)) {
      throw new RangeError(
        `Cannot write the pitch ${pitch}: there are ${format.pitches} from ${lowestPitch} on`,
      );
    }
    const symbol = pitch === REST ? symbols - 1 : isHeld ? heldSymbol(format, pitch) : pitch - lowestPitch;
    example[at * symbols + symbol] = 1;
  }
  return example;
}

/**
 * The voices that examples stand for, one after the other: [examples x steps, voices]. A hold after a rest or at the
 * first step of an example, where nothing sounds to be held, is a rest; one of a pitch that did not sound begins it.
 *
 * @param examples [examples, steps, voices, symbols], 1 for the symbol of each voice
 * @param length steps of one example
 */
export function voicesOfSymbols(examples: ArrayLike<number>, format: VoiceFormat, length: number): Voices {
  const voices = format.names.length, symbols = symbolsOf(format);
  const count = examples.length / symbols;
  const pitches = new Int16Array(count).fill(REST), onsets = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    let symbol = 0;
    while (symbol < symbols && examples[at * symbols + symbol] !== 1) symbol++;
    const isFirst = Math.floor(at / voices) % length === 0;
    const before = isFirst ? REST : pitches[at - voices]!, pitch = pitchOfSymbol(format, symbol, before);
    pitches[at] = pitch;
    onsets[at] = Number(pitch !== REST && (symbol < format.pitches || pitch !== before));
  }
  return { steps: count / voices, voices, pitches, onsets };
}
