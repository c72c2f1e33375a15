import { chooseCells } from "./cells.ts";
import type { Score } from "./midi.ts";
import { median, type MusicInfo } from "./music.ts";
import { rollToScore } from "./piano_roll.ts";
import type { PianoRoll } from "../../formats/piano_roll.ts";
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
  { format, length, meanPolyphony }: MusicInfo,
  { density, ...choice }: Generation,
  stream: RandomStream,
  labels?: ArrayLike<number>,
): RollSet {
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

/** A roll as a score that can be played. @param tempo quarter notes a minute */
export function scoreOf(roll: PianoRoll, title: string, metre: MusicInfo["metre"], tempo: number): Score {
  return rollToScore(roll, { title, metre, microsecondsPerQuarter: Math.round(6e7 / tempo) });
}

/** The median tempo of the pieces of a class, or of all, in quarter notes a minute. */
export function tempoOf({ pieces, tempo }: MusicInfo, label?: number): number {
  if (label === undefined) return tempo;
  return median(pieces.filter((piece) => piece.label === label).map((piece) => piece.tempo));
}
