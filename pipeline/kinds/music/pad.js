import { element, pageColour } from "../../report/dom.js";
import { contentsOf } from "../pad_contents.js";
import { paintRoll } from "./paint.js";
import { columnsOf, notesOf } from "./roll.js";

/**
 * A piano roll that notes are clicked into: by mouse, finger or pen, or by arrow keys and the space bar.
 *
 * @param {import("./roll.js").Music} music
 * @param {() => void} changed
 */
export function rollPad(music, columns, changed) {
  const { format, length } = music, { pitches, articulation, stepsPerQuarter } = format;
  const values = new Float32Array(length * columnsOf(format)), hidden = new Uint8Array(values.length);
  const canvas = element("canvas", {
    className: "pad roll",
    tabIndex: 0,
    role: "application",
    "aria-label": "Piano roll: arrow keys move, the space bar writes or takes away a note",
  });
  let mode = "Quarter notes", cursor = undefined;
  /** The step that is being hidden, while a pointer hides. @type {number | undefined} */
  let hides;
  const modes = { "Quarter notes": stepsPerQuarter, "Eighths": Math.max(1, stepsPerQuarter >> 1), "Hide": 0 };

  const show = () => {
    paintRoll(canvas, notesOf(values, format), music);
    const context = canvas.getContext("2d"), [w, h] = [canvas.width / length, canvas.height / pitches];
    context.fillStyle = "#e4580266";
    for (let step = 0; step < length; step++) {
      if (hidden[step * columns]) context.fillRect(step * w, 0, w, canvas.height);
    }
    if (!cursor) return;
    context.strokeStyle = pageColour("ink");
    context.lineWidth = 2;
    context.strokeRect(cursor[0] * w, (pitches - 1 - cursor[1]) * h, w * (modes[mode] || 1), h);
  };
  const setNote = (step, pitch) => {
    const cell = (at) => at * columns + pitch;
    const on = values[cell(step)] === 0;
    const end = Math.min(length, step + modes[mode]);
    if (on) {
      for (let at = step; at < end; at++) {
        values[cell(at)] = 1;
        if (articulation) values[cell(at) + pitches] = Number(at === step);
      }
    } else {
      // The whole note that lies here goes.
      const note = notesOf(values, format).find(([p, from, to]) =>
        p - format.lowestPitch === pitch && from <= step && step < to
      );
      for (let at = note[1]; at < note[2]; at++) {
        values[cell(at)] = 0;
        if (articulation) values[cell(at) + pitches] = 0;
      }
    }
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
    if (modes[mode] > 0) return setNote(step, pitch);
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
    if (!move) return modes[mode] === 0 ? hide(cursor[0], cursor[0]) : setNote(...cursor);
    cursor = cursor.map((at, axis) => Math.max(0, Math.min([length, pitches][axis] - 1, at + move[axis])));
    show();
  });
  show();
  return {
    node: canvas,
    values,
    hidden,
    modes: Object.keys(modes),
    mode: (name) => mode = name,
    ...contentsOf({ values, hidden }, () => {
      show();
      changed();
    }),
  };
}
