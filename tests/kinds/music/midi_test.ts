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
import { midi, read, rows, text } from "./midi_bytes.ts";
import { isLute, musicFiles } from "./music_files.ts";
import { rollToScore } from "../../../pipeline/kinds/music/piano_roll.ts";
import { hasPython, python } from "../../support/python.ts";

const files = await musicFiles();
const luteFiles = files.filter(({ name }) => isLute(name));

Deno.test({
  name: "the paper's eight lute files are among those that are read",
  ignore: luteFiles.length === 0, // they are no part of the project, and not on every machine
  fn: () => assert.equal(luteFiles.length, 8),
});

Deno.test("reads from every real file the notes and the time that mido reads", () => {
  assert.ok(files.length >= 14);
  for (const { name, bytes, reference } of files) {
    const { score } = parseMidi(bytes, { file: name });
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
    const { score } = parseMidi(bytes, { file: name });
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
  assert.deepEqual(score.keys, [{ tick: 96, sharps: -3, mode: "minor" }]);
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

Deno.test("a minus sign in a title is written as the hyphen that every program shows", () => {
  const score = {
    title: "Gigue, bar 3, −3 semitones",
    ticksPerQuarter: 96,
    notes: [{ pitch: 60, onset: 0, duration: 9, velocity: 80, track: 0 }],
    tempi: [],
    metres: [],
    keys: [],
    tracks: [{ name: "−1", channel: 0, program: 0 }],
  };
  const bytes = writeMidi(score);
  const latin1 = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  assert.ok(latin1.includes("bar 3, -3 semitones") && latin1.includes("-1"));
  assert.equal(read(bytes).title, "Gigue, bar 3, -3 semitones");
});

Deno.test("a key that holds from the beginning is read as it was written, and changes nothing else", () => {
  const score = (...keys: Score["keys"]): Score => ({
    title: "",
    ticksPerQuarter: 96,
    notes: [{ pitch: 60, onset: 3, duration: 9, velocity: 80, track: 0 }],
    tempi: [],
    metres: [],
    keys,
    tracks: [{ name: "", channel: 0, program: 0 }],
  });
  for (let sharps = -7; sharps <= 7; sharps++) {
    for (const mode of ["major", "minor"] as const) {
      const key = { tick: 0, sharps, mode };
      assert.deepEqual(read(writeMidi(score(key))), { ...read(writeMidi(score())), keys: [key] });
    }
  }
});

/** Prints the length of a MIDI file in seconds, and how many notes it has. */
const MIDO = `
import io, sys, mido
song = mido.MidiFile(file=io.BytesIO(bytes.fromhex(sys.argv[1])))
print(song.length, sum(m.type == "note_on" for track in song.tracks for m in track))
`;

Deno.test({
  name: "a roll's file lasts as long as the roll, silent or not, as mido reads it",
  ignore: !hasPython("mido"),
  fn() {
    const format = { stepsPerQuarter: 4, lowestPitch: 60, pitches: 2, articulation: false };
    for (const cells of [new Uint8Array(64), Uint8Array.from({ length: 64 }, (_, i) => Number(i < 8))]) {
      // 32 sixteenths at 120 quarters a minute: 4 seconds.
      const bytes = writeMidi(rollToScore({ format, steps: 32, cells }, { title: "rest" }));
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      const { stdout, stderr } = python(["-c", MIDO, hex]);
      const [seconds, notes] = new TextDecoder().decode(stdout).trim().split(" ").map(Number);
      assert.ok(Math.abs(seconds! - 4) < 1e-6, new TextDecoder().decode(stderr));
      assert.equal(notes, cells.includes(1) ? 2 : 0);
      assert.equal(read(bytes).notes.length, notes);
    }
  },
});
