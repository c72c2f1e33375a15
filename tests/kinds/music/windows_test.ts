import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../../pipeline/base/errors.ts";
import { parseMidi } from "../../../pipeline/kinds/music/midi.ts";
import { scoreToRoll } from "../../../pipeline/kinds/music/piano_roll.ts";
import { PAPER_FORMAT } from "../../../pipeline/formats/piano_roll.ts";
import {
  leakage,
  type SplitMethod,
  type SplittablePiece,
  splitWindows,
  type Window,
  windowStarts,
} from "../../../pipeline/kinds/music/windows.ts";
import { musicFiles } from "./music_files.ts";

const PAPER = { length: 100, perPiece: 200 };
const METHODS: SplitMethod[] = ["windows", "stretches", "pieces"];

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const key = ({ piece, start, semitones }: Window) => `${piece} ${start} ${semitones}`;

Deno.test("the paper's windows start floor((steps - length) / count) apart, from the start", () => {
  const starts = windowStarts(884, PAPER);
  assert.equal(starts.length, 200);
  assert.deepEqual(starts.slice(0, 3), [0, 3, 6]); // floor(784 / 200) = 3
  assert.deepEqual(windowStarts(103, PAPER), [0, 1, 2, 3]);
  assert.deepEqual(windowStarts(100, PAPER), [0]);
  assert.deepEqual(windowStarts(99, PAPER), []);
});

Deno.test("windows with a hop cover the piece up to its end", () => {
  assert.deepEqual(windowStarts(64, { length: 32, hop: 16 }), [0, 16, 32]);
  assert.deepEqual(windowStarts(63, { length: 32, hop: 16 }), [0, 16]);
});

Deno.test("the paper's split of 8 pieces in 2 classes trains on 1,280 windows and tests on 320, and leaks", () => {
  const pieces = Array.from(
    { length: 8 },
    (_, i): SplittablePiece => ({ name: `p${i}`, label: i % 2, steps: 900 + 100 * i }),
  );
  const { train, validation, test } = splitWindows(pieces, PAPER, {
    method: "windows",
    validation: 0,
    test: 0.2,
    seed: 1,
  });
  assert.deepEqual([train.length, validation.length, test.length], [1280, 0, 320]);
  for (const label of [0, 1]) {
    assert.equal(test.filter(({ piece }) => pieces[piece]!.label === label).length, 160);
  }
  assert.equal(new Set([...train, ...test].map(key)).size, 1600);
  assert.ok(mean(leakage(train, test, pieces, 100)) > 0.99);
  assert.notDeepEqual(
    test,
    splitWindows(pieces, PAPER, { method: "windows", validation: 0, test: 0.2, seed: 2 }).test,
  );
});

Deno.test("leakage is the share of a test window's steps in training windows, worked by hand", () => {
  const pieces = [{ name: "a", label: 0, steps: 40 }, { name: "b", label: 0, steps: 40 }];
  const at = (piece: number, start: number, semitones = 0) => ({ piece, start, semitones });
  const train = [at(0, 0), at(0, 13, 5), at(1, 30)];
  // Training covers steps 0-9 and 13-22 of a, 30-39 of b.
  assert.deepEqual([...leakage(train, [at(0, 5), at(0, 23), at(1, 0), at(1, 30)], pieces, 10)], [
    0.7,
    0,
    0,
    1,
  ]);
});

const anyPieces = fc.array(fc.integer({ min: 100, max: 600 }), { minLength: 6, maxLength: 12 })
  .map((steps) => steps.map((steps, i): SplittablePiece => ({ name: `p${i}`, label: i % 2, steps })));
const anyPlan = fc.oneof(
  fc.record({ length: fc.integer({ min: 1, max: 30 }), perPiece: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ length: fc.integer({ min: 1, max: 30 }), hop: fc.integer({ min: 1, max: 40 }) }),
);

