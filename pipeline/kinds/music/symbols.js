import { pitchOfSymbol, symbolsOf } from "../../formats/voice_symbols.ts";
import { REST } from "../../formats/voices.ts";

/**
 * Music by voices in the page.
 *
 * @typedef {import("../../formats/voice_symbols.ts").VoiceFormat} VoiceFormat
 */

/**
 * The notes that voices sing, each with its voice, by onset, then pitch; where several symbols are possible, the most probable.
 * @param {ArrayLike<number>} example @param {VoiceFormat} voices @returns {import("./roll.js").Note[]}
 */
export function notesOfSymbols(example, voices) {
  const { names, pitches } = voices, symbols = symbolsOf(voices);
  /** @type {import("./roll.js").Note[]} */
  const notes = [];
  const steps = example.length / symbols / names.length;
  for (let voice = 0; voice < names.length; voice++) {
    /** @type {import("./roll.js").Note | undefined} */
    let sounding;
    for (let step = 0; step < steps; step++) {
      const from = (step * names.length + voice) * symbols;
      let symbol = symbols - 1; // what is filled up rests
      for (let i = 0; i < symbols; i++) if (example[from + i] > example[from + symbol]) symbol = i;
      const before = sounding ? sounding[0] : REST, pitch = pitchOfSymbol(voices, symbol, before);
      if (pitch === REST) sounding = undefined;
      else if (symbol >= pitches && pitch === before) sounding[2] = step + 1;
      else notes.push(sounding = [pitch, step, step + 1, voice]);
    }
  }
  return notes.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}
