import type { MidiCursor } from "./midi_cursor.ts";

/** What lies under the name of a MIDI file and is none, by how it starts. */
const STRANGERS: readonly (readonly [start: RegExp, what: string])[] = [
  // deno-lint-ignore no-control-regex
  [/^\x1f\x8b/, "it is packed with gzip: unpack it first"],
  // deno-lint-ignore no-control-regex
  [/^PK\x03\x04/, "it is a ZIP archive: unpack it first"],
  [/^version https:\/\/git-lfs/, "it is a Git LFS pointer, not the file itself: `git lfs pull` fetches that"],
  [/^\s*<(!doctype html|html)/i, "it is a web page (HTML), as a download that failed leaves it"],
  [/^(\xef\xbb\xbf)?\s*<\?xml/, "it is XML; of scores only MIDI files are read"],
  [/^(RIFF....WAVE|ID3|OggS|fLaC)/s, "it is a recording of sound; only MIDI files are read"],
];

/**
 * Moves the cursor to the Standard MIDI File that a file holds and ends it there: that is the file itself, or the
 * data chunk of a RIFF file of type RMID (MIDI 1.0, RP-029).
 * @throws {FormatError} where the file is something else, and says what
 */
export function openContainer(cursor: MidiCursor): void {
  const { bytes } = cursor;
  if (bytes.length === 0) cursor.fail(0, "the file is empty");
  const start = cursor.textAt(0, 200);
  const [, stranger] = STRANGERS.find(([pattern]) => pattern.test(start)) ?? [];
  if (stranger !== undefined) cursor.fail(0, stranger);
  if (/^RIFF....RMID/s.test(start)) openRiff(cursor);
}

function openRiff(cursor: MidiCursor): void {
  const { bytes } = cursor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 12;
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at + 4, true);
    if (cursor.textAt(at, 4) === "data") {
      cursor.at = at + 8;
      cursor.end = Math.min(bytes.length, at + 8 + length);
      return;
    }
    at += 8 + length + length % 2;
  }
  cursor.fail(12, "it is a RIFF file of type RMID without a data chunk");
}