for (const method of METHODS) {
  Deno.test(`split by ${method}: windows lie within their piece, occur in one part only, and the seed decides`, () => {
    fc.assert(
      fc.property(anyPieces, anyPlan, fc.integer({ min: 0, max: 99 }), (pieces, plan, seed) => {
        const options = { method, validation: 0.15, test: 0.2, seed };
        const split = splitWindows(pieces, plan, options);
        const all = [...split.train, ...split.validation, ...split.test];
        for (const { piece, start } of all) {
          assert.ok(start >= 0 && start + plan.length <= pieces[piece]!.steps);
        }
        assert.equal(new Set(all.map(key)).size, all.length);
        assert.ok(split.train.length > 0);
        assert.deepEqual(splitWindows(pieces, plan, options), split);
        if (method === "windows") return;
        assert.ok(split.test.length > 0 && split.validation.length > 0);
        for (const [a, b] of [["train", "test"], ["train", "validation"], ["validation", "test"]] as const) {
          assert.ok(leakage(split[a], split[b], pieces, plan.length).every((share) => share === 0));
          for (const one of split[a]) {
            for (const other of split[b]) {
              if (one.piece === other.piece) assert.ok(Math.abs(one.start - other.start) >= plan.length);
            }
          }
        }
      }),
      { numRuns: 60, seed: 4 },
    );
  });
}

Deno.test("held-out pieces: each class keeps some for every part", () => {
  const pieces = Array.from(
    { length: 14 },
    (_, i): SplittablePiece => ({ name: `p${i}`, label: i < 6 ? 0 : 1, steps: 500 }),
  );
  const { train, test } = splitWindows(pieces, PAPER, {
    method: "pieces",
    validation: 0,
    test: 0.2,
    seed: 1,
  });
  const held = (windows: readonly Window[]) => [...new Set(windows.map(({ piece }) => piece))];
  assert.deepEqual(held(test).map((piece) => pieces[piece]!.label).sort(), [0, 1, 1]);
  assert.equal(held(train).length + held(test).length, 14);
});

Deno.test("transpositions multiply the training windows alone", () => {
  const pieces = [{ name: "a", label: 0, steps: 300 }];
  const options = { method: "stretches", validation: 0, test: 0.2, seed: 1 } as const;
  const plain = splitWindows(pieces, { length: 20, hop: 10 }, options);
  const more = splitWindows(pieces, { length: 20, hop: 10 }, { ...options, transpositions: [0, -2, 3] });
  assert.deepEqual(more.test, plain.test);
  assert.equal(more.train.length, 3 * plain.train.length);
  assert.deepEqual([...new Set(more.train.map(({ semitones }) => semitones))], [0, -2, 3]);
});

Deno.test("names the piece that is too short, and the class with too few pieces", () => {
  const short = [{ name: "jig.mid", label: 0, steps: 150 }];
  const options = { validation: 0, test: 0.2, seed: 1 };
  assert.throws(() => splitWindows(short, PAPER, { ...options, method: "stretches" }), {
    name: "RangeError",
    message: "Cannot cut windows: jig.mid has 150 of 200 steps",
  });
  assert.throws(
    () => splitWindows(short, PAPER, { ...options, method: "pieces" }),
    (error) => error instanceof UserError && /class 0 has only 1/.test(error.message),
  );
  assert.throws(
    () => splitWindows([{ ...short[0]!, steps: 99 }], PAPER, { ...options, method: "windows" }),
    RangeError,
  );
});

Deno.test("on the real pieces the paper's split shares nearly every step, the others none", async () => {
  const files = await musicFiles();
  const rolls = files.map(({ name, bytes }) =>
    scoreToRoll(parseMidi(bytes, { file: name }).score, PAPER_FORMAT)
  );
  const classes = [...new Set(files.map(({ name }) => name.split("/")[0]!))];
  const pieces = files.map(({ name }, i) => ({
    name,
    label: classes.indexOf(name.split("/")[0]!),
    steps: rolls[i]!.steps,
  }));
  const leak = Object.fromEntries(METHODS.map((method) => {
    const { train, test } = splitWindows(pieces, PAPER, { method, validation: 0, test: 0.2, seed: 1 });
    return [method, mean(leakage(train, test, pieces, 100))];
  }));
  assert.ok(leak.windows! > 0.99);
  assert.equal(leak.stretches, 0);
  assert.equal(leak.pieces, 0);
});
