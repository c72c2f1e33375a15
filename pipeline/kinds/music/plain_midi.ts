import { Buffer } from "node:buffer";

/** Channel 10 of General MIDI, counted from 0. */
export const DRUMS = 9;

/** Collects the events of one track that hold music, in a form that has one reading (`plainMidi`). */
export class PlainTrack {
  readonly bytes: number[] = [];
  /** Where the track is not as the standard has it: a sentence for each kind. */
  readonly oddities = new Set<string>();
  #ticks = 0;
  /** How many notes sound, by channel and pitch. */
  readonly #sounding = new Uint32Array(16 * 128);
  readonly #started = new Set<number>();
  readonly #pedalsDown = new Set<number>();
  /** Note-offs of pitches that did not sound. */
  strayEnds = 0;
  /** How often a sustain pedal went down, in all channels. */
  pedalPresses = 0;

  /** Notes that started and did not end so far: all, and those of the drum channel. */
  get unended(): { readonly all: number; readonly drums: number } {
    const sum = (cells: Uint32Array) => cells.reduce((a, b) => a + b, 0);
    return { all: sum(this.#sounding), drums: sum(this.#sounding.subarray(DRUMS * 128, (DRUMS + 1) * 128)) };
  }

  start(ticks: number, channel: number, pitch: number, velocity: number): void {
    this.#started.add(channel);
    this.#sounding[channel * 128 + pitch]!++;
    this.#add(ticks, 0x90 | channel, pitch, velocity);
  }

  /** A note-off of a pitch that does not sound would end a note that starts in the same tick: it is left out. */
  stop(ticks: number, channel: number, pitch: number): void {
    if (this.#sounding[channel * 128 + pitch] === 0) {
      this.strayEnds++;
      return;
    }
    this.#sounding[channel * 128 + pitch]!--;
    this.#add(ticks, 0x80 | channel, pitch, 0);
  }

  /** `@tonejs/midi` would lose a note whose program changes before it ends: later changes are left out. */
  program(ticks: number, channel: number, program: number): void {
    if (!this.#started.has(channel)) this.#add(ticks, 0xc0 | channel, program);
  }

  pedal(channel: number, down: boolean): void {
    if (!down) this.#pedalsDown.delete(channel);
    else if (!this.#pedalsDown.has(channel)) {
      this.#pedalsDown.add(channel);
      this.pedalPresses++;
    }
  }

  meta(ticks: number, type: number, data: Uint8Array): void {
    this.#add(ticks, 0xff, type, ...variableLength(data.length), ...data);
  }

  #add(ticks: number, ...event: number[]): void {
    this.bytes.push(...variableLength(ticks - this.#ticks), ...event);
    this.#ticks = ticks;
  }
}

/** Seven bits a byte, the highest first; all but the last byte have the top bit set. */
function variableLength(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift(rest % 128 + 128);
  }
  return bytes;
}

/** A file of these tracks, each with an end-of-track event. */
export function plainFile(ticksPerQuarter: number, tracks: readonly PlainTrack[]): Uint8Array {
  // Format 0: of a format 1 file `@tonejs/midi` drops a first track whose notes have no length.
  const head = [...ascii("MThd"), ...bytesOf(6, 4), ...bytesOf(0, 2)];
  const parts = [
    Uint8Array.from([...head, ...bytesOf(tracks.length, 2), ...bytesOf(ticksPerQuarter, 2)]),
    ...tracks.flatMap(({ bytes }) => [
      Uint8Array.from([...ascii("MTrk"), ...bytesOf(bytes.length + END.length, 4)]),
      Uint8Array.from(bytes),
      END,
    ]),
  ];
  return new Uint8Array(Buffer.concat(parts));
}

const END = Uint8Array.of(0, 0xff, 0x2f, 0);

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

function bytesOf(value: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256);
}
