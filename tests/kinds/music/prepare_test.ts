import type { MusicInfo } from "../../../pipeline/kinds/music/music.ts";
import assert from "node:assert/strict";
import { formatUserError, UserError } from "../../../pipeline/base/errors.ts";
import type { Contents } from "../../../pipeline/artifacts/source_json.ts";
import { type MusicSlice, prepare } from "../../../pipeline/kinds/music/prepare.ts";
import { preparing } from "../preparing.ts";
import { midi } from "./midi_bytes.ts";

/** A scale of quarter notes, 96 ticks each, from a pitch on. */
function scale(notes: number, from = 60, channel = 0): number[] {
  return Array.from({ length: notes }, (_, i) => {
    const pitch = from + i % 12;
    return [0, 0x90 | channel, pitch, 80, 96, 0x80 | channel, pitch, 0];
  }).flat();
}

const GOOD = midi([scale(24)]);
const FILES: Readonly<Record<string, Uint8Array>> = {
  "jazz/a.mid": GOOD,
  "jazz/2004/b.mid": midi([[...scale(24), 0, 0xb0, 64, 127, 0, 0x90, 20, 80, 96, 20, 0, 0, 0x90, 61, 80]]),
  "jazz/cut.mid": GOOD.slice(0, -4),
  "jazz/short.mid": midi([scale(3)]),
  "rock/drums.mid": midi([scale(24, 36, 9)]),
  "rock/empty.mid": midi([[]]),
  "rock/hanging.mid": midi([[0, 0x90, 60, 80]]),
  "rock/low.mid": midi([scale(24, 1)]),
  "rock/page.mid": new TextEncoder().encode("<html>"),
  "soul/c.mid": midi([[...scale(24), 0, 0xb0, 7, 200]]),
  "soul/d.mid": midi([[0, 0xb0, 7, 255, ...scale(24), ...scale(5, 40, 9)]]),
};
function fileOf(name: string) {
  return { name, bytes: 0, sha256: "" };
}

const SOURCE: Contents = {
  files: Object.keys(FILES).map(fileOf),
  leftOut: [{ name: "soul/secret.mid", reason: "this user may not read it" }],
  passedOver: [{ reason: "it is a folder without MIDI files", count: 2, example: "scans" }],
};

function slice(brokenFiles: MusicSlice["brokenFiles"], representation: object = {}): MusicSlice {
  return {
    dataset: "midi",
    title: "MIDI files",
    seed: 1,
    brokenFiles,
    representation: {
      stepsPerQuarter: 1,
      lowestPitch: 48,
      pitches: 36,
      articulation: true,
      drums: false,
      minimumVelocity: 1,
      ...representation,
    },
    windows: { length: 4, hop: 4, transpositions: [0] },
    split: { method: "stretches", validation: 0, test: 0.2 },
  };
}

const read = (name: string) => Promise.resolve(Uint8Array.from(FILES[name]!));

const REASONS = {
  "soul/secret.mid": "this user may not read it",
  "jazz/cut.mid": "the file is cut off: a track claims 196 bytes, and 192 are there (at byte 18)",
  "jazz/short.mid": "it has 3 steps; with windows of 4 it needs 8",
  "rock/drums.mid": "it has no notes: its 24 notes are drums, which representation.drums keeps",
  "rock/empty.mid": "it has no notes",
  "rock/hanging.mid": "it has no notes: 1 note without an end",
  "rock/low.mid": "none of its 24 notes lies within the pitches 48 to 83",
  "rock/page.mid": "it is a web page (HTML), as a download that failed leaves it (at byte 0)",
};

Deno.test("refuse names every file that cannot be used, whatever the reason, and the way out", async () => {
  await assert.rejects(prepare(slice("refuse"), preparing(SOURCE, read).stage), (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.equal(
      formatUserError(error),
      [
        "Cannot make examples of 8 files of 12",
        ...Object.entries(REASONS).map(([name, reason]) => `  ${name}: ${reason}`),
        "  Mend them or take them out, or go on without them: --set dataset.brokenFiles=skip",
      ].join("\n"),
    );
    return true;
  });
});

