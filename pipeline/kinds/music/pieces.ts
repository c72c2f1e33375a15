import type { LeftOut } from "../../artifacts/source_json.ts";
import { UserError } from "../../base/errors.ts";
import { plural } from "../../base/words.ts";
import { FormatError } from "../../formats/format_error.ts";
import type { Preparing } from "../preparation.ts";
import { type MidiRemarks, parseMidi, type Score } from "./midi.ts";
import { scoreToRoll } from "./piano_roll.ts";
import type { RollFormat } from "../../formats/piano_roll.ts";
import type { MusicDataset } from "./schema.ts";
import { stepsNeeded } from "./windows.ts";

/** A piece of music that examples are made of. */
export interface Piece {
  /** The file's name with its folders; the first is its class. */
  readonly name: string;
  readonly score: Score;
  readonly remarks: MidiRemarks;
  /** Length of its piano roll. */
  readonly steps: number;
}

/** What of a dataset's spec decides how pieces are read. */
export type PiecesSpec = Pick<MusicDataset, "representation" | "windows" | "split" | "brokenFiles">;

/**
 * Reads the files that examples can be made of. Under `brokenFiles: "skip"` the others, and those that could not
 * even be delivered, are in `leftOut`.
 * @throws {UserError} that names all of them under "refuse", and where no file is left.
 */
export async function readPieces(
  spec: PiecesSpec,
  { files, leftOut: missing }: { readonly files: readonly string[]; readonly leftOut: readonly LeftOut[] },
  read: Preparing["read"],
): Promise<{ readonly pieces: readonly Piece[]; readonly leftOut: readonly LeftOut[] }> {
  const pieces: Piece[] = [];
  const leftOut = [...missing];
  for (const name of files) {
    try {
      pieces.push(readPiece(spec, name, await read(name)));
    } catch (error) {
      if (error instanceof Unusable) leftOut.push({ name, reason: error.message });
      else if (error instanceof FormatError) {
        leftOut.push({ name, reason: `${error.problem} (at byte ${error.offset})` });
      } else throw error;
    }
  }
  if (pieces.length > 0 && (leftOut.length === 0 || spec.brokenFiles === "skip")) return { pieces, leftOut };
  const total = files.length + missing.length;
  throw new UserError(`Cannot make examples of ${plural(leftOut.length, "file")} of ${total}`, {
    notes: [
      ...leftOut.map(({ name, reason }) => `${name}: ${reason}`),
      pieces.length === 0
        ? "Not one file is left."
        : "Mend them or take them out, or go on without them: --set dataset.brokenFiles=skip",
    ],
  });
}

/** Why no example can be made of a file. */
class Unusable extends Error {}

function readPiece(
  { representation, windows, split }: PiecesSpec,
  name: string,
  bytes: Uint8Array,
): Piece {
  const { drums, minimumVelocity } = representation;
  const { score, remarks } = parseMidi(bytes, { file: name, drums });
  const { steps, cells } = scoreToRoll(score, formatOf(representation), { minimumVelocity });
  if (!cells.includes(1)) throw new Unusable(whySilent(score, remarks, representation));
  const needed = stepsNeeded(steps, windows, split);
  if (steps < needed) {
    throw new Unusable(
      `it has ${plural(steps, "step")}; with windows of ${windows.length} it needs ${needed}`,
    );
  }
  return { name, score, remarks, steps };
}

/** The grid of the rolls that a spec asks for. */
export function formatOf(
  { stepsPerQuarter, lowestPitch, pitches, articulation }: PiecesSpec["representation"],
): RollFormat {
  return { stepsPerQuarter, lowestPitch, pitches, articulation };
}

/** Why a piano roll is empty. */
function whySilent(
  { notes }: Score,
  { drumNotes, notesWithoutEnd }: MidiRemarks,
  { lowestPitch, pitches, minimumVelocity }: PiecesSpec["representation"],
): string {
  if (notes.length > 0) {
    const softer = minimumVelocity > 1 ? ` and has a velocity of ${minimumVelocity} or more` : "";
    return `none of its ${plural(notes.length, "note")} lies within the pitches ${lowestPitch} to ` +
      `${lowestPitch + pitches - 1}${softer}`;
  }
  const reasons = [
    drumNotes > 0 && `its ${plural(drumNotes, "note")} are drums, which representation.drums keeps`,
    notesWithoutEnd > 0 && `${plural(notesWithoutEnd, "note")} without an end`,
  ].filter((reason) => reason !== false);
  return ["it has no notes", reasons.join("; ")].filter((part) => part !== "").join(": ");
}
