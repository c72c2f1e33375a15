import type { MidiCursor } from "./midi_cursor.ts";
import { END_OF_TRACK, judgeMeta } from "./midi_meta.ts";
import type { PlainTrack } from "./plain_midi.ts";

/**
 * Bounds of a file that Reparam reads. They keep time and memory small whatever a file claims: the parser
 * behind `parseMidi` pairs note starts with note ends in quadratic time, and one delta time of four bytes
 * can stand for days of silence.
 */
export const MIDI_LIMITS = {
  bytes: 4 * 1024 * 1024,
  events: 500_000,
  notes: 30_000,
  /** Length in quarter notes: seven hours at 120 a minute. */
  quarters: 50_000,
} as const;

/** The number of the sustain pedal's controller. */
const SUSTAIN = 64;

/** Reads the events of the tracks of one file, whose bounds hold for all tracks together. */
export class EventReader {
  readonly #cursor: MidiCursor;
  readonly #ticksPerQuarter: number;
  #events = 0;
  #notes = 0;

  constructor(cursor: MidiCursor, ticksPerQuarter: number) {
    this.#cursor = cursor;
    this.#ticksPerQuarter = ticksPerQuarter;
  }

  /**
   * Reads up to an end-of-track event, or else to the cursor's end. Running status is kept across meta events, as
   * common readers do.
   * @returns whether the track has an end-of-track event
   */
  read(track: PlainTrack): boolean {
    const cursor = this.#cursor;
    let status = 0;
    let ticks = 0;
    while (cursor.left > 0) {
      if (++this.#events > MIDI_LIMITS.events) {
        cursor.fail(cursor.at, `more than ${MIDI_LIMITS.events} events`);
      }
      const start = cursor.at;
      ticks += cursor.variableLength("a delta time");
      if (ticks > MIDI_LIMITS.quarters * this.#ticksPerQuarter) {
        cursor.fail(start, `the piece is longer than ${MIDI_LIMITS.quarters} quarter notes`);
      }
      const first = cursor.byte("an event");
      if (first === 0xff) {
        if (this.#meta(ticks, track) === END_OF_TRACK) return true;
      } else if (first >= 0xf0) {
        this.#system(first, track);
      } else {
        if (first >= 0x80) status = first;
        else if (status === 0) {
          cursor.fail(cursor.at - 1, "a data byte stands where the first status byte must");
        } else cursor.at--;
        this.#channelEvent(ticks, track, status);
      }
    }
    return false;
  }

  #channelEvent(ticks: number, track: PlainTrack, status: number): void {
    const kind = status >> 4;
    const channel = status & 0xf;
    if (kind === 8 || kind === 9) {
      const pitch = this.#pitch();
      const velocity = Math.min(127, this.#dataByte(track));
      if (kind === 8 || velocity === 0) return track.stop(ticks, channel, pitch);
      if (++this.#notes > MIDI_LIMITS.notes) {
        this.#cursor.fail(this.#cursor.at, `more than ${MIDI_LIMITS.notes} notes`);
      }
      return track.start(ticks, channel, pitch, velocity);
    }
    const first = this.#dataByte(track);
    if (kind === 0xc && first < 0x80) track.program(ticks, channel, first);
    if (kind === 0xc || kind === 0xd) return;
    const second = this.#dataByte(track);
    if (kind === 0xb && first === SUSTAIN) track.pedal(channel, second >= 64);
  }

  #pitch(): number {
    const value = this.#cursor.byte("a note");
    if (value < 0x80) return value;
    return this.#cursor.fail(
      this.#cursor.at - 1,
      `0x${value.toString(16)} stands where a pitch (0 to 0x7f) must`,
    );
  }

  /** Some programs write controllers and velocities of 8 bits. */
  #dataByte(track: PlainTrack): number {
    const value = this.#cursor.byte("an event");
    if (value >= 0x80) track.oddities.add("a data byte is over 127");
    return value;
  }

  /** System-exclusive messages belong into a file; what is only for the wire is passed over. */
  #system(status: number, track: PlainTrack): void {
    const cursor = this.#cursor;
    const what = "a system-exclusive message";
    if (status === 0xf0 || status === 0xf7) {
      return cursor.skip(cursor.variableLength(`the length of ${what}`), what);
    }
    if (status === 0xf4 || status === 0xf5) {
      cursor.fail(cursor.at - 1, `0x${status.toString(16)} is not an event of a MIDI file`);
    }
    track.oddities.add("a system message stands in a track");
    const length = status === 0xf2 ? 2 : status === 0xf1 || status === 0xf3 ? 1 : 0;
    cursor.skip(length, "a system message");
  }

  #meta(ticks: number, track: PlainTrack): number {
    const cursor = this.#cursor;
    const type = cursor.byte("a meta event");
    const length = cursor.variableLength("the length of a meta event");
    const start = cursor.at;
    cursor.skip(length, "a meta event");
    const data = cursor.bytes.subarray(start, cursor.at);
    const verdict = judgeMeta(type, data);
    if (verdict === true) track.meta(ticks, type, data);
    else if (verdict !== false) track.oddities.add(verdict.oddity);
    return type;
  }
}
