import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import {
  lengthInTicks,
  meanTempo,
  type Note,
  parseMidi,
  type Score,
  secondsAt,
  writeMidi,
} from "../../../pipeline/kinds/music/midi.ts";
import { MIDI_LIMITS } from "../../../pipeline/kinds/music/midi_structure.ts";
import { UserError } from "../../../pipeline/base/errors.ts";
import { randomStream } from "../../../pipeline/base/random.ts";
import { musicFiles } from "./music_files.ts";

const files = await musicFiles();

/** A file with the given track bodies (each without its end of track). */
function midi(tracks: number[][], { format = tracks.length > 1 ? 1 : 0, division = 96 } = {}): Uint8Array {
  const header = [...text("MThd"), 0, 0, 0, 6, 0, format, 0, tracks.length, division >> 8, division & 255];
  const body = tracks.map((track) => [...track, 0, 0xff, 0x2f, 0]);
  return Uint8Array.from([
    ...header,
    ...body.flatMap((track) => [...text("MTrk"), 0, 0, track.length >> 8, track.length & 255, ...track]),
  ]);
}

function text(letters: string): number[] {
  return Array.from(letters, (letter) => letter.charCodeAt(0));
}

function read(bytes: Uint8Array, drums = false): Score {
  return parseMidi(bytes, { file: "test.mid", drums });
}

/** [onset, pitch, duration, velocity] of each note. */
function rows(notes: readonly Note[]): number[][] {
  return notes.map(({ onset, pitch, duration, velocity }) => [onset, pitch, duration, velocity]);
}

function fails(bytes: Uint8Array, message: RegExp): void {
  assert.throws(() => read(bytes), (error) => error instanceof UserError && message.test(error.message));
}

Deno.test("reads from every real file the notes and the time that mido reads", () => {
  assert.ok(files.length >= 14);
  for (const { name, bytes, reference } of files) {
    const score = parseMidi(bytes, { file: name });
    const lines = rows(score.notes)
      .sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]! || a[3]! - b[3]!)
      .map((row) => row.join(" ") + "\n");
    assert.equal(score.notes.length, reference.notes, name);
    assert.equal(createHash("sha256").update(lines.join("")).digest("hex"), reference.notesSha256, name);
    assert.equal(score.ticksPerQuarter, reference.ticksPerQuarter, name);
    assert.ok(Math.abs(secondsAt(score, lengthInTicks(score)) - reference.seconds) < 2e-3, name);
  }
});

Deno.test("writes every real file so that reading it again gives the same score", () => {
  for (const { name, bytes } of files) {
    const score = parseMidi(bytes, { file: name });
    const once = read(writeMidi(score));
    // Writing mends overlaps and empty notes; what is mended stays as it is.
    assert.deepEqual(read(writeMidi(once)), once, name);
    const { notes, keys: _, ...rest } = score;
    const { notes: notesOnce, keys: __, ...restOnce } = once;
    assert.deepEqual(restOnce, rest, name);
    assert.ok(notesOnce.length > 0.97 * notes.length, name);
    assert.ok(notesOnce.every(({ duration }) => duration >= 1), name);
  }
});

Deno.test("reads format 0 with running status and both kinds of note-off", () => {
  const score = read(midi([[0, 0x90, 60, 100, 48, 64, 90, 48, 60, 0, 0, 0x80, 64, 10]]));
  assert.deepEqual(rows(score.notes), [[0, 60, 96, 100], [48, 64, 48, 90]]);
  assert.equal(score.ticksPerQuarter, 96);
});

Deno.test("keeps running status across a meta event", () => {
  const score = read(midi([[0, 0x90, 60, 100, 1, 0xff, 0x01, 1, 65, 9, 60, 0]]));
  assert.deepEqual(rows(score.notes), [[0, 60, 10, 100]]);
});

Deno.test("merges the tracks of format 1 and keeps their names and programs", () => {
  const score = read(midi([
    [0, 0xff, 3, 4, ...text("Suit")],
    [0, 0xff, 3, 5, ...text("Flute"), 0, 0xc0, 73, 0, 0x90, 72, 80, 10, 72, 0],
    [0, 0xff, 3, 2, 0xc3, 0xa9, 0, 0x91, 48, 70, 20, 48, 0],
  ]));
  assert.deepEqual(score.title, "Suit");
  assert.deepEqual(score.tracks, [
    { name: "Flute", channel: 0, program: 73 },
    { name: "é", channel: 1, program: 0 },
  ]);
  assert.deepEqual(score.notes.map(({ pitch, track }) => [pitch, track]), [[48, 1], [72, 0]]);
});

