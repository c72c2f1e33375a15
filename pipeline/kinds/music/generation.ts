import { chooseCells, chooseStep } from "./cells.ts";
import { median, type MusicInfo } from "./music.ts";
import { rollsOf } from "./rolls.ts";
import { chooseWhole, type StepChooser, stepChooser, symbolChoice } from "./symbols.ts";
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
  const uniform = () => stream.uniform();
  if (voices) {
    const chooser = stepChooser(voices, length, symbolChoice(choice), uniform);
    return rollsOf(info, writeVoices(decoder, codes, chooser, labels));
  }
  if (decoder.write) {
    // One step at a time, so a density of the whole is out of reach; specs that ask for it are refused.
    const { values } = decoder.write(
      codes,
      (step) => chooseStep(step, format, choice, uniform),
      labels,
    );
    return { format, length, cells: Uint8Array.from(values) };
  }
  const sounding = density === undefined ? undefined : density * meanPolyphony * length;
  const { values } = decoder.decode(codes, labels);
  return { format, length, cells: chooseCells(values, format, length, { ...choice, sounding }, uniform) };
}

/** The symbols of voices that codes are decoded to, [n, length, voices, symbols]. @param labels as for `generateRolls` */
export function writeVoices(
  decoder: CompiledDecoder,
  codes: Float32Array,
  chooser: StepChooser,
  labels?: ArrayLike<number>,
): Uint8Array {
  if (decoder.write) return Uint8Array.from(decoder.write(codes, chooser.choose, labels).values);
  const { values, height, width, channels } = decoder.decode(codes, labels);
  return chooseWhole(values, chooser, values.length / (height * width * channels));
}

/** The median tempo of the pieces of a class, or of all, in quarter notes a minute. */
export function tempoOf({ pieces, tempo }: MusicInfo, label?: number): number {
  if (label === undefined) return tempo;
  return median(pieces.filter((piece) => piece.label === label).map((piece) => piece.tempo));
}
