import { type MidiReading, type Note, parseMidi, type Score } from "../../../pipeline/kinds/music/midi.ts";

/** A file with the given track bodies (each without its end of track). */
export function midi(
  tracks: number[][],
  { format = tracks.length > 1 ? 1 : 0, division = 96 } = {},
): Uint8Array {
  const header = [...text("MThd"), 0, 0, 0, 6, 0, format, 0, tracks.length, division >> 8, division & 255];
  const body = tracks.map((track) => [...track, 0, 0xff, 0x2f, 0]);
  return Uint8Array.from([
    ...header,
    ...body.flatMap((track) => [...text("MTrk"), 0, 0, track.length >> 8, track.length & 255, ...track]),
  ]);
}

export function text(letters: string): number[] {
  return Array.from(letters, (letter) => letter.charCodeAt(0));
}

export function read(bytes: Uint8Array, drums = false): Score {
  return readWithRemarks(bytes, drums).score;
}

export function readWithRemarks(bytes: Uint8Array, drums = false): MidiReading {
  return parseMidi(bytes, { file: "test.mid", drums });
}

/** [onset, pitch, duration, velocity] of each note. */
export function rows(notes: readonly Note[]): number[][] {
  return notes.map(({ onset, pitch, duration, velocity }) => [onset, pitch, duration, velocity]);
}
