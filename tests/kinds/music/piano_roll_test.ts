import assert from "node:assert/strict";
import tonejsMidi from "@tonejs/midi";
import fc from "fast-check";
import { type Note, parseMidi, type Score, writeMidi } from "../../../pipeline/kinds/music/midi.ts";
import {
  metreNamed,
  metresOnGrid,
  nearestStep,
  notesOutOfRange,
  onGrid,
  rollCells,
  rollToScore,
  scoreToGrid,
  scoreToRoll,
  stepsPerBar,
  voicesToScore,
} from "../../../pipeline/kinds/music/piano_roll.ts";
import {
  columnsOf,
  PAPER_FORMAT,
  type PianoRoll,
  type RollFormat,
  rollNotes,
} from "../../../pipeline/formats/piano_roll.ts";
import { voicesOfNotes } from "../../../pipeline/formats/voices.ts";
import { musicFiles } from "./music_files.ts";

const files = await musicFiles();
const ALL_PITCHES: RollFormat = { stepsPerQuarter: 4, lowestPitch: 0, pitches: 128, articulation: true };

function scoreOf(
  notes: readonly (readonly [pitch: number, onset: number, duration: number, velocity?: number])[],
): Score {
  return {
    title: "test",
    ticksPerQuarter: 480,
    notes: notes.map(([pitch, onset, duration, velocity = 80]): Note => ({
      pitch,
      onset,
      duration,
      velocity,
      track: 0,
    })),
    tempi: [{ tick: 0, microsecondsPerQuarter: 500_000 }],
    metres: [{ tick: 0, numerator: 4, denominator: 4 }],
    keys: [],
    tracks: [{ name: "Piano", channel: 0, program: 0 }],
  };
}

/** A roll as text: one line for each step, "x" struck, "-" held, "." silent, for the pitches that are given. */
function drawn({ format, steps, cells }: PianoRoll, ...pitches: number[]): string[] {
  const columns = columnsOf(format);
  return Array.from({ length: steps }, (_, step) =>
    pitches.map((pitch) => {
      const column = pitch - format.lowestPitch;
      const play = cells[step * columns + column];
      return cells[step * columns + format.pitches + column] ? (play ? "x" : "!") : play ? "-" : ".";
    }).join(""));
}

Deno.test("the paper's format has 156 columns: play of pitches 24 to 101, then articulate", () => {
  assert.equal(columnsOf(PAPER_FORMAT), 156);
  const { steps, cells } = scoreToRoll(scoreOf([[24, 0, 240], [101, 120, 120]]), PAPER_FORMAT);
  assert.equal(steps, 2);
  const on = [...cells.keys()].filter((i) => cells[i]).map((i) => [Math.floor(i / 156), i % 156]);
  assert.deepEqual(on, [[0, 0], [0, 78], [1, 0], [1, 77], [1, 155]]);
});

Deno.test("a tick goes to the nearest step, and halfway to the later one", () => {
  assert.deepEqual([0, 59, 60, 61, 119, 120, 179, 180].map((tick) => nearestStep(tick, 480, 4)), [
    0,
    0,
    1,
    1,
    1,
    1,
    1,
    2,
  ]);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e7 }),
      fc.integer({ min: 1, max: 32767 }),
      fc.integer({ min: 1, max: 48 }),
      (tick, ticksPerQuarter, stepsPerQuarter) => {
        const step = BigInt(nearestStep(tick, ticksPerQuarter, stepsPerQuarter));
        // |tick/ticksPerQuarter*stepsPerQuarter - step| <= 1/2, in whole numbers
        const twice = 2n * (BigInt(tick) * BigInt(stepsPerQuarter) - step * BigInt(ticksPerQuarter));
        assert.ok(twice >= -BigInt(ticksPerQuarter) && twice < BigInt(ticksPerQuarter));
      },
    ),
    { seed: 1 },
  );
});

Deno.test("a note shorter than a step lasts one step, and so does one without length", () => {
  const roll = scoreToRoll(scoreOf([[60, 120, 0], [62, 250, 10]]), PAPER_FORMAT);
  assert.deepEqual(drawn(roll, 60, 62), ["..", "x.", ".x"]);
});

Deno.test("notes of one pitch that overlap share cells, and the later one is struck within the earlier", () => {
  const roll = scoreToRoll(scoreOf([[60, 0, 480], [60, 240, 120]]), PAPER_FORMAT);
  assert.deepEqual(drawn(roll, 60), ["x", "-", "x", "-"]);
  assert.deepEqual(rollNotes(roll), [{ pitch: 60, onset: 0, end: 2 }, { pitch: 60, onset: 2, end: 4 }]);
});

Deno.test("as many long notes at one pitch as a file may hold are laid down", () => {
  const crowd = Array.from({ length: 30_000 }, (_, i) => [60, i, 20_000_000] as const);
  const roll = scoreToRoll(scoreOf(crowd), PAPER_FORMAT);
  assert.equal(roll.steps, Math.round(20_029_999 / 120));
  assert.equal(rollNotes(roll).length, Math.round(29_999 / 120) + 1);
});

