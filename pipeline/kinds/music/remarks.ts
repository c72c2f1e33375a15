import type { LeftOut, PassedOver } from "../../artifacts/source_json.ts";
import { count } from "../../base/words.ts";
import { remarksOnFiles } from "../file_remarks.ts";
import type { PieceInfo } from "./music.ts";
import type { RollFormat } from "../../formats/piano_roll.ts";

/** What a user must know of the files that were read and of those that were not: a sentence for each kind. */
export function remarksOn(
  pieces: readonly PieceInfo[],
  leftOut: readonly LeftOut[],
  passedOver: readonly PassedOver[],
  { lowestPitch, pitches }: RollFormat,
): string[] {
  const remarks = remarksOnFiles(leftOut, passedOver);
  for (const oddity of new Set(pieces.flatMap(({ oddities }) => oddities))) {
    const odd = pieces.filter(({ oddities }) => oddities.includes(oddity));
    remarks.push(`Odd but read: ${oddity} (${filesOf(odd)})`);
  }
  const counted = (what: string, number: (piece: PieceInfo) => number) => {
    const those = pieces.filter((piece) => number(piece) > 0);
    if (those.length === 0) return;
    const sum = those.reduce((total, piece) => total + number(piece), 0);
    remarks.push(`${what}: ${count(sum)}, in ${filesOf(those)}`);
  };
  counted("Notes that start and never end, left out", ({ notesWithoutEnd }) => notesWithoutEnd);
  counted(
    `Notes outside the pitches ${lowestPitch} to ${lowestPitch + pitches - 1}, left out`,
    ({ notesOutOfRange }) => notesOutOfRange,
  );
  counted("Notes of drums, left out (representation.drums keeps them)", ({ drumNotes }) => drumNotes);
  counted("Presses of the sustain pedal, which is not applied", ({ pedalPresses }) => pedalPresses);
  return remarks;
}

function filesOf(pieces: readonly PieceInfo[]): string {
  const [first] = pieces;
  return pieces.length === 1 ? first!.name : `${count(pieces.length)} files, such as ${first!.name}`;
}
