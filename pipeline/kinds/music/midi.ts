import tonejsMidi from "@tonejs/midi";
import { plainMidi } from "./midi_structure.ts";
import { decodeText, encodeText } from "./midi_text.ts";
import { DRUMS } from "./plain_midi.ts";

const { Midi } = tonejsMidi;
type TonejsMidi = InstanceType<typeof Midi>;

/** A note. Times are in ticks; `ticks / score.ticksPerQuarter` is in quarter notes. */
export interface Note {
  /** MIDI number, 0..127; 60 is the middle C. */
  readonly pitch: number;
  readonly onset: number;
  /** 0 where the file ends a note in the tick that starts it. */
  readonly duration: number;
  /** 1..127 */
  readonly velocity: number;
  /** Index into `Score.tracks`. */
  readonly track: number;
}

/** The tempo from a tick on. */
export interface Tempo {
  readonly tick: number;
  readonly microsecondsPerQuarter: number;
}

/** The metre from a tick on: 3/4 has the numerator 3. */
export interface Metre {
  readonly tick: number;
  readonly numerator: number;
  readonly denominator: number;
}

/** The key from a tick on. */
export interface Key {
  readonly tick: number;
  /** The sharps of its signature; flats are negative. */
  readonly sharps: number;
  readonly mode: "major" | "minor";
}

/** A voice of a score: the notes of one instrument. */
export interface Track {
  readonly name: string;
  /** 0..15 */
  readonly channel: number;
  /** The instrument's number in General MIDI, 0..127; 0 is the acoustic grand piano. */
  readonly program: number;
}

/** A piece of music. Lists are sorted by time; the first tempo and the first metre stand at tick 0. */
export interface Score {
  readonly title: string;
  readonly ticksPerQuarter: number;
  /** All tracks merged: by onset, then pitch, then track. */
  readonly notes: readonly Note[];
  /** Where it ends, in ticks, if not with its last note. */
  readonly end?: number;
  readonly tempi: readonly Tempo[];
  readonly metres: readonly Metre[];
  readonly keys: readonly Key[];
  /** Those that hold notes. One track of a file with several channels or programs becomes several. */
  readonly tracks: readonly Track[];
}

/** What a file holds beside the score that is read from it. */
export interface MidiRemarks {
  /** Where the file is not as the standard has it: a sentence for each kind. */
  readonly oddities: readonly string[];
  /** Notes that start and never end. They are left out. */
  readonly notesWithoutEnd: number;
  /** Notes of the drum channel that are left out. */
  readonly drumNotes: number;
  /** How often the sustain pedal is pressed. It is not applied: a note ends where its key is released. */
  readonly pedalPresses: number;
}

/** What reading a file gives. */
export interface MidiReading {
  readonly score: Score;
  readonly remarks: MidiRemarks;
}

/** How a file is read. */
export interface ParseOptions {
  /** How errors name the file. */
  readonly file: string;
  /** Keep the notes of the drum channel. Default: false. */
  readonly drums?: boolean;
}

/**
 * Reads a Standard MIDI File of format 0 or 1, bare or within a RIFF file of type RMID. Of overlapping notes of
 * one pitch in a channel the first to start is the first to end; a note that never ends is left out.
 *
 * @throws {FormatError} that names the file, and the byte where its structure is broken.
 */
export function parseMidi(bytes: Uint8Array, { file, drums = false }: ParseOptions): MidiReading {
  const { bytes: plain, oddities, unended, pedalPresses } = plainMidi(bytes, file);
  const midi = new Midi(plain);
  const isLeftOut = ({ channel }: { channel: number }) => channel === DRUMS && !drums;
  const sounding = midi.tracks.filter((track) => track.notes.length > 0 && !isLeftOut(track));
  const remarks = {
    oddities,
    notesWithoutEnd: drums ? unended.all : unended.all - unended.drums,
    drumNotes: midi.tracks.filter(isLeftOut).reduce((sum, { notes }) => sum + notes.length, 0),
    pedalPresses,
  };
  return { score: scoreOf(midi.header, sounding), remarks };
}

/** What `@tonejs/midi` calls the signatures, of minor keys too: by the major key that has them. */
const SIGNATURES = ["Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#"];

function scoreOf(header: TonejsMidi["header"], sounding: TonejsMidi["tracks"]): Score {
  const notes = sounding.flatMap((track, index) =>
    track.notes.map((note): Note => ({
      pitch: note.midi,
      onset: note.ticks,
      duration: note.durationTicks,
      velocity: Math.round(note.velocity * 127),
      track: index,
    }))
  );
  return {
    title: decodeText(header.name),
    ticksPerQuarter: header.ppq,
    notes: notes.sort((a, b) => a.onset - b.onset || a.pitch - b.pitch || a.track - b.track),
    tempi: fromTickZero(
      header.tempos.map(({ ticks, bpm }) => ({ tick: ticks, microsecondsPerQuarter: Math.round(6e7 / bpm) })),
      { tick: 0, microsecondsPerQuarter: 500_000 },
    ),
    metres: fromTickZero(
      header.timeSignatures.map(({ ticks, timeSignature: [numerator, denominator] }) => ({
        tick: ticks,
        numerator: numerator!,
        denominator: denominator!,
      })),
      { tick: 0, numerator: 4, denominator: 4 },
    ),
    keys: lastAtEachTick(
      header.keySignatures.map(({ ticks, key, scale }) => ({
        tick: ticks,
        sharps: SIGNATURES.indexOf(key) - SIGNATURES.indexOf("C"),
        mode: scale === "major" ? "major" : "minor",
      })),
    ),
    tracks: sounding.map((track) => ({
      name: decodeText(track.name),
      channel: track.channel,
      program: track.instrument.number,
    })),
  };
}

