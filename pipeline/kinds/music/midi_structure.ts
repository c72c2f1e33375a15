import { openContainer } from "./midi_container.ts";
import { MidiCursor } from "./midi_cursor.ts";
import { EventReader, MIDI_LIMITS } from "./midi_events.ts";
import { plainFile, PlainTrack } from "./plain_midi.ts";

/** The same music as a file that has one reading, and what was left out on the way. */
export interface PlainMidi {
  readonly bytes: Uint8Array;
  /** What is not as the standard has it: a sentence for each kind. */
  readonly oddities: readonly string[];
  /** Notes that start and never end, which `@tonejs/midi` leaves out: all, and those of the drum channel. */
  readonly unended: { readonly all: number; readonly drums: number };
  readonly pedalPresses: number;
}

/**
 * Walks a Standard MIDI File (MIDI 1.0, RP-001) once, in linear time, and returns the same music as a plain
 * one: only names, tempi, metres, keys, notes and the program before a channel's first note; every event
 * with its own status byte. Left out are also chunks of other types, bytes after an end of track or after
 * the last track, and note-offs of pitches that do not sound. What is not as the standard has it is read where
 * that leaves no doubt about the notes.
 *
 * @throws {FormatError} with the byte and what is wrong there.
 */
export function plainMidi(bytes: Uint8Array, file: string): PlainMidi {
  const cursor = new MidiCursor(bytes, file);
  openContainer(cursor);
  const { bytes: most } = MIDI_LIMITS;
  if (cursor.left > most) cursor.fail(most, `the file has ${cursor.left} bytes; at most ${most} are read`);
  const header = readHeader(cursor);
  const tracks = new TrackChunks(cursor, header).read();
  const sum = (value: (track: PlainTrack) => number) => tracks.reduce((a, track) => a + value(track), 0);
  const oddities = new Set(tracks.flatMap(({ oddities }) => [...oddities]));
  if (header.isLong) oddities.add("the header is longer than 6 bytes");
  if (tracks.length !== header.tracks) oddities.add("the header states another number of tracks");
  if (header.format === 0 && tracks.length > 1) oddities.add("format 0 with several tracks");
  return {
    bytes: plainFile(header.ticksPerQuarter, tracks),
    oddities: [...oddities],
    unended: { all: sum(({ unended }) => unended.all), drums: sum(({ unended }) => unended.drums) },
    pedalPresses: sum(({ pedalPresses }) => pedalPresses),
  };
}

interface Header {
  readonly format: number;
  /** How many there are said to be. */
  readonly tracks: number;
  readonly ticksPerQuarter: number;
  readonly isLong: boolean;
}

function readHeader(cursor: MidiCursor): Header {
  const start = cursor.at;
  if (cursor.left < 14 || cursor.textAt(start, 4) !== "MThd") {
    cursor.fail(start, `a MIDI file starts with the 14 bytes of an "MThd" chunk`);
  }
  cursor.at += 4;
  const length = cursor.number(4, "the header's length");
  if (length < 6) cursor.fail(start + 4, `the header claims ${length} bytes; it has 6`);
  const format = cursor.number(2, "the format");
  if (format > 1) cursor.fail(start + 8, `format ${format} is not read; formats 0 and 1 are`);
  const tracks = cursor.number(2, "the number of tracks");
  const ticksPerQuarter = cursor.number(2, "the time division");
  if (ticksPerQuarter & 0x8000) {
    cursor.fail(start + 12, "time is counted in film frames (SMPTE); only ticks per quarter note are read");
  }
  if (ticksPerQuarter === 0) cursor.fail(start + 12, "a quarter note has no ticks");
  cursor.skip(length - 6, "the header");
  return { format, tracks, ticksPerQuarter, isLong: length > 6 };
}

/** Bytes of a chunk's type and length. */
const CHUNK_HEAD = 8;

/** Finds the tracks of a file and where each ends, whatever their number and lengths are said to be. */
class TrackChunks {
  readonly #cursor: MidiCursor;
  readonly #claimed: number;
  readonly #events: EventReader;
  /** Where the MIDI data end. */
  readonly #fileEnd: number;
  /** Where the first bytes stand that belong to no track. */
  #alien: number | undefined;

