/**
 * Piano rolls in the page, as `formats/piano_roll.ts` and `cells.ts` have them.
 *
 * @typedef {object} Music What `explorerFacts` tells of a set of pieces.
 * @property {{ stepsPerQuarter: number, lowestPitch: number, pitches: number, articulation: boolean }} format
 * @property {import("./symbols.js").VoiceFormat} [voices] Where examples are symbols of voices.
 * @property {number} length Steps of a roll.
 * @property {number} stepsPerBar
 * @property {{ numerator: number, denominator: number }} metre
 * @property {number} tempo Quarter notes a minute.
 * @property {{ cells: "threshold" | "sample", threshold: number, monophonic: boolean, sounding: number | null }} choice
 * @property {import("./symbols.ts").SymbolChoice} [symbols] How those of voices are chosen.
 *
 * @typedef {[pitch: number, onset: number, end: number, voice?: number]} Note In steps; the voice where they are told
 *   apart.
 */

/** @param {Music["format"]} format */
export const columnsOf = ({ pitches, articulation }) => articulation ? 2 * pitches : pitches;

/**
 * The cells of some steps of a roll from their probabilities.
 *
 * @param {Float32Array} means
 * @param {Music} music
 * @param {(cell: number) => number} uniform What a cell is drawn by: the same each time, so that what is heard changes
 *   with z alone.
 * @param {number} first the step that they begin at
 */
export function chooseCells(means, { format, choice }, uniform, first = 0) {
  const { pitches, articulation } = format, columns = columnsOf(format);
  const cells = new Float32Array(means.length);
  const drawn = choice.cells === "sample" && choice.sounding === null;
  let needed = choice.threshold;
  if (choice.sounding !== null) {
    const play = means.filter((_, i) => i % columns < pitches).sort();
    needed = play.at(-1 - Math.min(play.length - 1, Math.round(choice.sounding)));
  }
  const isOn = (mean, at) => drawn ? uniform(first * columns + at) < mean : mean > needed;
  for (let step = 0; step < means.length; step += columns) {
    let best = -1;
    for (let at = step; at < step + pitches; at++) {
      cells[at] = Number(isOn(means[at], at));
      if (cells[at] === 1 && (best < 0 || means[at] > means[best])) best = at;
    }
    if (choice.monophonic) {
      cells.fill(0, step, step + pitches);
      if (best >= 0) cells[best] = 1;
    }
    if (!articulation) continue;
    for (let at = step; at < step + pitches; at++) {
      const struck = at + pitches;
      if (cells[at] === 1) {
        cells[struck] = Number(isOn(drawn ? means[struck] / means[at] : means[struck], struck));
      }
    }
  }
  return cells;
}

/**
 * The cells of one step, each chosen once it knows those before it where they depend on each other.
 *
 * @param {import("../../inference/step_means.ts").StepMeans} step
 * @param {Music} music
 * @param {(cell: number) => number} uniform as of `chooseCells`
 * @param {number} number of the step
 */
export function chooseStep({ draws, given }, music, uniform, number) {
  const { format, choice } = music, columns = columnsOf(format), cells = new Float32Array(columns);
  if (draws === 1) return chooseCells(given(cells), music, uniform, number);
  let best = -1, most = 0;
  for (let at = 0; at < columns; at++) {
    const mean = given(cells)[at], isPlay = at < format.pitches;
    const isOn = choice.cells === "sample" ? uniform(number * columns + at) < mean : mean > choice.threshold;
    cells[at] = Number(isOn && (isPlay || cells[at - format.pitches] === 1));
    if (isPlay && cells[at] === 1 && mean > most) [best, most] = [at, mean];
    if (at === format.pitches - 1 && choice.monophonic) {
      cells.fill(0);
      if (best >= 0) cells[best] = 1;
    }
  }
  return cells;
}

/**
 * The notes of a roll, by onset, then pitch: a note starts where its pitch begins to play, and anew where it is struck.
 * @param {ArrayLike<number>} cells @param {Music["format"]} format @returns {Note[]}
 */
export function notesOf(cells, format) {
  const { lowestPitch, pitches, articulation } = format, columns = columnsOf(format);
  const steps = cells.length / columns;
  /** @type {Note[]} */
  const notes = [];
  for (let pitch = 0; pitch < pitches; pitch++) {
    let onset = -1;
    for (let step = 0; step <= steps; step++) {
      const plays = step < steps && cells[step * columns + pitch] > 0.5;
      const strikes = plays && articulation && cells[step * columns + pitches + pitch] > 0.5;
      if (onset >= 0 && (!plays || strikes)) {
        notes.push([lowestPitch + pitch, onset, step]);
        onset = -1;
      }
      if (plays && onset < 0) onset = step;
    }
  }
  return notes.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}
