import assert from "node:assert/strict";
import { UserError } from "../../../../pipeline/base/errors.ts";
import { keyName } from "../../../../pipeline/formats/keys.ts";
import { REST } from "../../../../pipeline/formats/voices.ts";
import { symbolsOf, type VoiceFormat, voicesOfSymbols } from "../../../../pipeline/formats/voice_symbols.ts";
import { type ChoraleSlice, prepare } from "../../../../pipeline/kinds/music/chorales/prepare.ts";
import { decodeWindows, type MusicInfo } from "../../../../pipeline/kinds/music/music.ts";
import { preparing } from "../../preparing.ts";

const VOICES: VoiceFormat = { names: ["high", "low"], lowestPitch: 48, pitches: 24 };
const FORMAT = { stepsPerQuarter: 1, lowestPitch: 48, pitches: 24, articulation: true };

/** In each part a piece in C major and one in C minor; a voice that rests, and a short piece. */
const PIECES = {
  train: [
    [[64, 48], [67, 48], [71, 55], [67, 55], [60, 48]],
    [[67, REST], [63, 48], [60, 48], [67, 48]],
  ],
  valid: [[[64, 48], [67, 48]]],
  test: [[[63, 48], [67, 48], [60, 48], [63, 48], [60, 48], [67, 55]]],
};

const SLICE: ChoraleSlice = {
  dataset: "jsb-chorales",
  title: "Chorales",
  seed: 0,
  file: "pieces.json",
  format: FORMAT,
  isByVoice: true,
  voices: VOICES,
  windows: { length: 4, hop: 1 },
  transpositions: [-1, 0, 1, 2],
};

async function prepared(slice: Partial<ChoraleSlice> = {}, content: unknown = PIECES) {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const { stage, made } = preparing({ files: [] }, () => Promise.resolve(new TextEncoder().encode(text)));
  const { about, texts } = await prepare({ ...SLICE, ...slice }, stage);
  return { made, about, windows: decodeWindows(texts["windows.csv"]!), music: about.music as MusicInfo };
}

Deno.test("the parts are those of the file, so whole pieces are held out, and labels are the modes of their keys", async () => {
  const { about, made, windows, music } = await prepared({ transpositions: [0] });
  assert.deepEqual(music.pieces.map(({ name, key, steps }) => [name, keyName(key!), steps]), [
    ["major/train 1", "C major", 5],
    ["minor/train 2", "C minor", 4],
    ["major/validation 1", "C major", 2],
    ["minor/test 1", "C minor", 6],
  ]);
  assert.deepEqual(about.classes, ["major", "minor"]);
  assert.deepEqual(windows.train.map(({ piece, start }) => [piece, start]), [[0, 0], [0, 1], [1, 0]]);
  assert.deepEqual(windows.test.map(({ piece, start }) => [piece, start]), [[3, 0], [3, 1], [3, 2]]);
  assert.deepEqual(made.train!.labels, [0, 0, 1]);
  assert.deepEqual(about.shape, [4, 2, symbolsOf(VOICES)]);
});

Deno.test("the windows of a piece reach its end: with a hop of their length they are all of it, each step once", async () => {
  const { windows, made } = await prepared({ windows: { length: 4, hop: 4 }, transpositions: [0] });
  assert.deepEqual(windows.test.map(({ start }) => start), [0, 4]);
  const symbols = 2 * symbolsOf(VOICES);
  const sung = (made.test!.values as Uint8Array[]).map((values) =>
    values.reduce((sum, value) => sum + value, 0)
  );
  assert.deepEqual(sung, [8, 4]);
  assert.ok((made.test!.values[1] as Uint8Array).subarray(2 * symbols).every((value) => value === 0));
  const apart = await prepared({ windows: { length: 2, hop: 3 } });
  assert.deepEqual(apart.windows.test.map(({ start }) => start), [0, 3]);
});

