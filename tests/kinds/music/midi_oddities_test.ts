import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { FormatError } from "../../../pipeline/formats/format_error.ts";
import { parseMidi } from "../../../pipeline/kinds/music/midi.ts";
import { midi, read, readWithRemarks, rows, text } from "./midi_bytes.ts";
import { digestOfNotes } from "./mutants.ts";

const NOTE = [0, 0x90, 60, 1, 7, 60, 0];
const PLAIN = midi([NOTE]);

/** The bytes with others in their place. */
function changed(bytes: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
}

function around(bytes: Uint8Array, at: number, ...put: number[]): Uint8Array {
  return Uint8Array.from([...bytes.slice(0, at), ...put, ...bytes.slice(at)]);
}

Deno.test("passes over chunks of other types, bytes after an end of track and after the last track", () => {
  const plain = midi([[0, 0x90, 60, 1, 7, 60, 0]]);
  const alien = [...text("XFIH"), 0, 0, 0, 3, 1, 2, 3];
  const bytes = Uint8Array.from([...plain.slice(0, 14), ...alien, ...plain.slice(14), 0, 0, 9, 9, 9, 9]);
  bytes[14 + alien.length + 7]! += 4;
  assert.deepEqual(read(bytes), read(plain));
});

Deno.test("what has all its notes is read as if nothing were odd, and what was odd is said", () => {
  const two = midi([NOTE, [0, 0x91, 64, 1, 9, 64, 0]]);
  const withEvent = (...event: number[]) => midi([[...event, ...NOTE]]);
  const cases: [string, Uint8Array, Uint8Array][] = [
    ["the header is longer than 6 bytes", changed(around(PLAIN, 14, 1, 2), 7, 8), PLAIN],
    ["the header states another number of tracks", changed(PLAIN, 11, 3), PLAIN],
    ["the header states another number of tracks", changed(PLAIN, 11, 0), PLAIN],
    ["the header states another number of tracks", changed(two, 11, 1), two],
    ["format 0 with several tracks", changed(two, 9, 0), two],
    ["a track has no end-of-track event", changed(PLAIN.slice(0, -4), 21, NOTE.length), PLAIN],
    ["the length of a track is wrong", changed(PLAIN, 21, NOTE.length + 4 + 9), PLAIN],
    ["the length of a track is wrong", changed(PLAIN, 21, NOTE.length + 4 - 3), PLAIN],
    ["the length of a track is wrong", changed(two, 21, NOTE.length + 4 + 5), two],
    ["the length of a track is wrong", changed(two, 21, NOTE.length + 4 - 5), two],
    ["data after the end of a track are passed over", Uint8Array.from([...PLAIN, 0, 0]), PLAIN],
    ["data after the end of a track are passed over", around(two, 14 + 8 + NOTE.length + 4, 0), two],
    ["a data byte is over 127", withEvent(0, 0xb0, 7, 255), PLAIN],
    ["a data byte is over 127", withEvent(0, 0xe0, 200, 64), PLAIN],
    ["a system message stands in a track", withEvent(0, 0xf8, 0, 0xfe, 0, 0xf2, 1, 2), PLAIN],
    ["a sequence number has the wrong length, and is passed over", withEvent(0, 0xff, 0, 0), PLAIN],
    ["a time signature has the wrong length, and is passed over", withEvent(0, 0xff, 0x58, 2, 3, 2), PLAIN],
    ["a time signature is impossible, and is passed over", withEvent(0, 0xff, 0x58, 4, 0, 2, 24, 8), PLAIN],
    ["a key signature is impossible, and is passed over", withEvent(0, 0xff, 0x59, 2, 0xee, 1), PLAIN],
    ["a tempo has the wrong length, and is passed over", withEvent(0, 0xff, 0x51, 2, 1, 1), PLAIN],
    ["a tempo is impossible, and is passed over", withEvent(0, 0xff, 0x51, 3, 0, 0, 0), PLAIN],
  ];
  for (const [oddity, odd, plain] of cases) {
    const { score, remarks } = readWithRemarks(odd);
    assert.deepEqual(score, read(plain), oddity);
    assert.ok(remarks.oddities.includes(oddity), `${oddity}: ${remarks.oddities}`);
  }
  assert.deepEqual(readWithRemarks(PLAIN).remarks.oddities, []);
});

