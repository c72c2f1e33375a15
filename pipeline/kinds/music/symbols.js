/**
 * Music by voices in the page, as `formats/voice_symbols.ts` and `symbols.ts` have it.
 *
 * @typedef {{ names: readonly string[], lowestPitch: number, pitches: number }} VoiceFormat
 */

/** The pitches, hold and rest. @param {VoiceFormat} voices */
const symbolsOf = ({ pitches }) => pitches + 2;

/**
 * One symbol of each voice from their probabilities, 1 for it and 0 for the others.
 *
 * @param {Float32Array} means [n, symbols]
 * @param {VoiceFormat} voices
 * @param {(at: number) => number} [uniform] what a symbol is drawn by; without it the most probable is taken
 * @param {number} first the number of the first of them in the whole example
 */
export function chooseSymbols(means, voices, uniform, first = 0) {
  const symbols = symbolsOf(voices), chosen = new Float32Array(means.length);
  for (let from = 0; from < means.length; from += symbols) {
    const row = means.subarray(from, from + symbols);
    chosen[from + (uniform ? drawn(row, uniform(first + from / symbols)) : row.indexOf(Math.max(...row)))] =
      1;
  }
  return chosen;
}

function drawn(probabilities, uniform) {
  let left = uniform * probabilities.reduce((sum, share) => sum + share, 0);
  const found = probabilities.findIndex((share) => (left -= share) < 0);
  return found >= 0 ? found : probabilities.length - 1;
}

/**
 * The notes that voices sing, by onset, then pitch; where several symbols are possible, the most probable.
 * @param {ArrayLike<number>} example @param {VoiceFormat} voices @returns {import("./roll.js").Note[]}
 */
export function notesOfSymbols(example, { names, lowestPitch, pitches }) {
  const symbols = symbolsOf({ pitches }), hold = pitches, notes = [];
  const steps = example.length / symbols / names.length;
  for (let voice = 0; voice < names.length; voice++) {
    let sounding;
    for (let step = 0; step < steps; step++) {
      const from = (step * names.length + voice) * symbols;
      let symbol = symbols - 1; // what is filled up rests
      for (let i = 0; i < symbols; i++) if (example[from + i] > example[from + symbol]) symbol = i;
      if (symbol === hold) {
        if (sounding) sounding[2] = step + 1;
        continue;
      }
      sounding = symbol < hold ? [lowestPitch + symbol, step, step + 1] : undefined;
      if (sounding) notes.push(sounding);
    }
  }
  return notes.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}
