import { bytesOf, type UnlabelledPart } from "../../artifacts/dataset.ts";
import { voicesOfSymbols } from "../../formats/voice_symbols.ts";
import { rollOfVoices } from "../../formats/voices.ts";
import { rowsAt } from "../../metrics/matrix.ts";
import type { RollSet } from "../../metrics/music.ts";
import type { MusicInfo } from "./music.ts";

/** Examples as piano rolls, with their voices where these are told apart. @param examples [n, ...shape] */
export function rollsOf({ format, length, voices: symbols }: MusicInfo, examples: Uint8Array): RollSet {
  if (!symbols) return { format, length, cells: examples };
  const voices = voicesOfSymbols(examples, symbols, length);
  return { format, length, cells: rollOfVoices(voices, format).cells, voices };
}

/** The examples of a part, or those at `indices`, as `rollsOf` gives them. */
export function rollsOfPart(info: MusicInfo, part: UnlabelledPart, indices?: ArrayLike<number>): RollSet {
  const data = bytesOf(part);
  return rollsOf(info, indices ? rowsAt({ columns: part.size, data }, indices).data : data);
}
