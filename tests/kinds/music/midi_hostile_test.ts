import assert from "node:assert/strict";
import fc from "fast-check";
import { FormatError } from "../../../pipeline/formats/format_error.ts";
import { randomStream } from "../../../pipeline/base/random.ts";
import { lengthInTicks, meanTempo, secondsAt, writeMidi } from "../../../pipeline/kinds/music/midi.ts";
import { MIDI_LIMITS } from "../../../pipeline/kinds/music/midi_events.ts";
import { midi, read, readWithRemarks } from "./midi_bytes.ts";
import { digestOfNotes, mutants } from "./mutants.ts";
import mutantReference from "./mutants_reference.json" with { type: "json" };
import { musicFiles } from "./music_files.ts";

const files = await musicFiles();

function fails(bytes: Uint8Array, message: RegExp): void {
  assert.throws(() => read(bytes), (error) => error instanceof FormatError && message.test(error.message));
}

Deno.test("names the file, the byte and the problem of a broken file", () => {
  const note = [0, 0x90, 60, 1, 7, 60, 0];
  const good = midi([note]);
  const changed = (at: number, ...values: number[]) => {
    const copy = good.slice();
    copy.set(values, at);
    return copy;
  };
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(), /^Cannot read test.mid: the file is empty \(at byte 0\)$/],
    [good.slice(0, 13), /a MIDI file starts with the 14 bytes of an "MThd" chunk \(at byte 0\)/],
    [changed(7, 5), /the header claims 5 bytes; it has 6 \(at byte 4\)/],
    [changed(9, 2), /format 2 is not read; formats 0 and 1 are \(at byte 8\)/],
    [changed(12, 0xe8, 0x28), /time is counted in film frames.* \(at byte 12\)/],
    [changed(12, 0, 0), /a quarter note has no ticks \(at byte 12\)/],
    [good.slice(0, 14), /the file has no track \(at byte 14\)/],
    [good.slice(0, 20), /what stands here is no track, and only 0 of 1 tracks are there \(at byte 14\)/],
    [changed(14, 0x1b), /what stands here is no track, and only 0 of 1 tracks are there \(at byte 14\)/],
    [
      changed(14, 0x1b, 1, 2, 3, 9),
      /chunk "\\x1b\\x01\\x02\\x03" claims \d+ bytes, and 11 are left \(at byte 22\)/,
    ],
    [good.slice(0, -4), /the file is cut off: a track claims 11 bytes, and 7 are there \(at byte 18\)/],
    [good.slice(0, -6), /the data end within an event \(at byte 27\)/],
    [midi([[0, 60, 1]]), /a data byte stands where the first status byte must \(at byte 23\)/],
    [midi([[0, 0x90, 0x81, 1]]), /0x81 stands where a pitch .* must \(at byte 24\)/],
    [midi([[0, 0xf4]]), /0xf4 is not an event of a MIDI file \(at byte 23\)/],
    [midi([[0x80, 0x80, 0x80, 0x80, 0]]), /a delta time has more than four bytes \(at byte 22\)/],
    [midi([[0, 0xff, 1, 50]]), /a meta event claims 50 bytes, and 4 are left \(at byte 26\)/],
    [midi([[0, 0xf0, 50]]), /a system-exclusive message claims 50 bytes, and 4 are left \(at byte 25\)/],
  ];
  for (const [bytes, message] of cases) fails(bytes, message);
});

Deno.test("one byte too few or too many among the events is refused, or moves notes in time and says so", () => {
  const note = (pitch: number) => [0, 0x90, pitch, 80, 0x83, 0x60, 0x80, pitch, 0];
  const good = midi([Array.from({ length: 24 }, (_, i) => note(48 + i)).flat()]);
  const pitches = (bytes: Uint8Array) => read(bytes).notes.map(({ pitch }) => pitch);
  let refused = 0;
  for (let at = 22; at < good.length - 4; at++) {
    for (const inserted of [[], [0], [64], [0x90]]) {
      const next = inserted.length === 0 ? at + 1 : at;
      const copy = Uint8Array.from([...good.slice(0, at), ...inserted, ...good.slice(next)]);
      try {
        const { score, remarks } = readWithRemarks(copy);
        assert.deepEqual(score.notes.map(({ pitch }) => pitch), pitches(good), `byte ${at}`);
        assert.deepEqual(remarks.oddities, ["the length of a track is wrong"], `byte ${at}`);
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error));
        refused++;
      }
    }
  }
  assert.ok(refused > 600, `${refused} refused`);
});

Deno.test("a track that may be lost is not passed over: the type or the length before it is damaged", () => {
  const track = [0, 0x90, 60, 1, 7, 60, 0];
  const good = midi([track, track, track]);
  const second = 14 + 8 + track.length + 4;
  const type = good.slice();
  type[second + 1] = 0x55;
  fails(type, /what stands here is no track, and only 2 of 3 tracks are there \(at byte 33\)/);
  const shifted = Uint8Array.from([...good.slice(0, second + 2), 0, ...good.slice(second + 2)]);
  fails(shifted, /what stands here is no track, and only 2 of 3 tracks are there \(at byte 33\)/);
});

Deno.test("bounds the length, the notes and the bytes of a file", () => {
  const years = [0xff, 0xff, 0xff, 0x7f, 0x90, 60, 1, 1, 60, 0];
  fails(midi([years], { division: 1 }), /the piece is longer than 50000 quarter notes \(at byte 22\)/);
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

Deno.test("of 1,200 damaged files those that mido reads have the notes that mido reads, or are refused", () => {
  let equal = 0;
  for (const [i, bytes] of mutants().entries()) {
    const expected = mutantReference[i];
    if (expected === null) continue;
    try {
      const { score, remarks } = readWithRemarks(bytes, true);
      // mido goes by the header's number of tracks, Reparam by the tracks that there are.
      if (remarks.oddities.includes("the header states another number of tracks")) continue;
      assert.equal(digestOfNotes(score), expected, `mutant ${i}`);
      equal++;
    } catch (error) {
      assert.ok(error instanceof FormatError, String(error));
    }
  }
  assert.ok(equal > 200, `${equal} equal`);
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
    assert.ok(error instanceof FormatError, String(error));
    assert.match(error.message, /^Cannot read test.mid: [^\p{Cc}]+ \(at byte \d+\)$/u);
    return 1;
  }
  assert.ok(lengthInTicks(score) <= MIDI_LIMITS.quarters * score.ticksPerQuarter);
  for (const { pitch, onset, duration, velocity } of score.notes) {
    assert.ok(pitch >= 0 && pitch < 128 && velocity >= 1 && velocity < 128 && onset >= 0 && duration >= 0);
  }
  assert.ok(Number.isFinite(secondsAt(score, lengthInTicks(score))) && meanTempo(score) > 0);
  return 0;
}