Deno.test("gives every tempo, metre and key with its place, and the defaults of MIDI before the first", () => {
  const score = read(midi([[
    96,
    0xff,
    0x51,
    3,
    0x0f,
    0x42,
    0x40, // 1,000,000
    0,
    0xff,
    0x58,
    4,
    3,
    3,
    24,
    8,
    0,
    0xff,
    0x59,
    2,
    0xfd,
    1, // three flats, minor
    0,
    0x90,
    60,
    1,
    96,
    60,
    0, // sounds while the tempo is 1,000,000
  ]]));
  assert.deepEqual(score.tempi, [
    { tick: 0, microsecondsPerQuarter: 500_000 },
    { tick: 96, microsecondsPerQuarter: 1_000_000 },
  ]);
  assert.deepEqual(score.metres, [
    { tick: 0, numerator: 4, denominator: 4 },
    { tick: 96, numerator: 3, denominator: 8 },
  ]);
  assert.deepEqual(score.keys, [{ tick: 96, tonic: "Eb", mode: "minor" }]);
  assert.equal(secondsAt(score, 192), 1.5);
  assert.equal(meanTempo(score), 80);
});

Deno.test("of overlapping notes of one pitch the first to start is the first to end", () => {
  const score = read(midi([[0, 0x90, 60, 1, 10, 60, 2, 10, 60, 0, 10, 60, 0]]));
  assert.deepEqual(rows(score.notes), [[0, 60, 20, 1], [10, 60, 20, 2]]);
});

Deno.test("keeps a note of no length, and leaves out note-offs without a note and notes without an end", () => {
  const empty = read(midi([[0, 0x90, 60, 1, 0, 60, 0]]));
  assert.deepEqual(rows(empty.notes), [[0, 60, 0, 1]]);
  const inFirstTrack = read(midi([[0, 0x90, 60, 1, 0, 60, 0], [0, 0x90, 62, 1, 9, 62, 0]]));
  assert.deepEqual(rows(inFirstTrack.notes), [[0, 60, 0, 1], [0, 62, 9, 1]]);
  const offFirst = read(midi([[5, 0x80, 60, 0, 0, 0x90, 60, 1, 7, 60, 0]]));
  assert.deepEqual(rows(offFirst.notes), [[5, 60, 7, 1]]);
  assert.deepEqual(read(midi([[0, 0x90, 60, 1, 7, 61, 0]])).notes, []);
});

Deno.test("keeps a note whose program changes before it ends", () => {
  const score = read(midi([[0, 0xc0, 5, 0, 0x90, 60, 1, 3, 0xc0, 9, 4, 0x80, 60, 0]]));
  assert.deepEqual(rows(score.notes), [[0, 60, 7, 1]]);
  assert.equal(score.tracks[0]!.program, 5);
});

Deno.test("leaves drums out, or in where they are wanted", () => {
  const bytes = midi([[0, 0x99, 36, 90, 0, 0x90, 60, 80, 9, 60, 0, 0, 0x89, 36, 0]]);
  assert.deepEqual(read(bytes).notes.map(({ pitch }) => pitch), [60]);
  assert.deepEqual(read(bytes, true).notes.map(({ pitch }) => pitch), [36, 60]);
});

Deno.test("passes over chunks of other types, bytes after an end of track and after the last track", () => {
  const plain = midi([[0, 0x90, 60, 1, 7, 60, 0]]);
  const alien = [...text("XFIH"), 0, 0, 0, 3, 1, 2, 3];
  const bytes = Uint8Array.from([...plain.slice(0, 14), ...alien, ...plain.slice(14), 0, 0, 9, 9, 9, 9]);
  bytes[14 + alien.length + 7]! += 4;
  assert.deepEqual(read(bytes), read(plain));
});

