import { openContainer } from "./midi_container.ts";
import { MidiCursor } from "./midi_cursor.ts";
import { END_OF_TRACK, judgeMeta } from "./midi_meta.ts";
import { plainFile, PlainTrack } from "./plain_midi.ts";

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

/** Where the structure of a file is not as the standard has it, and all its notes can be read nevertheless. */
const ODDITIES = {
  header: "the header is longer than 6 bytes",
  tracks: "the header states another number of tracks",
  format: "format 0 with several tracks",
  chunk: "the length of a track is wrong",
  noEnd: "a track has no end-of-track event",
  afterEnd: "data after the end of a track are passed over",
  data: "a data byte is over 127",
  system: "a system message stands in a track",
} as const;

/** The same music as a file that has one reading, and what was left out on the way. */
export interface PlainMidi {
  readonly bytes: Uint8Array;
  /** What is not as the standard has it: a sentence for each kind. */
  readonly oddities: readonly string[];
  /** Notes that start and never end: `@tonejs/midi` leaves them out. */
  readonly unended: { readonly pitched: number; readonly drums: number };
  readonly pedalPresses: number;
}

const SUSTAIN = 64;
const CHUNK_HEAD = 8;

/**
 * Walks a Standard MIDI File (MIDI 1.0, RP-001) once, in linear time, and returns the same music as a plain
 * one: only names, tempi, metres, keys, notes and the program before a channel's first note; every event
 * with its own status byte. Left out are also chunks of other types, bytes after an end of track or after
 * the last track, and note-offs of pitches that do not sound. Running status is kept across meta events, as
 * common readers do. What is not as the standard has it is read wherever it leaves no doubt about the notes.
 *
 * @throws {FormatError} with the byte and what is wrong there.
 */
export function plainMidi(bytes: Uint8Array, file: string): PlainMidi {
  return new Walk(bytes, file).run();
}

class Walk {
  readonly #cursor: MidiCursor;
  /** Where the MIDI data end. */
  readonly #fileEnd: number;
  #ticksPerQuarter = 0;
  #events = 0;
  #notes = 0;
  readonly #oddities = new Set<string>();