Deno.test("a note that is repeated at once is struck anew; without articulation it is one long note", () => {
  const score = scoreOf([[60, 0, 120], [60, 120, 120]]);
  assert.equal(rollNotes(scoreToRoll(score, PAPER_FORMAT)).length, 2);
  const playOnly = scoreToRoll(score, { ...PAPER_FORMAT, articulation: false });
  assert.equal(playOnly.cells.length, 2 * 78);
  assert.deepEqual(rollNotes(playOnly), [{ pitch: 60, onset: 0, end: 2 }]);
});

Deno.test("quiet notes and notes out of range are left out, and the length stays", () => {
  const score = scoreOf([[60, 0, 120, 9], [61, 0, 120, 10], [102, 480, 480], [23, 0, 120]]);
  const roll = scoreToRoll(score, PAPER_FORMAT, { minimumVelocity: 10 });
  assert.deepEqual(rollNotes(roll), [{ pitch: 61, onset: 0, end: 1 }]);
  assert.equal(roll.steps, 8);
  assert.equal(notesOutOfRange(score, PAPER_FORMAT), 2);
});

Deno.test("transposition moves every note, also into the range and out of it", () => {
  const score = scoreOf([[23, 0, 120], [60, 0, 240], [101, 0, 120]]);
  const roll = scoreToRoll(score, PAPER_FORMAT, { semitones: 1 });
  assert.deepEqual(rollNotes(roll).map(({ pitch }) => pitch), [24, 61]);
  assert.equal(roll.steps, 2);
});

Deno.test("articulate without play means nothing, and play without articulate starts a note", () => {
  const cells = new Uint8Array(3 * 156);
  cells[78 + 5] = 1; // step 0: pitch 29 struck, not playing
  cells[156 + 6] = 1; // steps 1 and 2: pitch 30 playing, never struck
  cells[2 * 156 + 6] = 1;
  assert.deepEqual(rollNotes({ format: PAPER_FORMAT, steps: 3, cells }), [{ pitch: 30, onset: 1, end: 3 }]);
});

Deno.test("bars: 4/4 has 16 sixteenths, 3/8 has 6, 9/8 has 18", () => {
  const bar = (numerator: number, denominator: number) =>
    stepsPerBar({ numerator, denominator }, PAPER_FORMAT);
  assert.deepEqual([bar(4, 4), bar(3, 8), bar(9, 8)], [16, 6, 18]);
});

Deno.test("metres begin on the grid where the file has them; of two on one step the later holds", () => {
  const metre = (tick: number, numerator: number, denominator: number) => ({ tick, numerator, denominator });
  const score = {
    ticksPerQuarter: 96,
    metres: [metre(0, 4, 4), metre(3, 3, 4), metre(960, 6, 8)],
  } as unknown as Score;
  assert.deepEqual(metresOnGrid(score, PAPER_FORMAT), [
    { step: 0, metre: "3/4", stepsPerBar: 12 },
    { step: 40, metre: "6/8", stepsPerBar: 12 },
  ]);
  assert.deepEqual(metreNamed("6/8"), { numerator: 6, denominator: 8 });
});

/** What each cell of the grid must be, from the definition and the notes alone. */
function expectedNotes(score: Score, format: RollFormat): string[] {
  const state = new Map<number, Map<number, boolean>>(); // pitch -> step -> struck
  for (const note of score.notes) {
    const steps = state.get(note.pitch) ?? new Map<number, boolean>();
    state.set(note.pitch, steps);
    const at = (tick: number) => Math.round(tick * format.stepsPerQuarter / score.ticksPerQuarter);
    const onset = at(note.onset);
    const end = Math.max(onset + 1, at(note.onset + note.duration));
    for (let step = onset; step < end; step++) steps.set(step, steps.get(step) || step === onset);
  }
  const notes: string[] = [];
  for (const [pitch, steps] of state) {
    for (const [step, struck] of steps) {
      if (!struck) continue;
      let end = step + 1;
      while (steps.get(end) === false) end++;
      notes.push(`${pitch} ${step} ${end}`);
    }
  }
  return notes.sort();
}

const asText = (roll: PianoRoll) =>
  rollNotes(roll).map(({ pitch, onset, end }) => `${pitch} ${onset} ${end}`).sort();

for (const stepsPerQuarter of [4, 12]) {
  Deno.test(`every real file, MIDI -> roll -> MIDI, keeps notes, onsets and durations of the grid (${stepsPerQuarter} steps to a quarter)`, () => {
    const format = { ...ALL_PITCHES, stepsPerQuarter };
    let notes = 0;
    let exact = 0;
    for (const { name, bytes } of files) {
      const { score } = parseMidi(bytes, { file: name });
      const roll = scoreToRoll(score, format);
      assert.deepEqual(asText(roll), expectedNotes(score, format), name);
      const bytesAgain = writeMidi(rollToScore(roll, { title: name }));
      const { score: again } = parseMidi(bytesAgain, { file: name });
      const rollAgain = scoreToRoll(again, format);
      assert.equal(rollAgain.steps, roll.steps, name);
      assert.deepEqual(rollAgain.cells, roll.cells, name);
      assert.deepEqual(asText(rollAgain), expectedNotes(score, format), name);
      // In ticks, too: the file holds the grid's notes and nothing else.
      const ticksPerStep = again.ticksPerQuarter / stepsPerQuarter;
      const inTicks = again.notes.map(({ pitch, onset, duration }) =>
        `${pitch} ${onset / ticksPerStep} ${(onset + duration) / ticksPerStep}`
      );
      assert.deepEqual(inTicks.sort(), asText(roll), name);
      const kept = new Set(asText(roll));
      const wanted = score.notes.map((note) => onGrid(note, score, format));
      notes += wanted.length;
      exact += wanted.filter(({ pitch, onset, end }) => kept.has(`${pitch} ${onset} ${end}`)).length;
    }
    // The rest overlap another note of their pitch on the grid.
    assert.ok(exact / notes > 0.99, `${exact} of ${notes} notes keep both ends`);
  });
}