  constructor(cursor: MidiCursor, { tracks, ticksPerQuarter }: Header) {
    this.#cursor = cursor;
    this.#claimed = tracks;
    this.#events = new EventReader(cursor, ticksPerQuarter);
    this.#fileEnd = cursor.end;
  }

  /** Those that the header claims and those that follow them at once. */
  read(): PlainTrack[] {
    const cursor = this.#cursor;
    const tracks: PlainTrack[] = [];
    while (cursor.left >= CHUNK_HEAD && (tracks.length < this.#claimed || this.#isTrack(cursor.at))) {
      const at = cursor.at;
      const type = cursor.textAt(at, 4);
      cursor.at += 4;
      const length = cursor.number(4, "a chunk's length");
      if (type === "MTrk") tracks.push(this.#track(length));
      else {
        this.#alien ??= at;
        cursor.skip(length, `chunk "${type}"`);
      }
    }
    if (cursor.left > 0) this.#alien ??= cursor.at;
    if (tracks.length < this.#claimed && this.#alien !== undefined) {
      // It may have been one: a track that is lost would make other music of a piece.
      const found = `${tracks.length} of ${this.#claimed} tracks`;
      cursor.fail(this.#alien, `what stands here is no track, and only ${found} are there`);
    }
    if (tracks.length === 0) cursor.fail(cursor.at, "the file has no track");
    return tracks;
  }

  /**
   * Reads a track and goes to the chunk behind it. Where the length does not lead to the end of the file or to
   * another chunk, the track ends with its end-of-track event or where the next one starts.
   */
  #track(length: number): PlainTrack {
    const cursor = this.#cursor;
    const start = cursor.at;
    const claimedEnd = start + length;
    const leads = claimedEnd === this.#fileEnd || this.#isChunk(claimedEnd);
    const end = leads ? claimedEnd : this.#nextTrack(start) ?? this.#fileEnd;
    const track = new PlainTrack();
    const { oddities } = track;
    cursor.end = end;
    const ended = this.#events.read(track);
    cursor.end = this.#fileEnd;
    if (!ended && claimedEnd > this.#fileEnd && end === this.#fileEnd) {
      cursor.fail(
        start - 4,
        `the file is cut off: a track claims ${length} bytes, and ${end - start} are there`,
      );
    }
    if (!ended) oddities.add("a track has no end-of-track event");
    const nextFollows = this.#isTrack(cursor.at);
    const isWrong = cursor.at !== claimedEnd && (nextFollows || !leads);
    if (isWrong && (oddities.size > 0 || track.unended.all + track.strayEnds > 0)) {
      // One byte too many or too few among the events: what was read from there on is no music.
      const [doubt = "its notes' starts and ends do not pair"] = oddities;
      cursor.fail(start - 4, `a track claims ${length} bytes and has ${cursor.at - start}, and ${doubt}`);
    }
    if (isWrong) oddities.add("the length of a track is wrong");
    else if (cursor.at < end) {
      oddities.add("data after the end of a track are passed over");
      this.#alien ??= cursor.at;
    }
    if (!nextFollows) cursor.at = end;
    return track;
  }

  #isTrack(at: number): boolean {
    return this.#cursor.textAt(at, 4) === "MTrk";
  }

  /** Whether a chunk starts there: four printable characters, and a length that the file has. */
  #isChunk(at: number): boolean {
    if (this.#isTrack(at)) return true;
    const { bytes } = this.#cursor;
    const length = bytes.subarray(at + 4, at + CHUNK_HEAD).reduce((sum, byte) => sum * 256 + byte, 0);
    return /^[ -~]{4}$/.test(this.#cursor.textAt(at, 4)) && at + CHUNK_HEAD + length <= this.#fileEnd;
  }

  #nextTrack(from: number): number | undefined {
    const { bytes } = this.#cursor;
    const next = (at: number) => bytes.indexOf("M".charCodeAt(0), at);
    for (let at = next(from); at >= 0 && at < this.#fileEnd; at = next(at + 1)) {
      if (this.#isTrack(at)) return at;
    }
    return undefined;
  }
}
