import { createHash } from "node:crypto";
import { randomStream } from "../../../pipeline/base/random.ts";
import type { Score } from "../../../pipeline/kinds/music/midi.ts";
import { midi, rows, text } from "./midi_bytes.ts";

/** A format 1 file with a conductor's track, running status, both kinds of note-off, drums, a pedal, an exclusive. */
const SEVERAL_TRACKS = midi([
  [0, 0xff, 3, 5, ...text("Piece"), 0, 0xff, 0x51, 3, 7, 0xa1, 0x20, 0, 0xff, 0x58, 4, 3, 2, 24, 8],
  [
    0,
    0xff,
    3,
    5,
    ...text("Right"),
    0,
    0xc0,
    6,
    0,
    0xb0,
    64,
    127,
    ...Array.from({ length: 16 }, (_, i) =>
      [
        [i === 0 ? 0 : 24, 0x90, 60 + i, 90, 72, 60 + i, 0],
        [0, 0xf0, 3, 0x7e, 9, 0xf7, 12, 0x90, 62 + i, 80, 0x81, 0x10, 0x80, 62 + i, 64],
      ][i % 2]!).flat(),
  ],
  [
    0,
    0xff,
    0x59,
    2,
    0xfd,
    1,
    ...Array.from({ length: 12 }, (_, i) => [
      ...[i % 3 === 0 ? 96 : 0, 0x91, 36 + i, 70, 0, 40 + i, 70],
      ...[48, 0x81, 36 + i, 0, 0, 40 + i, 0, 0, 0x99, 35, 100, 24, 35, 0],
    ]).flat(),
  ],
]);
const ONE_TRACK = midi([
  Array.from({ length: 40 }, (_, i) => [0, 0x90, 48 + i, 80, 0x83, 0x60, 0x80, 48 + i, 0]).flat(),
]);

/** 1,200 copies with one to three bytes changed, cut off, put in or taken out; half of them near the start. */
export function mutants(): Uint8Array[] {
  const random = randomStream(1, "midi mutants");
  return Array.from({ length: 1200 }, (_, i) => {
    let copy = (i % 2 === 0 ? SEVERAL_TRACKS : ONE_TRACK).slice();
    const changes = 1 + random.integer(3);
    for (let j = 0; j < changes; j++) {
      const at = random.integer(random.integer(2) ? Math.min(60, copy.length) : copy.length);
      const kind = random.integer(5);
      if (kind <= 1) copy[at] = random.integer(256);
      if (kind === 2) copy[at]! ^= 1 << random.integer(8);
      if (kind === 3) copy = copy.slice(0, copy.length - random.integer(12));
      if (kind === 4) {
        const put = random.integer(2) ? [random.integer(256)] : [];
        copy = Uint8Array.from([...copy.slice(0, at), ...put, ...copy.slice(put.length === 0 ? at + 1 : at)]);
      }
    }
    return copy;
  });
}

/**
 * First 8 hex digits of the SHA-256 over the lines "onset pitch duration velocity\n", sorted as numbers.
 * `mutants_reference.json` has them as mido 1.3.3 (Python, `clip=True`) reads the mutants up to the end of each
 * track, paired first in, first out in each track, channel and pitch; null where mido reads none.
 */
export function digestOfNotes({ notes }: Score): string {
  const lines = rows(notes)
    .sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]! || a[3]! - b[3]!)
    .map((row) => row.join(" ") + "\n");
  return createHash("sha256").update(lines.join("")).digest("hex").slice(0, 8);
}
