import { UserError } from "../../base/errors.ts";

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

const META_LENGTHS: Readonly<Record<number, readonly [name: string, ...lengths: number[]]>> = {
  0x00: ["sequence number", 2],
  0x20: ["channel prefix", 1],
  0x21: ["port prefix", 1],
  0x2f: ["end of track", 0],
  0x51: ["tempo", 3],
  0x54: ["SMPTE offset", 5],
  0x58: ["time signature", 4, 2],
  0x59: ["key signature", 2],
};
const NAME = 0x03;
const END_OF_TRACK = 0x2f;
const KEPT_META = new Set([NAME, 0x51, 0x58, 0x59]);
const LONGEST_NAME = 1000; // in bytes; `@tonejs/midi` overflows the stack on very long ones

/**
 * Walks a Standard MIDI File (MIDI 1.0, RP-001) once, in linear time, and returns the same music as a plain
 * one: only names, tempi, metres, keys, notes and the program before a channel's first note; every event
 * with its own status byte. Left out are also chunks of other types, bytes after an end of track or after
 * the last track, and note-offs of pitches that do not sound: `@tonejs/midi` would end with them a note that
 * starts in the same tick. Running status is kept across meta events, as common readers do.
 *
 * Throws a `UserError` that names `file`, the byte and what is wrong there.
 */
export function plainMidi(bytes: Uint8Array, file: string): Uint8Array {
  return new Walk(bytes, file).run();
}