Deno.test("a velocity over 127 is 127", () => {
  assert.deepEqual(rows(read(midi([[0, 0x90, 60, 200, 7, 60, 0]])).notes), [[0, 60, 7, 127]]);
});

Deno.test("counts notes without an end, drums that are left out, and presses of the pedal", () => {
  const drum = [0, 0x99, 36, 90, 5, 36, 0, 0, 36, 90];
  const pedal = [0, 0xb0, 64, 127, 0, 64, 100, 0, 64, 0, 0, 64, 64];
  const bytes = midi([[...NOTE, 0, 72, 80, 0, 72, 80, 5, 72, 0, ...drum, ...pedal]]);
  const none = { oddities: [], pedalPresses: 2 };
  assert.deepEqual(readWithRemarks(bytes).remarks, { ...none, notesWithoutEnd: 1, drumNotes: 1 });
  assert.deepEqual(readWithRemarks(bytes, true).remarks, { ...none, notesWithoutEnd: 2, drumNotes: 0 });
});

Deno.test("the MIDI file within a RIFF file is read, whatever chunks stand around it", () => {
  const little = (value: number) => [value & 255, value >> 8, 0, 0];
  const riff = (...chunks: [string, number[]][]) => {
    const body = chunks.flatMap(([type, data]) => [
      ...[...text(type), ...little(data.length), ...data],
      ...(data.length % 2 === 1 ? [0] : []),
    ]);
    return Uint8Array.from([...text("RIFF"), ...little(body.length + 4), ...text("RMID"), ...body]);
  };
  assert.deepEqual(read(riff(["data", [...PLAIN]])), read(PLAIN));
  assert.deepEqual(read(riff(["DISP", [1, 2, 3]], ["data", [...PLAIN]], ["LIST", [9]])), read(PLAIN));
  assert.throws(() => read(riff(["LIST", [1, 2]])), /it is a RIFF file of type RMID without a data chunk/);
  assert.throws(() => read(riff(["data", [...PLAIN.slice(0, -4)]])), /the file is cut off/);
});

Deno.test("what is no MIDI file is named for what it is", () => {
  const cases: [string | Uint8Array, RegExp][] = [
    ["", /the file is empty/],
    [gzipSync(PLAIN), /it is packed with gzip: unpack it first/],
    ["PK\x03\x04", /it is a ZIP archive: unpack it first/],
    ["version https://git-lfs.github.com/spec/v1\noid sha256:0", /it is a Git LFS pointer, .*git lfs pull/],
    ["\n<!DOCTYPE html><title>404</title>", /it is a web page \(HTML\)/],
    ["<html>", /it is a web page \(HTML\)/],
    ['<?xml version="1.0"?><score-partwise/>', /it is XML; of scores only MIDI files are read/],
    ["RIFF\x00\x00\x00\x00WAVEfmt ", /it is a recording of sound/],
    ["ID3\x04", /it is a recording of sound/],
    ["X: 1\nT: Speed the Plough\n", /a MIDI file starts with the 14 bytes of an "MThd" chunk/],
  ];
  for (const [content, message] of cases) {
    const bytes = typeof content === "string" ? Uint8Array.from(text(content)) : content;
    assert.throws(() => read(bytes), (error) => error instanceof FormatError && message.test(error.message));
  }
});

