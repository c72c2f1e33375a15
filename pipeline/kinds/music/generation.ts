import { chooseCells } from "./cells.ts";
import { median, type MusicInfo } from "./music.ts";
import { rollsOf } from "./rolls.ts";
import { chooseExamples, stepChooser, symbolChoice } from "./symbols.ts";
import type { RollSet } from "../../metrics/music.ts";
import type { RandomStream } from "../../base/random.ts";
import type { Generation } from "./schema.ts";
import type { CompiledDecoder } from "../../inference/decoder.ts";

/** Decodes codes [n, latent size] to rolls, by what the spec says of generation. */
export function generateRolls(
  decoder: CompiledDecoder,
  codes: Float32Array,
  info: MusicInfo,
  { density, ...choice }: Generation,
  stream: RandomStream,
): RollSet {
  const { format, length, voices, meanPolyphony } = info;
  if (voices) {
    const symbols = symbolChoice(choice), uniform = () => stream.uniform();
    return rollsOf(
      info,
      decoder.write
        ? Uint8Array.from(decoder.write(codes, stepChooser(voices, length, symbols, uniform).choose).values)
        : chooseExamples(decoder.decode(codes).values, voices, length, symbols, uniform),
    );
  }
  if (decoder.write) {
    // One step at a time, so a density of the whole is out of reach; specs that ask for it are refused.
    const { values } = decoder.write(codes, (means) => chooseCells(means, format, 1, choice, stream));
    return { format, length, cells: Uint8Array.from(values) };
  }
  const sounding = density === undefined ? undefined : density * meanPolyphony * length;
  const { values } = decoder.decode(codes);
  return { format, length, cells: chooseCells(values, format, length, { ...choice, sounding }, stream) };
}

/** The median tempo of the pieces of a class, or of all, in quarter notes a minute. */
export function tempoOf({ pieces, tempo }: MusicInfo, label?: number): number {
  if (label === undefined) return tempo;
  return median(pieces.filter((piece) => piece.label === label).map((piece) => piece.tempo));
}
