import { getTransport, PolySynth, start, Synth } from "tone";

/**
 * Plays the piano rolls of a report: each `button.play` holds its notes, a cursor moves through its roll. It is
 * bundled into the page. One sound plays at a time.
 *
 * @typedef {object} Sound As `report/sections/figures.ts` writes it.
 * @property {number} roll Which of the figure's rolls.
 * @property {number} secondsPerStep
 * @property {[pitch: number, onset: number, end: number][]} notes In steps.
 */

/** Of many notes at once, so that they do not clip. */
const DECIBELS = -14;
/** In seconds. */
const RELEASE = 0.6;

/** @type {(() => void) | undefined} */
let stopPlaying;
/** @type {PolySynth<Synth> | undefined} */
let synth;

/** Made with the first sound: browsers allow none before the reader has asked for it. */
function instrument() {
  if (synth) return synth;
  synth = new PolySynth({
    voice: Synth,
    maxPolyphony: 64,
    volume: DECIBELS,
    options: {
      oscillator: { type: "fmtriangle", modulationType: "sine", harmonicity: 1, modulationIndex: 1.2 },
      envelope: { attack: 0.004, decay: 0.9, sustain: 0.12, release: RELEASE },
    },
  }).toDestination();
  return synth;
}

/** @param {HTMLButtonElement} button */
async function play(button) {
  /** @type {Sound} */
  const { roll, secondsPerStep, notes } = JSON.parse(button.dataset.sound);
  const drawing = button.closest("figure").querySelectorAll("g.roll")[roll];
  const player = instrument();
  button.setAttribute("aria-pressed", "true");
  const transport = getTransport();
  const cursor = addCursor(drawing);
  let frame = 0;
  stopPlaying = () => {
    stopPlaying = undefined;
    cancelAnimationFrame(frame);
    transport.stop();
    transport.cancel();
    player.releaseAll();
    cursor(undefined);
    button.setAttribute("aria-pressed", "false");
  };
  const thisOne = stopPlaying;
  await start();
  if (stopPlaying !== thisOne) return; // stopped while the browser was getting ready
  for (const [pitch, onset, end] of notes) {
    transport.schedule((time) => {
      const frequency = 440 * 2 ** ((pitch - 69) / 12);
      player.triggerAttackRelease(frequency, (end - onset) * secondsPerStep, time);
    }, onset * secondsPerStep);
  }
  const length = Number(drawing.dataset.steps) * secondsPerStep;
  const move = () => {
    cursor(Math.min(1, transport.seconds / length));
    if (transport.seconds < length + RELEASE) frame = requestAnimationFrame(move);
    else stopPlaying?.();
  };
  transport.start();
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