Deno.test("skip goes on without them, whatever the reason, and dataset.json and the terminal tell of each", async () => {
  const { stage, made } = preparing(SOURCE, read);
  const { about, notices } = await prepare(slice("skip"), stage);
  assert.deepEqual(about.classes, ["jazz", "soul"], "a class is the first folder of a name, and has pieces");
  assert.deepEqual((about.music as MusicInfo).pieces.map(({ name, label }) => [name, label]), [
    ["jazz/a.mid", 0],
    ["jazz/2004/b.mid", 0],
    ["soul/c.mid", 1],
    ["soul/d.mid", 1],
  ]);
  assert.ok(made.train!.labels.length > 0);
  assert.deepEqual(about.leftOut, Object.entries(REASONS).map(([name, reason]) => ({ name, reason })));
  assert.deepEqual(about.passedOver, SOURCE.passedOver);
  assert.deepEqual(notices, [
    "Skipped: 8 files, soul/secret.mid (this user may not read it), jazz/cut.mid " +
    "(the file is cut off: a track claims 196 bytes, and 192 are there (at byte 18)), jazz/short.mid " +
    "(it has 3 steps; with windows of 4 it needs 8); dataset.json names all",
    "Passed over: scans and 1 more (it is a folder without MIDI files)",
    "Odd but read: a data byte is over 127 (2 files, such as soul/c.mid)",
    "Notes that start and never end, left out: 1, in jazz/2004/b.mid",
    "Notes outside the pitches 48 to 83, left out: 1, in jazz/2004/b.mid",
    "Notes of drums, left out (representation.drums keeps them): 5, in soul/d.mid",
    "Presses of the sustain pedal, which is not applied: 1, in jazz/2004/b.mid",
  ]);
  const { notesWithoutEnd, notesOutOfRange, pedalPresses } = (about.music as MusicInfo).pieces[1]!;
  assert.deepEqual([notesWithoutEnd, notesOutOfRange, pedalPresses], [1, 1, 1]);
});

Deno.test("where no file can be used, skip does not help", async () => {
  const source = { files: [fileOf("rock/drums.mid")] };
  await assert.rejects(prepare(slice("skip"), preparing(source, read).stage), {
    message: "Cannot make examples of 1 file of 1",
    notes: [`rock/drums.mid: ${REASONS["rock/drums.mid"]}`, "Not one file is left."],
  });
  const { about } = await prepare(
    slice("refuse", { drums: true, lowestPitch: 36 }),
    preparing(source, read).stage,
  );
  assert.equal((about.music as MusicInfo).pieces[0]!.notes, 24);
});

Deno.test("where all is well nothing is told", async () => {
  const { about, notices } = await prepare(
    slice("refuse"),
    preparing({ files: [fileOf("jazz/a.mid")] }, read).stage,
  );
  assert.deepEqual(notices, []);
  assert.ok(!("leftOut" in about) && !("passedOver" in about));
});

Deno.test("windows are made one at a time, and none where training could not hold them all", async () => {
  const source = { files: [fileOf("jazz/a.mid"), fileOf("soul/c.mid")] };
  const { stage, made } = preparing(source, read);
  await prepare(slice("refuse"), stage);
  const windows = made.train!.values.concat(made.test!.values);
  assert.ok(windows.every(({ length }) => length === 4 * 72), "an example in each call");
  const other = preparing(source, read);
  const needed = windows.length * 4 * 72;
  await prepare(slice("refuse"), { ...other.stage, memoryBytes: 2 * needed });
  const small = preparing(source, read);
  await assert.rejects(prepare(slice("refuse"), { ...small.stage, memoryBytes: 2 * needed - 1 }), {
    name: "UserError",
    message: /Cannot hold the examples: they take .*, and this machine has /,
    notes: [
      `These are ${windows.length} windows. Cut fewer in dataset.windows, or move them by fewer transpositions.`,
    ],
  });
  assert.deepEqual(small.made, {});
});