Deno.test("names the file, the byte and the problem of a broken file", () => {
  const note = [0, 0x90, 60, 1, 7, 60, 0];
  const good = midi([note]);
  const changed = (at: number, ...values: number[]) => {
    const copy = good.slice();
    copy.set(values, at);
    return copy;
  };
  fails(new Uint8Array(), /^Cannot read the MIDI file test.mid: at byte 0: a MIDI file starts with/);
  fails(changed(9, 2), /at byte 8: format 2 is not read/);
  fails(changed(11, 0), /at byte 10: the file has no track/);
  fails(changed(12, 0xe8, 0x28), /at byte 12: time is counted in film frames/);
  fails(changed(12, 0, 0), /at byte 12: a quarter note has no ticks/);
  fails(changed(18, 1), /at byte 18: chunk "MTrk" claims 16777227 bytes, of which the file holds 11/);
  fails(good.slice(0, 20), /at byte 20: the data end within a chunk's length/);
  fails(changed(9, 1, 0, 2), /at byte 33: the file ends after 1 of 2 tracks/);
  fails(changed(21, 7), /at byte 29: the track has no end-of-track event/);
  fails(midi([[0, 60, 1]]), /at byte 23: a data byte stands where the first status byte must/);
  fails(midi([[0, 0x90, 60, 0x81]]), /at byte 25: 0x81 stands where a data byte/);
  fails(midi([[0, 0xf4]]), /at byte 23: 0xf4 is not an event/);
  fails(midi([[0x80, 0x80, 0x80, 0x80, 0]]), /at byte 22: a delta time has more than four bytes/);
  fails(midi([[0, 0xff, 1, 50]]), /at byte 26: a meta event claims 50 bytes, and its chunk ends after 4/);
  fails(midi([[0, 0xff, 0x51, 2, 1, 1]]), /at byte 24: a tempo has 3 bytes, and this one claims 2/);
  fails(midi([[0, 0xff, 0x51, 3, 0, 0, 0]]), /at byte 26: the tempo is 0/);
  fails(midi([[0, 0xff, 0x58, 4, 0, 2, 24, 8]]), /at byte 26: no time signature is 0\/2\^2/);
  fails(midi([[0, 0xff, 0x59, 2, 9, 0]]), /at byte 26: no key signature has the bytes 9 and 0/);
});

Deno.test("bounds the length, the notes and the bytes of a file", () => {
  const years = [0xff, 0xff, 0xff, 0x7f, 0x90, 60, 1, 1, 60, 0];
  fails(midi([years], { division: 1 }), /at byte 22: the piece is longer than 50000 quarter notes/);
  fails(new Uint8Array(MIDI_LIMITS.bytes + 1), /at most 4194304 are read/);
  const score = read(midi([[0, 0x90, 60, 1, 7, 60, 0]]));
  const crowd = {
    ...score,
    notes: Array.from({ length: MIDI_LIMITS.notes + 1 }, (_, i) => ({ ...score.notes[0]!, onset: 9 * i })),
  };
  fails(writeMidi(crowd), /more than 30000 notes/);
});

Deno.test("reads a file with as many notes as allowed, all at once, ended in the reverse order", () => {
  const pitches = Array.from({ length: MIDI_LIMITS.notes }, (_, i) => i % 2);
  const ons = pitches.flatMap((pitch) => [0, pitch, 1]);
  const offs = [1, 0].flatMap((pitch) => Array(MIDI_LIMITS.notes / 2).fill([0, pitch, 0]).flat());
  const track = [0, 0x90, ...ons.slice(1), ...offs, 0, 0xff, 0x2f, 0];
  const bytes = Uint8Array.from([...midi([[]]).slice(0, 18), 0, 0, 0, 0, ...track]);
  new DataView(bytes.buffer).setUint32(18, track.length);
  assert.equal(read(bytes).notes.length, MIDI_LIMITS.notes);
});

Deno.test("2,200 damaged copies of real files are read or refused by name, never anything else", () => {
  const random = randomStream(1, "midi mutations");
  let refused = 0;
  for (let i = 0; i < 2200; i++) {
    const { bytes } = files[i % files.length]!;
    let copy = bytes.slice();
    const changes = 1 + random.integer(8);
    for (let j = 0; j < changes; j++) {
      // Half of the damage near the start, where the structure is.
      const at = random.integer(random.integer(2) ? Math.min(200, copy.length) : copy.length);
      const kind = random.integer(4);
      if (kind === 0) copy[at] = random.integer(256);
      if (kind === 1) copy[at]! ^= 1 << random.integer(8);
      if (kind === 2) copy = copy.slice(0, at + 1);
      if (kind === 3) copy = Uint8Array.from([...copy.slice(0, at), random.integer(256), ...copy.slice(at)]);
    }
    refused += checkHostile(copy);
  }
  assert.ok(refused > 500 && refused < 2200, `${refused} refused`);
});

Deno.test("random bytes, bare or behind a sound header, are read or refused by name", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (noise, bare) => {
      checkHostile(bare ? noise : midi([[...noise]]));
    }),
    { numRuns: 1500, seed: 1 },
  );
});

