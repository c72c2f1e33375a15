import { getTransport, PolySynth, Synth } from "tone";

/** Of many notes at once, so that they do not clip. */
const DECIBELS = -14;
/** How long a note dies away, in seconds. */
export const RELEASE = 0.6;

/** @type {PolySynth<Synth> | undefined} */
let synth;

/** Made with the first sound: browsers allow none before the reader has asked for it. */
function instrument() {
  synth ??= new PolySynth({
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

/**
 * Starts to play. One performance at a time: all use the same transport. Both ends of a note are its events, so that
 * a performance that is stopped leaves nothing behind to end a note of the next.
 *
 * @param {[pitch: number, onset: number, end: number][]} notes In steps.
 * @param {number} secondsPerStep
 */
export function perform(notes, secondsPerStep) {
  const player = instrument();
  const transport = getTransport();
  const frequencies = notes.map(([pitch]) => 440 * 2 ** ((pitch - 69) / 12));
  for (const [i, [, onset, end]] of notes.entries()) {
    transport.schedule((time) => player.triggerAttack(frequencies[i], time), onset * secondsPerStep);
    transport.schedule((time) => player.triggerRelease(frequencies[i], time), end * secondsPerStep);
  }
  transport.start();
  return {
    /** Since the start. */
    seconds: () => transport.seconds,
    stop() {
      transport.stop();
      transport.cancel();
      player.triggerRelease(frequencies);
    },
  };
}
