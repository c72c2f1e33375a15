import { start } from "tone";
import { all, element } from "../dom.js";
import { mute, perform, RELEASE } from "./sound.js";

/**
 * Plays piano rolls: each `button.play` of a figure holds its notes, a cursor moves through its roll. One sound plays at
 * a time, as the controls of its figure say, which may be changed meanwhile.
 *
 * @typedef {object} Sound As `report/sections/figures.ts` writes it.
 * @property {number} roll Which of the figure's rolls.
 * @property {number} secondsPerStep
 * @property {[pitch: number, onset: number, end: number, voice?: number][]} notes In steps.
 */

/** @type {(() => void) | undefined} */
let stopPlaying;

/**
 * Starts the sound of a button, or stops it where it is playing.
 *
 * @param {HTMLButtonElement} button pressed while it plays
 * @param {() => Sound["notes"]} notesNow asked again and again: other notes are heard from the next step on
 * @param {number} secondsPerStep
 * @param {number} steps of the whole
 * @param {(share: number | undefined) => void} [moved] told how much has been played; undefined at the end
 */
export async function toggleSound(button, notesNow, secondsPerStep, steps, moved = () => {}) {
  const wasPlaying = button.getAttribute("aria-pressed") === "true";
  stopPlaying?.();
  if (wasPlaying) return;
  button.setAttribute("aria-pressed", "true");
  let frame = 0;
  let silence = () => {};
  stopPlaying = () => {
    stopPlaying = undefined;
    cancelAnimationFrame(frame);
    silence();
    moved(undefined);
    button.setAttribute("aria-pressed", "false");
  };
  const thisOne = stopPlaying;
  await start(); // browsers allow no sound before the reader has asked for it
  if (stopPlaying !== thisOne) return; // stopped while the browser was getting ready
  const sound = perform(notesNow(), secondsPerStep, steps);
  const controls = controlsOf(button);
  silence = sound.stop;
  const move = () => {
    const { loops, speed, silent } = controls();
    sound.setLoop(loops);
    sound.setSpeed(speed);
    for (const [voice, isSilent] of silent.entries()) mute(voice, isSilent);
    sound.change(notesNow());
    const position = sound.position();
    moved(Math.min(1, position / steps));
    if (loops || position < steps + RELEASE * speed / secondsPerStep) frame = requestAnimationFrame(move);
    else stopPlaying?.();
  };
  move();
}

/**
 * What the controls beside a button say (`listeningControls`); without any, all is played once as it is written.
 * @param {HTMLButtonElement} button
 */
function controlsOf(button) {
  const controls = button.closest("figure, #explorer")?.querySelector(".listening");
  if (!controls) return () => ({ loops: false, speed: 1, silent: [] });
  /** @type {(name: string) => HTMLInputElement[]} */
  const named = (name) => all(`[name="${name}"]`, controls);
  const [[loop], [tempo], voices] = ["loop", "tempo", "voice"].map(named);
  return () => ({
    loops: loop.checked,
    speed: (tempo?.valueAsNumber ?? 100) / 100,
    silent: voices.map(({ checked }) => !checked),
  });
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

/** How fast music is played, in percent of how it is written: a control as `listeningControls` has it. */
export function tempoControl() {
  const input = element("input", { type: "range", name: "tempo", min: 50, max: 200, step: 5, value: 100 });
  const node = element("label", {}, "Tempo ", input, " ", element("output", {}));
  showTempo(input);
  return { node, speed: () => input.valueAsNumber / 100 };
}

/** Keeps the words behind a tempo up with it. @param {HTMLInputElement} tempo */
function showTempo(tempo) {
  const show = () => tempo.nextElementSibling.textContent = `${tempo.value} %`;
  tempo.addEventListener("input", show);
  show();
}

/** Makes the buttons of the page's figures play, and their controls say what they are set to. */
export function startPlayer() {
  /** @type {HTMLButtonElement[]} */
  const buttons = all("button.play[data-sound]");
  for (const button of buttons) {
    button.addEventListener("click", () => {
      /** @type {Sound} */
      const { roll, secondsPerStep, notes } = JSON.parse(button.dataset.sound);
      /** @type {SVGGElement[]} */
      const rolls = all("g.roll", button.closest("figure")), drawing = rolls[roll];
      const steps = Number(drawing.dataset.steps);
      const isStopping = button.getAttribute("aria-pressed") === "true";
      const moved = isStopping ? undefined : addCursor(drawing);
      void toggleSound(button, () => notes, secondsPerStep, steps, moved);
    });
  }
  /** @type {HTMLInputElement[]} */
  const tempi = all('.listening [name="tempo"]');
  tempi.forEach(showTempo);
}