class Walk {
  readonly #bytes: Uint8Array;
  readonly #file: string;
  #at = 0;
  /** Where the chunk being read ends. */
  #end: number;
  #ticksPerQuarter = 0;
  #events = 0;
  #notes = 0;

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#file = file;
    this.#end = bytes.length;
  }

  run(): Uint8Array {
    const { bytes: limit } = MIDI_LIMITS;
    if (this.#bytes.length > limit) {
      this.#fail(limit, `the file has ${this.#bytes.length} bytes; at most ${limit} are read`);
    }
    const trackCount = this.#header();
    const header = this.#bytes.slice(0, this.#at);
    header[9] = 0; // of a format 1 file `@tonejs/midi` drops a first track whose notes have no length
    const parts: Uint8Array[] = [header];
    let tracks = 0;
    while (tracks < trackCount) {
      const start = this.#at;
      this.#end = this.#bytes.length;
      if (start === this.#end) this.#fail(start, `the file ends after ${tracks} of ${trackCount} tracks`);
      const type = this.#text(4);
      const length = this.#number(4, "a chunk's length");
      if (length > this.#bytes.length - this.#at) {
        const left = this.#bytes.length - this.#at;
        this.#fail(start + 4, `chunk "${type}" claims ${length} bytes, of which the file holds ${left}`);
      }
      const after = this.#at + length;
      if (type === "MTrk") {
        this.#end = after;
        parts.push(chunk("MTrk", this.#track()));
        tracks++;
      }
      this.#at = after;
    }
    return concatenate(parts);
  }

  #header(): number {
    if (this.#bytes.length < 14 || this.#text(4) !== "MThd") {
      this.#fail(0, `a MIDI file starts with the 14 bytes of an "MThd" chunk`);
    }
    const length = this.#number(4, "the header's length");
    if (length !== 6) this.#fail(4, `the header claims ${length} bytes; it has 6`);
    const format = this.#number(2, "the format");
    if (format > 1) this.#fail(8, `format ${format} is not read; formats 0 and 1 are`);
    const tracks = this.#number(2, "the number of tracks");
    if (tracks === 0) this.#fail(10, "the file has no track");
    if (format === 0 && tracks !== 1) {
      this.#fail(10, `format 0 has one track, and this file claims ${tracks}`);
    }
    this.#ticksPerQuarter = this.#number(2, "the time division");
    if (this.#ticksPerQuarter & 0x8000) {
      this.#fail(12, "time is counted in film frames (SMPTE); only ticks per quarter note are read");
    }
    if (this.#ticksPerQuarter === 0) this.#fail(12, "a quarter note has no ticks");
    return tracks;
  }

  #track(): readonly number[] {
    const track = new PlainTrack();
    let status = 0;
    let ticks = 0;
    while (this.#at < this.#end) {
      if (++this.#events > MIDI_LIMITS.events) {
        this.#fail(this.#at, `more than ${MIDI_LIMITS.events} events`);
      }
      const start = this.#at;
      ticks += this.#variableLength("a delta time");
      if (ticks > MIDI_LIMITS.quarters * this.#ticksPerQuarter) {
        this.#fail(start, `the piece is longer than ${MIDI_LIMITS.quarters} quarter notes`);
      }
      const first = this.#byte("an event");
      if (first === 0xff) {
        if (this.#meta(ticks, track) === END_OF_TRACK) return track.bytes;
      } else if (first === 0xf0 || first === 0xf7) {
        this.#skip(
          this.#variableLength("the length of a system-exclusive message"),
          "a system-exclusive message",
        );
      } else if (first > 0xf0) {
        this.#fail(this.#at - 1, `0x${first.toString(16)} is not an event of a MIDI file`);
      } else {
        if (first >= 0x80) status = first;
        else if (status === 0) {
          this.#fail(this.#at - 1, "a data byte stands where the first status byte must");
        }
        this.#channelEvent(ticks, track, status, first >= 0x80 ? this.#dataByte() : first);
      }
    }
    this.#fail(this.#end, "the track has no end-of-track event");
  }

  #channelEvent(ticks: number, track: PlainTrack, status: number, first: number): void {
    const kind = status >> 4;
    const channel = status & 0xf;
    const second = kind === 0xc || kind === 0xd ? 0 : this.#dataByte();
    if (kind === 9 && second > 0) {
      if (++this.#notes > MIDI_LIMITS.notes) this.#fail(this.#at, `more than ${MIDI_LIMITS.notes} notes`);
      track.start(ticks, channel, first, second);
    } else if (kind === 8 || kind === 9) track.stop(ticks, channel, first);
    else if (kind === 0xc) track.program(ticks, channel, first);
  }

  #meta(ticks: number, track: PlainTrack): number {
    const start = this.#at;
    const type = this.#byte("a meta event");
    const length = this.#variableLength("the length of a meta event");
    const [name, ...lengths] = META_LENGTHS[type] ?? ["meta event"];
    if (lengths.length > 0 && !lengths.includes(length)) {
      this.#fail(start, `a ${name} has ${lengths.join(" or ")} bytes, and this one claims ${length}`);
    }
    const data = this.#at;
    this.#skip(length, `a ${name}`);
    const value = (i: number) => this.#bytes[data + i]!;
    if (type === 0x51 && value(0) + value(1) + value(2) === 0) this.#fail(data, "the tempo is 0");
    if (type === 0x58 && (value(0) === 0 || value(1) > 6)) {
      this.#fail(data, `no time signature is ${value(0)}/2^${value(1)}`);
    }
    if (type === 0x59 && (((value(0) + 7) & 0xff) > 14 || value(1) > 1)) {
      this.#fail(data, `no key signature has the bytes ${value(0)} and ${value(1)}`);
    }
    if ((KEPT_META.has(type) && length <= LONGEST_NAME) || type === END_OF_TRACK) {
      track.add(ticks, 0xff, type, ...variableLength(length), ...this.#bytes.subarray(data, data + length));
    }
    return type;
  }

  #dataByte(): number {
    const value = this.#byte("a data byte");
    if (value >= 0x80) {
      this.#fail(this.#at - 1, `0x${value.toString(16)} stands where a data byte (0 to 0x7f) must`);
    }
    return value;
  }

  #variableLength(what: string): number {
    const start = this.#at;
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const byte = this.#byte(what);
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return this.#fail(start, `${what} has more than four bytes`);
  }

  #number(count: number, what: string): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 256 + this.#byte(what);
    return value;
  }

  #text(length: number): string {
    let text = "";
    for (let i = 0; i < length; i++) text += String.fromCharCode(this.#byte("a chunk's type"));
    return text;
  }

  #skip(length: number, what: string): void {
    if (length > this.#end - this.#at) {
      this.#fail(
        this.#at,
        `${what} claims ${length} bytes, and its chunk ends after ${this.#end - this.#at}`,
      );
    }
    this.#at += length;
  }

  #byte(what: string): number {
    if (this.#at >= this.#end) this.#fail(this.#at, `the data end within ${what}`);
    return this.#bytes[this.#at++]!;
  }

  #fail(at: number, problem: string): never {
    throw new UserError(`Cannot read the MIDI file ${this.#file}: at byte ${at}: ${problem}.`, {
      notes: [
        "Standard MIDI Files of format 0 or 1 are read. Replace the file, or take it out of the dataset.",
      ],
    });
  }
}

/** Collects a track's events, with full status bytes. */
class PlainTrack {
  readonly bytes: number[] = [];
  #ticks = 0;
  /** How many notes sound, by channel and pitch. */
  readonly #sounding = new Uint32Array(16 * 128);
  readonly #started = new Set<number>();

  start(ticks: number, channel: number, pitch: number, velocity: number): void {
    this.#started.add(channel);
    this.#sounding[channel * 128 + pitch]!++;
    this.add(ticks, 0x90 | channel, pitch, velocity);
  }

  stop(ticks: number, channel: number, pitch: number): void {
    if (this.#sounding[channel * 128 + pitch] === 0) return;
    this.#sounding[channel * 128 + pitch]!--;
    this.add(ticks, 0x80 | channel, pitch, 0);
  }

  /** `@tonejs/midi` would lose a note whose program changes before it ends: later changes are left out. */
  program(ticks: number, channel: number, program: number): void {
    if (!this.#started.has(channel)) this.add(ticks, 0xc0 | channel, program);
  }

  add(ticks: number, ...event: number[]): void {
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

function chunk(type: string, data: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 + data.length);
  for (let i = 0; i < 4; i++) bytes[i] = type.charCodeAt(i);
  new DataView(bytes.buffer).setUint32(4, data.length);
  bytes.set(data, 8);
  return bytes;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
