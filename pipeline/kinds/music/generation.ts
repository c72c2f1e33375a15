import { chooseCells } from "./cells.ts";
import type { Score } from "./midi.ts";
import { median, type MusicInfo } from "./music.ts";
import { rollToScore, voicesToScore } from "./piano_roll.ts";
import { rollsOf } from "./rolls.ts";
import { chooseSymbols } from "./symbols.ts";
import { symbolsOf } from "../../formats/voice_symbols.ts";
import type { SungRoll } from "../../formats/voices.ts";
import type { RollSet } from "../../metrics/music.ts";
import type { RandomStream } from "../../base/random.ts";
import type { Generation } from "./schema.ts";
import type { CompiledDecoder } from "../../inference/decoder.ts";

/**
 * Decodes codes [n, latent size] to rolls, by what the spec says of generation.
 * @param labels the class of each, as decoders are told it
 */
export function generateRolls(
  decoder: CompiledDecoder,
  codes: Float32Array,
  info: MusicInfo,
  { density, ...choice }: Generation,
  stream: RandomStream,
  labels?: ArrayLike<number>,
): RollSet {
  const { format, length, voices, meanPolyphony } = info;
  if (voices) {
    const choose = (means: Float32Array) =>
      chooseSymbols(means, symbolsOf(voices), choice.cells === "sample" ? stream : undefined);
    return rollsOf(
      info,
      decoder.write
        ? Uint8Array.from(decoder.write(codes, choose, labels).values)
        : choose(decoder.decode(codes, labels).values),
    );
  }
  if (decoder.write) {
    // One step at a time, so a density of the whole is out of reach; specs that ask for it are refused.
    const { values } = decoder.write(
      codes,
      (means) => chooseCells(means, format, 1, choice, stream),
      labels,
    );
    return { format, length, cells: Uint8Array.from(values) };
  }
  const sounding = density === undefined ? undefined : density * meanPolyphony * length;
  const { values } = decoder.decode(codes, labels);
  return { format, length, cells: chooseCells(values, format, length, { ...choice, sounding }, stream) };
}

/**
 * A roll as a score that can be played, with a track for each voice where voices are told apart.
 *
 * @param tempo quarter notes a minute
 * @param names of the voices
 */
export function scoreOf(
  roll: SungRoll,
  title: string,
  metre: MusicInfo["metre"],
  tempo: number,
  names: readonly string[] = [],
): Score {
  const options = { title, metre, microsecondsPerQuarter: Math.round(6e7 / tempo) };
  return roll.voices ? voicesToScore(roll.voices, names, roll.format, options) : rollToScore(roll, options);
}

/** The median tempo of the pieces of a class, or of all, in quarter notes a minute. */
export function tempoOf({ pieces, tempo }: MusicInfo, label?: number): number {
  if (label === undefined) return tempo;
  return median(pieces.filter((piece) => piece.label === label).map((piece) => piece.tempo));
}