  constructor(bytes: Uint8Array, file: string) {
    this.#cursor = new MidiCursor(bytes, file);
    openContainer(this.#cursor);
    this.#fileEnd = this.#cursor.end;
  }

  run(): PlainMidi {
    const cursor = this.#cursor;
    const { bytes: limit } = MIDI_LIMITS;
    if (cursor.left > limit) {
      cursor.fail(cursor.at, `the file has ${cursor.left} bytes; at most ${limit} are read`);
    }
    const { format, claimed } = this.#header();
    const tracks = this.#tracks(claimed);
    if (tracks.length === 0) cursor.fail(cursor.at, "the file has no track");
    if (tracks.length !== claimed) this.#oddities.add(ODDITIES.tracks);
    if (format === 0 && tracks.length > 1) this.#oddities.add(ODDITIES.format);
    const sum = (value: (track: PlainTrack) => number) => tracks.reduce((a, track) => a + value(track), 0);
    return {
      bytes: plainFile(this.#ticksPerQuarter, tracks),
      oddities: [...this.#oddities],
      unended: { pitched: sum(({ unended }) => unended.pitched), drums: sum(({ unended }) => unended.drums) },
      pedalPresses: sum(({ pedalPresses }) => pedalPresses),
    };
  }

  #header(): { format: number; claimed: number } {
    const cursor = this.#cursor;
    const start = cursor.at;
    if (cursor.left < 14 || cursor.textAt(start, 4) !== "MThd") {
      cursor.fail(start, `a MIDI file starts with the 14 bytes of an "MThd" chunk`);
    }
    cursor.at += 4;
    const length = cursor.number(4, "the header's length");
    if (length < 6) cursor.fail(start + 4, `the header claims ${length} bytes; it has 6`);
    const format = cursor.number(2, "the format");
    if (format > 1) cursor.fail(start + 8, `format ${format} is not read; formats 0 and 1 are`);
    const claimed = cursor.number(2, "the number of tracks");
    this.#ticksPerQuarter = cursor.number(2, "the time division");
    if (this.#ticksPerQuarter & 0x8000) {
      cursor.fail(start + 12, "time is counted in film frames (SMPTE); only ticks per quarter note are read");
    }
    if (this.#ticksPerQuarter === 0) cursor.fail(start + 12, "a quarter note has no ticks");
    if (length > 6) {
      cursor.skip(length - 6, "the header");
      this.#oddities.add(ODDITIES.header);
    }
    return { format, claimed };
  }

  /** All tracks that there are: those that the header claims and those that follow them at once. */
  #tracks(claimed: number): PlainTrack[] {
    const cursor = this.#cursor;
    const tracks: PlainTrack[] = [];
    let other: { readonly at: number; readonly type: string } | undefined;
    while (cursor.left >= CHUNK_HEAD && (tracks.length < claimed || this.#trackAt(cursor.at))) {
      const at = cursor.at;
      const type = cursor.textAt(at, 4);
      cursor.at += 4;
      const length = cursor.number(4, "a chunk's length");
      if (type === "MTrk") tracks.push(this.#trackChunk(length));
      else {
        other = { at, type };
        cursor.skip(length, `chunk "${type}"`);
      }
    }
    if (tracks.length < claimed && other !== undefined) {
      // A track whose type is damaged would vanish without a word.
      cursor.fail(
        other.at,
        `chunk "${other.type}" is no track, and ${claimed - tracks.length} tracks are missing`,
      );
    }
    if (tracks.length < claimed && cursor.left > 0 && "MTrk".startsWith(cursor.textAt(cursor.at, 4))) {
      cursor.fail(cursor.at, `the file ends within a chunk, after ${tracks.length} of ${claimed} tracks`);
    }
    return tracks;
  }

  /**
   * Reads a track and goes to the chunk behind it. Where the length does not lead to the end of the file or to
   * another chunk, the track ends with its end-of-track event or where the next one starts.
   */
  #trackChunk(length: number): PlainTrack {
    const cursor = this.#cursor;
    const start = cursor.at;
    const claimedEnd = start + length;
    const leads = claimedEnd === this.#fileEnd || this.#chunkAt(claimedEnd);
    const end = leads ? claimedEnd : this.#nextTrack(start) ?? this.#fileEnd;
    const track = new PlainTrack();
    cursor.end = end;
    const ended = this.#readTrack(track);
    cursor.end = this.#fileEnd;
    if (!ended && claimedEnd > this.#fileEnd && end === this.#fileEnd) {
      const held = this.#fileEnd - start;
      cursor.fail(
        start - 4,
        `the file is cut off: a track claims ${length} bytes, of which it holds ${held}`,
      );
    }
    if (!ended) this.#oddities.add(ODDITIES.noEnd);
    if (cursor.at === claimedEnd && leads) return track;
    if (this.#trackAt(cursor.at)) this.#oddities.add(ODDITIES.chunk);
    else {
      this.#oddities.add(leads || cursor.at === claimedEnd ? ODDITIES.afterEnd : ODDITIES.chunk);
      cursor.at = end;
    }
    return track;
  }

  #trackAt(at: number): boolean {
    return this.#cursor.textAt(at, 4) === "MTrk";
  }

  /** Whether a chunk starts there, of four letters and a length that the file has. */
  #chunkAt(at: number): boolean {
    const { bytes } = this.#cursor;
    if (at + CHUNK_HEAD > this.#fileEnd) return false;
    if (this.#trackAt(at)) return true;
    const length = bytes.subarray(at + 4, at + CHUNK_HEAD).reduce((sum, byte) => sum * 256 + byte, 0);
    return /^[ -~]{4}$/.test(this.#cursor.textAt(at, 4)) && length <= this.#fileEnd - at - CHUNK_HEAD;
  }

  #nextTrack(from: number): number | undefined {
    for (let at = from; at + CHUNK_HEAD <= this.#fileEnd; at++) if (this.#trackAt(at)) return at;
    return undefined;
  }

  /** Whether the events ended with an end of track. */
  #readTrack(track: PlainTrack): boolean {
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
        this.#system(first);
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
      const velocity = Math.min(127, this.#dataByte());
      if (kind === 8 || velocity === 0) return track.stop(ticks, channel, pitch);
      if (++this.#notes > MIDI_LIMITS.notes) {
        this.#cursor.fail(this.#cursor.at, `more than ${MIDI_LIMITS.notes} notes`);
      }
      return track.start(ticks, channel, pitch, velocity);
    }
    const first = this.#dataByte();
    if (kind === 0xc && first < 0x80) track.program(ticks, channel, first);
    if (kind === 0xc || kind === 0xd) return;
    const second = this.#dataByte();
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
  #dataByte(): number {
    const value = this.#cursor.byte("an event");
    if (value >= 0x80) this.#oddities.add(ODDITIES.data);
    return value;
  }

  /** System-exclusive messages belong into a file; what is only for the wire is passed over. */
  #system(status: number): void {
    const cursor = this.#cursor;
    const what = "a system-exclusive message";
    if (status === 0xf0 || status === 0xf7) {
      return cursor.skip(cursor.variableLength(`the length of ${what}`), what);
    }
    if (status === 0xf4 || status === 0xf5) {
      cursor.fail(cursor.at - 1, `0x${status.toString(16)} is not an event of a MIDI file`);
    }
    this.#oddities.add(ODDITIES.system);
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
    else if (verdict !== false) this.#oddities.add(verdict.oddity);
    return type;
  }
}
