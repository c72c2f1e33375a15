import { start } from "tone";
import { perform, RELEASE } from "./sound.js";

/**
 * Plays the piano rolls of a report: each `button.play` holds its notes, a cursor moves through its roll. It is
 * bundled into the page. One sound plays at a time.
 *
 * @typedef {object} Sound As `report/sections/figures.ts` writes it.
 * @property {number} roll Which of the figure's rolls.
 * @property {number} secondsPerStep
 * @property {[pitch: number, onset: number, end: number][]} notes In steps.
 */

/** @type {(() => void) | undefined} */
let stopPlaying;

/** @param {HTMLButtonElement} button */
async function play(button) {
  /** @type {Sound} */
  const { roll, secondsPerStep, notes } = JSON.parse(button.dataset.sound);
  const drawing = button.closest("figure").querySelectorAll("g.roll")[roll];
  button.setAttribute("aria-pressed", "true");
  const cursor = addCursor(drawing);
  let frame = 0;
  let silence = () => {};
  stopPlaying = () => {
    stopPlaying = undefined;
    cancelAnimationFrame(frame);
    silence();
    cursor(undefined);
    button.setAttribute("aria-pressed", "false");
  };
  const thisOne = stopPlaying;
  await start(); // browsers allow no sound before the reader has asked for it
  if (stopPlaying !== thisOne) return; // stopped while the browser was getting ready
  const sound = perform(notes, secondsPerStep);
  silence = sound.stop;
  const length = Number(drawing.dataset.steps) * secondsPerStep;
  const move = () => {
    const seconds = sound.seconds();
    cursor(Math.min(1, seconds / length));
    if (seconds < length + RELEASE) frame = requestAnimationFrame(move);
    else stopPlaying?.();
  };
  move();
}

/**
 * A vertical line through a roll, moved to a share of its length; `undefined` takes it away.
 * @param {SVGGElement} drawing
 */
function addCursor(drawing) {
  const { left, width } = drawing.dataset;
  const box = drawing.getBBox();
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  line.classList.add("cursor");
  line.setAttribute("y1", String(box.y));
  line.setAttribute("y2", String(box.y + box.height));
  drawing.append(line);
  /** @param {number | undefined} share */
  return (share) => {
    if (share === undefined) return line.remove();
    const x = String(Number(left) + share * Number(width));
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
  };
}

for (const button of document.querySelectorAll("button.play")) {
  button.addEventListener("click", () => {
    const wasPlaying = button.getAttribute("aria-pressed") === "true";
    stopPlaying?.();
    if (!wasPlaying) void play(button);
  });
}
