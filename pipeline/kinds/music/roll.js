import { rollNotes } from "../../formats/piano_roll.ts";

/**
 * Piano rolls in the page.
 *
 * @typedef {object} Music What `explorerFacts` tells of a set of pieces.
 * @property {import("../../formats/piano_roll.ts").RollFormat} format
 * @property {import("./symbols.js").VoiceFormat} [voices] Where examples are symbols of voices.
 * @property {number} length Steps of a roll.
 * @property {number} stepsPerBar
 * @property {{ numerator: number, denominator: number }} metre
 * @property {number} tempo Quarter notes a minute.
 * @property {import("./cells.ts").CellChoice} choice How cells are chosen.
 * @property {import("./symbols.ts").SymbolChoice} [symbols] How those of voices are chosen.
 *
 * @typedef {[pitch: number, onset: number, end: number, voice?: number]} Note In steps; the voice where they are told
 *   apart.
 */

/**
 * The notes of a roll, by onset, then pitch.
 * @param {ArrayLike<number>} cells @param {Music} music @returns {Note[]}
 */
export function notesOf(cells, { format, length: steps }) {
  return rollNotes({ format, steps, cells: Uint8Array.from(cells) }).map(({ pitch, onset, end }) => [
    pitch,
    onset,
    end,
  ]);
}
