import { capital } from "../../base/words.ts";
import { heldSymbol, symbolsOf } from "../../formats/voice_symbols.ts";
import { element, pageColour } from "../../report/dom.js";
import { contentsOf } from "../pad_contents.js";
import { paintRoll } from "./paint.js";
import { notesOf } from "./roll.js";
import { notesOfSymbols } from "./symbols.js";

/** A place of a pad. @typedef {{ step: number, pitch: number }} Place the pitch counted from the lowest */

/**
 * A piano roll that notes are clicked into.
 *
 * @param {import("./roll.js").Music} music
 * @param {number} columns of a step
 * @param {() => void} changed
 */
export function rollPad(music, columns, changed) {
  const { format, length } = music, { pitches, articulation, stepsPerQuarter } = format;
  const values = new Float32Array(length * columns);
  const notes = () => notesOf(values, music);
  const put = ({ step, pitch }, steps) => {
    const cell = (at) => at * columns + pitch;
    if (values[cell(step)] === 0) {
      for (let at = step; at < Math.min(length, step + steps); at++) {
        values[cell(at)] = 1;
        if (articulation) values[cell(at) + pitches] = Number(at === step);
      }
      return;
    }
    // The whole note that lies here goes.
    const note = notes().find((note) => liesAt(note, step, format.lowestPitch + pitch));
    for (let at = note[1]; at < note[2]; at++) {
      values[cell(at)] = 0;
      if (articulation) values[cell(at) + pitches] = 0;
    }
  };
  const lengths = { "Quarter notes": stepsPerQuarter, "Eighths": Math.max(1, stepsPerQuarter >> 1) };
  return padOf(music, { values, notes, put, modes: lengths, widthOf: (steps) => steps }, changed);
}

/**
 * A piano roll into which quarter notes are clicked, voice by voice: each sings one at a time, and rests where none is.
 *
 * @param {import("./roll.js").Music} music
 * @param {() => void} changed
 */
export function voicePad(music, changed) {
  const { voices, format, length } = music, { names, lowestPitch } = voices;
  const symbols = symbolsOf(voices), values = new Float32Array(length * names.length * symbols);
  const notes = () => values.some(Boolean) ? notesOfSymbols(values, voices) : [];
  /** Writes what is sung; of silence nothing stands there. @param {import("./roll.js").Note[]} sung */
  const write = (sung) => {
    values.fill(0);
    if (sung.length === 0) return;
    const rows = new Uint8Array(length * names.length).fill(symbols - 1);
    for (const [pitch, onset, end, voice] of sung) {
      for (let at = onset; at < end; at++) {
        rows[at * names.length + voice] = at === onset ? pitch - lowestPitch : heldSymbol(voices, pitch);
      }
    }
    rows.forEach((symbol, row) => values[row * symbols + symbol] = 1);
  };
  const put = ({ step, pitch }, voice) => {
    const sung = notes(), key = lowestPitch + pitch, end = Math.min(length, step + format.stepsPerQuarter);
    const here = sung.find((note) => note[3] === voice && liesAt(note, step, key));
    if (here) return write(sung.filter((note) => note !== here));
    // What the voice sang at these steps makes room.
    /** @type {import("./roll.js").Note[]} */
    const kept = [[key, step, end, voice]];
    for (const note of sung) {
      const [itsPitch, from, to, its] = note;
      if (its !== voice || to <= step || end <= from) kept.push(note);
      else if (from < step) kept.push([itsPitch, from, step, its]);
    }
    write(kept);
  };
  const modes = Object.fromEntries(names.map((name, voice) => [capital(name), voice]));
  return padOf(music, { values, notes, put, modes, widthOf: () => format.stepsPerQuarter }, changed);
}

/** Whether a note sounds at a step. @param {import("./roll.js").Note} note */
function liesAt(note, step, pitch) {
  return note[0] === pitch && note[1] <= step && step < note[2];
}

/**
 * A piano roll to write into by mouse, finger or pen, or by arrow keys and the space bar.
 *
 * @template Mode
 * @param {import("./roll.js").Music} music
 * @param {object} pad
 * @param {Float32Array} pad.values what is written, as the model reads it
 * @param {() => import("./roll.js").Note[]} pad.notes
 * @param {(place: Place, mode: Mode) => void} pad.put writes a note or takes it away
 * @param {Record<string, Mode>} pad.modes what is written, by names
 * @param {(mode: Mode) => number} pad.widthOf steps of a note
 * @param {() => void} changed
 */
function padOf(music, { values, notes, put, modes, widthOf }, changed) {
  const { format, length } = music, { pitches } = format, columns = values.length / length;
  const hidden = new Uint8Array(values.length);
  const canvas = element("canvas", {
    className: "pad roll",
    tabIndex: 0,
    role: "application",
    "aria-label": "Piano roll: arrow keys move, the space bar writes or takes away a note",
  });
  const HIDE = "Hide";
  let mode = Object.keys(modes)[0], cursor = undefined;
  /** The step that is being hidden, while a pointer hides. @type {number | undefined} */
  let hides;

  const show = () => {
    paintRoll(canvas, notes(), music);
    const context = canvas.getContext("2d"), [w, h] = [canvas.width / length, canvas.height / pitches];
    context.fillStyle = "#e4580266";
    for (let step = 0; step < length; step++) {
      if (hidden[step * columns]) context.fillRect(step * w, 0, w, canvas.height);
    }
    if (!cursor) return;
    context.strokeStyle = pageColour("ink");
    context.lineWidth = 2;
    const width = mode === HIDE ? 1 : widthOf(modes[mode]);
    context.strokeRect(cursor[0] * w, (pitches - 1 - cursor[1]) * h, w * width, h);
  };
  const setNote = (step, pitch) => {
    put({ step, pitch }, modes[mode]);
    show();
    changed();
  };
  /** Hides all steps from one to another: a quick pointer skips some. */
  const hide = (from, to) => {
    hidden.fill(1, Math.min(from, to) * columns, (Math.max(from, to) + 1) * columns);
    show();
    changed();
  };
  const place = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    const within = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
    return [
      within((clientX - box.left) / box.width, length),
      pitches - 1 - within((clientY - box.top) / box.height, pitches),
    ];
  };
  canvas.addEventListener("pointerdown", (event) => {
    const [step, pitch] = place(event);
    cursor = undefined;
    if (mode !== HIDE) return setNote(step, pitch);
    canvas.setPointerCapture(event.pointerId);
    hide(step, hides = step);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (hides !== undefined) hide(hides, hides = place(event)[0]);
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => hides = undefined);
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!move && event.key !== " ") return;
    event.preventDefault();
    cursor ??= [0, pitches >> 1];
    if (!move) return mode === HIDE ? hide(cursor[0], cursor[0]) : setNote(...cursor);
    cursor = cursor.map((at, axis) => Math.max(0, Math.min([length, pitches][axis] - 1, at + move[axis])));
    show();
  });
  show();
  return {
    node: canvas,
    values,
    hidden,
    modes: [...Object.keys(modes), HIDE],
    mode: (name) => mode = name,
    ...contentsOf({ values, hidden }, () => {
      show();
      changed();
    }),
  };
}
