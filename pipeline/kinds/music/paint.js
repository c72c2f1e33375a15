import { CLASS_COLOURS, DARK_CLASS_COLOURS } from "../../figures/drawing/theme.ts";
import { isDark, pageColour } from "../../report/dom.js";

/** Pixels of a cell: a step is wider than a pitch is high. */
const [STEP, PITCH] = [6, 5];

/** @param {HTMLCanvasElement} canvas @param {import("./roll.js").Note[]} notes */
export function paintRoll(canvas, notes, { format, length, stepsPerBar }) {
  const { lowestPitch, pitches, stepsPerQuarter } = format;
  [canvas.width, canvas.height] = [length * STEP, pitches * PITCH];
  const context = canvas.getContext("2d");
  context.fillStyle = pageColour("raised");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = pageColour("line");
  for (let step = stepsPerQuarter; step < length; step += stepsPerQuarter) {
    context.fillRect(step * STEP, 0, step % stepsPerBar === 0 ? 2 : 0.5, canvas.height);
  }
  for (let pitch = lowestPitch; pitch < lowestPitch + pitches; pitch++) {
    if (pitch % 12 === 0) context.fillRect(0, (lowestPitch + pitches - pitch) * PITCH, canvas.width, 1);
  }
  const colours = isDark() ? DARK_CLASS_COLOURS : CLASS_COLOURS;
  for (const [pitch, onset, end, voice] of notes) {
    context.fillStyle = voice === undefined ? pageColour("accent") : colours[voice % colours.length];
    context.fillRect(
      onset * STEP,
      (lowestPitch + pitches - 1 - pitch) * PITCH,
      (end - onset) * STEP - 1.5,
      PITCH - 0.5,
    );
  }
}
