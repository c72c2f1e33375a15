/**
 * Music by voices in the page, as `formats/voice_symbols.ts` has it.
 *
 * @typedef {{ names: readonly string[], lowestPitch: number, pitches: number }} VoiceFormat
 */

/** The pitches, hold and rest. @param {Pick<VoiceFormat, "pitches">} voices */
const symbolsOf = ({ pitches }) => pitches + 2;

/**
 * The notes that voices sing, each with its voice, by onset, then pitch; where several symbols are possible, the most probable.
 * @param {ArrayLike<number>} example @param {VoiceFormat} voices @returns {import("./roll.js").Note[]}
 */
export function notesOfSymbols(example, { names, lowestPitch, pitches }) {
  const symbols = symbolsOf({ pitches }), hold = pitches;
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
      if (symbol === hold) {
        if (sounding) sounding[2] = step + 1;
        continue;
      }
      sounding = symbol < hold ? [lowestPitch + symbol, step, step + 1, voice] : undefined;
      if (sounding) notes.push(sounding);
    }
  }
  return notes.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}