/**
 * Writes a score as a format 1 file: a track of tempi and metres, then one track for each of the score's. What a
 * sequencer would trip over is mended: velocities are put into 1..127, every note lasts a tick or more, and of two
 * notes of one pitch in one track the earlier ends where the later starts (the longer stays where they start
 * together). A score that does not end with its last note has a marker there, since a file lasts until its last event.
 * Of the keys only one that holds from the beginning is written.
 */
export function writeMidi(score: Score): Uint8Array {
  const midi = new Midi();
  midi.header.fromJSON({
    name: encodeText(score.title),
    ppq: score.ticksPerQuarter,
    meta: score.end === undefined ? [] : [{ ticks: score.end, type: "marker", text: "end" }],
    keySignatures: [],
    // The encoder rounds down after a division: half a microsecond more makes the round trip exact.
    tempos: score.tempi.map(({ tick, microsecondsPerQuarter }) => ({
      ticks: tick,
      bpm: 6e7 / (microsecondsPerQuarter + 0.5),
    })),
    timeSignatures: score.metres.map(({ tick, numerator, denominator }) => ({
      ticks: tick,
      timeSignature: [numerator, denominator],
    })),
  });
  for (const [index, { name, channel, program }] of score.tracks.entries()) {
    const track = midi.addTrack();
    track.name = encodeText(name);
    track.channel = channel;
    track.instrument.number = program;
    for (const note of playable(score.notes.filter((note) => note.track === index))) {
      track.addNote({
        midi: note.pitch,
        ticks: note.onset,
        durationTicks: note.duration,
        velocity: (Math.min(127, Math.max(1, Math.round(note.velocity))) + 0.5) / 127, // rounded down, as above
        noteOffVelocity: 0,
      });
    }
  }
  const key = score.keys.find(({ tick }) => tick === 0);
  return key ? withKey(midi.toArray(), key) : midi.toArray();
}

/** Where the first track's length stands, and where its events begin. */
const [TRACK_LENGTH, FIRST_EVENT] = [18, 22];

/** Puts a key signature before the first event of a file: `@tonejs/midi` 2.0.28 encodes them wrongly. */
function withKey(bytes: Uint8Array, { sharps, mode }: Key): Uint8Array {
  const event = Uint8Array.of(0, 0xff, 0x59, 2, sharps & 0xff, Number(mode === "minor"));
  const longer = new Uint8Array(bytes.length + event.length);
  longer.set(bytes.subarray(0, FIRST_EVENT));
  longer.set(event, FIRST_EVENT);
  longer.set(bytes.subarray(FIRST_EVENT), FIRST_EVENT + event.length);
  const view = new DataView(longer.buffer);
  view.setUint32(TRACK_LENGTH, view.getUint32(TRACK_LENGTH) + event.length);
  return longer;
}

/** The notes of one track, by onset, without overlaps of one pitch and none shorter than a tick. */
function playable(notes: readonly Note[]): Note[] {
  const result: Note[] = [];
  const last = new Map<number, number>();
  for (const note of notes.toSorted((a, b) => a.onset - b.onset || a.pitch - b.pitch)) {
    const index = last.get(note.pitch);
    const before = index === undefined ? undefined : result[index]!;
    if (before !== undefined && before.onset === note.onset) {
      result[index!] = { ...before, duration: Math.max(before.duration, note.duration, 1) };
      continue;
    }
    if (before !== undefined && before.onset + before.duration > note.onset) {
      result[index!] = { ...before, duration: note.onset - before.onset };
    }
    last.set(note.pitch, result.length);
    result.push({ ...note, duration: Math.max(1, note.duration) });
  }
  return result;
}

/** Where the last note ends, in ticks; 0 without notes. */
export function lengthInTicks(score: Score): number {
  return score.notes.reduce((end, { onset, duration }) => Math.max(end, onset + duration), 0);
}

/** The time of a tick, in seconds from the start, by the tempo map. */
export function secondsAt(score: Score, tick: number): number {
  let seconds = 0;
  for (const [i, tempo] of score.tempi.entries()) {
    if (tempo.tick >= tick) break;
    const until = Math.min(tick, score.tempi[i + 1]?.tick ?? Infinity);
    seconds += (until - tempo.tick) / score.ticksPerQuarter * tempo.microsecondsPerQuarter / 1e6;
  }
  return seconds;
}

/** The mean tempo over a piece, rubato and all, in quarter notes a minute; that of tick 0 where it has no notes. */
export function meanTempo(score: Score): number {
  const end = lengthInTicks(score);
  if (end === 0) return 6e7 / score.tempi[0]!.microsecondsPerQuarter;
  return 60 * (end / score.ticksPerQuarter) / secondsAt(score, end);
}

function fromTickZero<T extends { tick: number }>(events: readonly T[], initial: T): T[] {
  return lastAtEachTick([initial, ...events]);
}

/** Several tracks may state the same thing at one tick: the last one holds. */
function lastAtEachTick<T extends { tick: number }>(events: readonly T[]): T[] {
  const sorted = events.toSorted((a, b) => a.tick - b.tick);
  return sorted.filter(({ tick }, i) => sorted[i + 1]?.tick !== tick);
}