Deno.test("any roll whose bits agree survives roll -> MIDI -> roll", () => {
  const format: RollFormat = { stepsPerQuarter: 3, lowestPitch: 50, pitches: 4, articulation: true };
  const state = fc.constantFrom(".", "-", "x");
  fc.assert(
    fc.property(
      fc.array(fc.array(state, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 40 }),
      (rows) => {
        const cells = new Uint8Array(rows.length * 8);
        rows.forEach((row, step) =>
          row.forEach((cell, column) => {
            const held = step > 0 && cells[(step - 1) * 8 + column] === 1;
            cells[step * 8 + column] = cell === "." ? 0 : 1;
            cells[step * 8 + 4 + column] = cell === "x" || (cell === "-" && !held) ? 1 : 0;
          })
        );
        const roll = { format, steps: rows.length, cells };
        const { score } = parseMidi(
          writeMidi(rollToScore(roll, { title: "t", microsecondsPerQuarter: 400_000 })),
          { file: "t" },
        );
        const again = scoreToRoll(score, format);
        assert.ok(again.steps <= roll.steps); // silence at the end has no notes to keep it
        assert.deepEqual(again.cells, cells.subarray(0, again.steps * 8));
        assert.ok(cells.subarray(again.steps * 8).every((cell) => cell === 0));
      },
    ),
    { numRuns: 200, seed: 3 },
  );
});

Deno.test("a window of a score is what lies there in the whole roll, in every transposition", () => {
  const notes = fc.array(
    fc.tuple(fc.integer({ min: 50, max: 70 }), fc.nat(4000), fc.nat(3000), fc.integer({ min: 1, max: 127 })),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(fc.property(
    notes,
    fc.boolean(),
    fc.integer({ min: -8, max: 8 }),
    fc.nat(),
    fc.nat(),
    (notes, articulation, semitones, from, length) => {
      const format: RollFormat = { stepsPerQuarter: 4, lowestPitch: 52, pitches: 12, articulation };
      const score = scoreOf(notes.toSorted((a, b) => a[1] - b[1]));
      const { steps, cells } = scoreToRoll(score, format, { minimumVelocity: 40, semitones });
      const start = from % (steps + 1);
      const end = start + length % (steps - start + 1);
      const columns = columnsOf(format);
      assert.deepEqual(
        rollCells(scoreToGrid(score, format, 40), semitones, start, end),
        cells.slice(start * columns, end * columns),
      );
    },
  ));
});

Deno.test("a window past the end of its roll is refused", () => {
  const grid = scoreToGrid(scoreOf([[60, 0, 480]]), PAPER_FORMAT);
  assert.equal(rollCells(grid, 0, 2, 4).length, 2 * 156);
  assert.throws(() => rollCells(grid, 0, 3, 5), {
    name: "RangeError",
    message: /steps 3 to 5 of a roll of 4/,
  });
  assert.throws(() => rollCells(grid, 0, -1, 1), RangeError);
});

Deno.test("voices become a track each, named and sung by a choir, and another reader finds their notes", () => {
  const lines = [
    [{ pitch: 72, onset: 0, end: 4 }, { pitch: 72, onset: 4, end: 8 }],
    [{ pitch: 72, onset: 2, end: 3 }], // a unison: the voices cross no track
    [],
    [{ pitch: 48, onset: 0, end: 2 }, { pitch: 50, onset: 3, end: 8 }],
  ];
  const names = ["soprano", "alto", "tenor", "bass"];
  const score = voicesToScore(voicesOfNotes(lines, 8), names, PAPER_FORMAT, { title: "Sung" });
  const read = new tonejsMidi.Midi(writeMidi(score));
  const step = read.header.ppq / 4;
  const sung = read.tracks.filter(({ notes }) => notes.length > 0);
  assert.deepEqual(sung.map(({ name, instrument: { number } }) => [name, number]), [["Soprano", 52], [
    "Alto",
    52,
  ], ["Bass", 52]]);
  assert.deepEqual(
    sung.map(({ notes }) =>
      notes.map(({ midi, ticks, durationTicks }) => ({
        pitch: midi,
        onset: ticks / step,
        end: (ticks + durationTicks) / step,
      }))
    ),
    [lines[0], lines[1], lines[3]],
  );
});