/** 1 where it was refused. What is read is a sound score, and can be written. */
function checkHostile(bytes: Uint8Array): number {
  let score;
  try {
    score = read(bytes, true);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, /^Cannot read the MIDI file test.mid: at byte \d+: /);
    return 1;
  }
  assert.ok(lengthInTicks(score) <= MIDI_LIMITS.quarters * score.ticksPerQuarter);
  for (const { pitch, onset, duration, velocity } of score.notes) {
    assert.ok(pitch >= 0 && pitch < 128 && velocity >= 1 && velocity < 128 && onset >= 0 && duration >= 0);
  }
  assert.ok(Number.isFinite(secondsAt(score, lengthInTicks(score))) && meanTempo(score) > 0);
  return 0;
}

Deno.test("writes files that a sequencer plays: no overlap of a pitch, no empty note, velocities 1 to 127", () => {
  const note = fc.record({
    pitch: fc.integer({ min: 0, max: 127 }),
    onset: fc.integer({ min: 0, max: 100 }),
    duration: fc.integer({ min: 0, max: 50 }),
    velocity: fc.integer({ min: -5, max: 140 }),
    track: fc.constantFrom(0, 1),
  });
  const score = (notes: readonly Note[]): Score => ({
    title: "Ré ♯",
    ticksPerQuarter: 480,
    notes,
    tempi: [{ tick: 0, microsecondsPerQuarter: 654_321 }],
    metres: [{ tick: 0, numerator: 6, denominator: 8 }],
    keys: [],
    tracks: [{ name: "Right — 右", channel: 0, program: 6 }, { name: "Left", channel: 1, program: 0 }],
  });
  fc.assert(
    fc.property(fc.array(note, { minLength: 1, maxLength: 60 }), (notes) => {
      const written = read(writeMidi(score(notes)));
      assert.equal(written.title, "Ré ♯");
      assert.deepEqual(written.tempi, [{ tick: 0, microsecondsPerQuarter: 654_321 }]);
      assert.deepEqual(written.metres, [{ tick: 0, numerator: 6, denominator: 8 }]);
      const strikes = new Set(notes.map(({ track, pitch, onset }) => `${track} ${pitch} ${onset}`));
      assert.equal(written.notes.length, strikes.size);
      const names = written.tracks.map(({ name }) => name);
      assert.deepEqual(
        names,
        [...new Set(notes.map(({ track }) => track))].sort().map((i) => score([]).tracks[i]!.name),
      );
      for (const [i, a] of written.notes.entries()) {
        assert.ok(a.duration >= 1 && a.velocity >= 1 && a.velocity <= 127);
        for (const b of written.notes.slice(i + 1)) {
          if (a.track === b.track && a.pitch === b.pitch) assert.ok(a.onset + a.duration <= b.onset);
        }
      }
    }),
    { numRuns: 300, seed: 2 },
  );
});

Deno.test("every velocity and a range of tempi survive writing and reading", () => {
  for (let velocity = 1; velocity <= 127; velocity++) {
    const microsecondsPerQuarter = 200_000 + velocity * 7919;
    const written = read(writeMidi({
      title: "",
      ticksPerQuarter: 96,
      notes: [{ pitch: 60, onset: 3, duration: 9, velocity, track: 0 }],
      tempi: [{ tick: 0, microsecondsPerQuarter }],
      metres: [],
      keys: [],
      tracks: [{ name: "", channel: 0, program: 0 }],
    }));
    assert.deepEqual(rows(written.notes), [[3, 60, 9, velocity]]);
    assert.equal(written.tempi[0]!.microsecondsPerQuarter, microsecondsPerQuarter);
  }
});