Deno.test("training pieces are moved as far as each voice of the training part goes, and others stay", async () => {
  const { windows, music } = await prepared();
  // Voices go from 60 to 71 and from 48 to 55: the first piece has both ends of both, the second has room above.
  const moves = (piece: number) =>
    windows.train.filter((window) => window.piece === piece).map(({ semitones }) => semitones);
  assert.deepEqual(new Set(moves(0)), new Set([0]));
  assert.deepEqual(moves(1), [0, 1, 2]);
  assert.deepEqual(music.transpositions, [0, 1, 2]);
  assert.deepEqual(
    new Set([...windows.validation, ...windows.test].map(({ semitones }) => semitones)),
    new Set([0]),
  );
});

Deno.test("examples say what is sung, moved by its semitones; a short piece is filled up with what counts nothing", async () => {
  const { made, windows } = await prepared();
  const voices = made.train!.values.map((values) => voicesOfSymbols(values as Uint8Array, VOICES, 4));
  const moved = windows.train.findIndex(({ piece, semitones }) => piece === 1 && semitones === 2);
  assert.deepEqual(Array.from(voices[moved]!.pitches), [69, REST, 65, 50, 62, 50, 69, 50]);
  assert.deepEqual(Array.from(voices[moved]!.onsets), [1, 0, 1, 1, 1, 0, 1, 0]);
  const [short] = made.validation!.values as Uint8Array[];
  const symbols = 2 * symbolsOf(VOICES);
  assert.equal(short!.subarray(0, 2 * symbols).reduce((sum, value) => sum + value, 0), 4);
  assert.ok(short!.subarray(2 * symbols).every((value) => value === 0));
});

Deno.test("as a roll an example says which pitches sound, whoever sings them", async () => {
  const { voices: _, ...roll } = SLICE;
  const { stage, made } = preparing(
    { files: [] },
    () => Promise.resolve(new TextEncoder().encode(JSON.stringify(PIECES))),
  );
  const { about } = await prepare({
    ...roll,
    format: { ...FORMAT, articulation: false },
    transpositions: [0],
  }, stage);
  assert.deepEqual(about.shape, [4, 24]);
  const [first] = made.train!.values as Uint8Array[];
  const sounding = Array.from(
    { length: 4 },
    (_, step) =>
      Array.from(first!.subarray(step * 24, (step + 1) * 24)).flatMap((cell, pitch) =>
        cell ? [48 + pitch] : []
      ),
  );
  assert.deepEqual(sounding, [[48, 64], [48, 67], [55, 71], [55, 67]]);
});

Deno.test("chords are their pitches from the highest on, each anew at each step, and rests where they have fewer", async () => {
  const chords = { names: ["first", "second", "third", "fourth"], lowestPitch: 48, pitches: 24 };
  const content = { ...PIECES, test: [[[48, 60, 64], [71], [], [48, 60, 60]]] };
  const { made, music } = await prepared(
    { isByVoice: false, voices: chords, transpositions: [0, 1] },
    content,
  );
  const [window] = made.test!.values as Uint8Array[];
  const { pitches, onsets } = voicesOfSymbols(window!, chords, 4);
  const rest = [REST, REST, REST, REST];
  assert.deepEqual(Array.from(pitches), [
    64,
    60,
    48,
    REST,
    71,
    REST,
    REST,
    REST,
    ...rest,
    60,
    48,
    REST,
    REST,
  ]);
  assert.deepEqual(Array.from(onsets), [1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0]);
  // All pitches have one range: the second piece has room above, and the first none.
  assert.deepEqual(music.transpositions, [0, 1]);
});

Deno.test("a file that holds something else is refused by its name, with what is missing", async () => {
  const refused = async (content: unknown, message: RegExp) =>
    await assert.rejects(
      prepared({}, content),
      (error: unknown) => error instanceof UserError && message.test(error.message),
    );
  await refused("<html>", /pieces\.json: it is no JSON/);
  await refused([], /"train" is no list/);
  await refused({ ...PIECES, valid: [[[60, "61"]]] }, /"valid" is no list/);
  await refused({ ...PIECES, test: [[[60, 128]]] }, /"test" is no list/);
  await refused({ ...PIECES, test: [[[60, 61, 62, 63, 64]]] }, /at most 4 pitches/);
});