Deno.test("titles are read in UTF-8, Windows-1252 or Shift_JIS, without control characters", () => {
  const title = (...bytes: number[]) => read(midi([[0, 0xff, 3, bytes.length, ...bytes, ...NOTE]])).title;
  assert.equal(title(...new TextEncoder().encode("Für Elise – 悲愴")), "Für Elise – 悲愴");
  assert.equal(title(...text("Pr\xe9lude, Bach\x92s")), "Prélude, Bach’s");
  assert.equal(title(0x82, 0xb3, 0x82, 0xad, 0x82, 0xe7), "さくら");
  assert.equal(title(...text("a\0b\x07\x1b[31mred\x9b\n")), "ab[31mred›");
});

const ODD_MIDI = new URL("../../../../shared/data/odd-midi/", import.meta.url);
const isThere = (() => {
  try {
    return Deno.statSync(ODD_MIDI).isDirectory;
  } catch {
    return false;
  }
})();

/**
 * File, notes, digest of the notes. All but `10-`, `38-` and `46-` are variations of `00-good`, and have its notes;
 * so mido 1.3.3 reads those that it reads (`00`, `04`, `06`, `13`, `18`, `23`, `31`, `32`, `38`, `46`, `50`, `52`, `68`).
 */
const GOOD = "1586d446";
const READ: readonly (readonly [file: string, notes: number, digest: string, oddities: readonly string[]])[] =
  [
    ["00-good.mid", 64, GOOD, []],
    ["01-key-18-flats.mid", 64, GOOD, ["a key signature is impossible, and is passed over"]],
    ["04-cc-volume-255.mid", 64, GOOD, ["a data byte is over 127"]],
    ["06-no-end-of-track.mid", 64, GOOD, ["a track has no end-of-track event"]],
    ["07-length-too-long.mid", 64, GOOD, ["the length of a track is wrong"]],
    ["10-header-claims-more-tracks.mid", 192, "d74739ed", ["the header states another number of tracks"]],
    ["13-format0-two-tracks.mid", 64, GOOD, ["format 0 with several tracks"]],
    ["16-riff-rmid.mid", 64, GOOD, []],
    ["17-riff-rmid.rmi", 64, GOOD, []],
    ["18-karaoke.kar", 64, GOOD, []],
    ["23-seqnum-length-0.mid", 64, GOOD, ["a sequence number has the wrong length, and is passed over"]],
    ["28-timesig-length-2.mid", 64, GOOD, ["a time signature has the wrong length, and is passed over"]],
    ["31-hanging-note.mid", 64, GOOD, []],
    ["32-all-hanging.mid", 0, "e3b0c442", []],
    ["38-only-drums.mid", 64, "5b95d4b8", []],
    ["46-pickup.mid", 65, "ec54fd95", []],
    ["50-title-shiftjis.mid", 64, GOOD, []],
    ["52-title-nul-controls.mid", 64, GOOD, []],
    ["68-short-1-bar.mid", 4, "d66d7eaa", []],
  ];
const REFUSED: readonly (readonly [file: string, message: RegExp])[] = [
  ["62-git-lfs-pointer.mid", /it is a Git LFS pointer/],
  ["63-gzipped.mid", /it is packed with gzip/],
  [
    "75-chunk-type-escape.mid",
    /^[^\p{Cc}]*chunk "\\x1b\[2J" claims 2147483647 bytes, and 21 are left[^\p{Cc}]*$/u,
  ],
];

Deno.test({
  name: "files as real programs write them: all notes are there, or the file is refused for what it is",
  ignore: !isThere,
  fn() {
    const bytesOf = (file: string) => Deno.readFileSync(new URL(file, ODD_MIDI));
    for (const [file, notes, digest, oddities] of READ) {
      const { score, remarks } = parseMidi(bytesOf(file), { file, drums: true });
      assert.equal(score.notes.length, notes, file);
      assert.equal(digestOfNotes(score), digest, file);
      assert.deepEqual(remarks.oddities, oddities, file);
    }
    for (const [file, message] of REFUSED) {
      assert.throws(() => parseMidi(bytesOf(file), { file }), { name: "FormatError", message });
    }
  },
});
