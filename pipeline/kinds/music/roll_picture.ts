import { columnsOf, type RollFormat } from "../../formats/piano_roll.ts";

/** Brightness of a cell that sounds, and of one that is struck. */
const [SOUNDING, STRUCK] = [150, 255];

/**
 * A window as the contact sheet shows it, [pitches, length]: pitch upwards and time to the right.
 *
 * @param cells of the window, or of its first steps
 */
export function rollPicture(cells: Uint8Array, format: RollFormat, length: number): Uint8Array {
  const { pitches, articulation } = format;
  const columns = columnsOf(format);
  const pixels = new Uint8Array(pitches * length);
  for (let step = 0; step < cells.length / columns; step++) {
    const from = step * columns;
    for (let pitch = 0; pitch < pitches; pitch++) {
      if (cells[from + pitch] !== 1) continue;
      const struck = articulation && cells[from + pitches + pitch] === 1;
      pixels[(pitches - 1 - pitch) * length + step] = struck ? STRUCK : SOUNDING;
    }
  }
  return pixels;
}
