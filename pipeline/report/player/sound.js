import { Filter, getTransport, Panner, PolySynth, Synth, Volume } from "tone";

/** Of many notes at once, so that they do not clip. */
const DECIBELS = -14;
/** How long a note dies away, in seconds. */
export const RELEASE = 0.6;
/** Ticks of the transport to a second, at the tempo that it starts with: 192 to a beat, two beats a second. */
const TICKS = 384;
const BEATS_PER_MINUTE = 120;

/**
 * An instrument, and whether it is heard.
 * @typedef {{ synth: PolySynth<Synth>, volume: Volume }} Part
 */

/** @type {Part | undefined} */
let piano;
/** @type {Part[]} */
const choir = [];

/** Each made with its first sound: browsers allow none before the reader has asked for it. */
function instrument() {
  return piano ??= part({
    maxPolyphony: 64,
    options: {
      oscillator: { type: "fmtriangle", modulationType: "sine", harmonicity: 1, modulationIndex: 1.2 },
      envelope: { attack: 0.004, decay: 0.9, sustain: 0.12, release: RELEASE },
    },
  });
}

/** How bright the voices sing, from the highest on, in hertz, and from where, from left to right. */
const [BRIGHTNESS, PLACES] = [[2400, 1900, 1500, 1100], [-0.4, 0.4, -0.15, 0.15]];

/** A section of a choir: a few singers a little out of tune, who begin softly. @param {number} voice */
function singers(voice) {
  const place = voice % PLACES.length;
  return choir[voice] ??= part(
    {
      maxPolyphony: 8,
      options: {
        oscillator: { type: "fatsawtooth", count: 3, spread: 16 },
        envelope: { attack: 0.07, decay: 0.3, sustain: 0.75, release: RELEASE / 2 },
      },
    },
    new Filter({ type: "lowpass", frequency: BRIGHTNESS[place], rolloff: -24, Q: 0.6 }),
    new Panner(PLACES[place]),
  );
}

/** @returns {Part} */
function part(options, ...through) {
  const volume = new Volume(DECIBELS).toDestination();
  return { synth: new PolySynth({ voice: Synth, ...options }).chain(...through, volume), volume };
}

/**
 * Starts to play. One performance at a time: all use the same transport. Both ends of a note are its events, so that
 * a performance that is stopped leaves nothing behind to end a note of the next.
 *
 * @param {[pitch: number, onset: number, end: number, voice?: number][]} notes In steps, by onset. Those with a voice
 *   are sung.
 * @param {number} secondsPerStep
 * @param {number} [steps] of the whole, where it is repeated
 */
export function perform(notes, secondsPerStep, steps = 0) {
  const transport = getTransport(), ticksPerStep = secondsPerStep * TICKS;
  const at = (step) => `${Math.round(step * ticksPerStep)}i`;
  const position = () => transport.ticks / ticksPerStep;
  /** What sounds, by player and frequency. */
  const held = new Map();
  const playerOf = (voice) => (voice === undefined ? instrument() : singers(voice)).synth;
  const frequencyOf = (pitch) => 440 * 2 ** ((pitch - 69) / 12);
  const begin = (synth, frequency, time) => {
    if (!held.has(synth)) held.set(synth, new Set());
    held.get(synth).add(frequency);
    synth.triggerAttack(frequency, time);
  };
  const end = (synth, frequency, time) => {
    held.get(synth)?.delete(frequency);
    synth.triggerRelease(frequency, time);
  };
  const schedule = (all) => {
    for (const [pitch, onset, last, voice] of all) {
      const synth = playerOf(voice), frequency = frequencyOf(pitch);
      transport.schedule((time) => begin(synth, frequency, time), at(onset));
      transport.schedule((time) => end(synth, frequency, time), at(last));
    }
  };
  schedule(notes);
  let speed = 1, changedAt = -1;
  transport.bpm.value = BEATS_PER_MINUTE;
  transport.loop = false;
  transport.setLoopPoints(0, at(steps));
  transport.start();
  return {
    /** How many steps have been played; from 0 again where they are repeated. */
    position,
    /**
     * Goes on with other notes, at most once a step: what they have in common with those before goes on sounding.
     * @param {typeof notes} others
     */
    change(others) {
      const now = position(), step = Math.floor(now);
      if (others === notes || step === changedAt) return;
      transport.cancel();
      const sounding = others.filter(([, onset, last]) => onset <= now && now < last);
      const goesOn = new Set(sounding.map(([pitch, , , voice]) => `${voice} ${pitch}`));
      for (const [pitch, , , voice] of notes) {
        if (!goesOn.has(`${voice} ${pitch}`) && held.get(playerOf(voice))?.has(frequencyOf(pitch))) {
          end(playerOf(voice), frequencyOf(pitch));
        }
      }
      for (const [pitch, , , voice] of sounding) {
        if (!held.get(playerOf(voice))?.has(frequencyOf(pitch))) begin(playerOf(voice), frequencyOf(pitch));
      }
      schedule(others);
      [notes, changedAt] = [others, step];
    },
    /** @param {number} times as fast as it was written */
    setSpeed(times) {
      if (times === speed) return;
      speed = times;
      transport.bpm.value = BEATS_PER_MINUTE * times;
    },
    /** @param {boolean} repeats from the beginning once the end is reached */
    setLoop: (repeats) => transport.loop = repeats,
    stop() {
      transport.stop();
      transport.cancel();
      for (const synth of held.keys()) synth.releaseAll();
    },
  };
}

/** Silences a voice, or lets it be heard again, now and in what is played later. @param {number} voice */
export function mute(voice, isMute) {
  singers(voice).volume.mute = isMute;
}
