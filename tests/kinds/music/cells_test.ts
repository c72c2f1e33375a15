import assert from "node:assert/strict";
import fc from "fast-check";
import { chooseCells, chooseStep } from "../../../pipeline/kinds/music/cells.ts";
import { rollNotes } from "../../../pipeline/formats/piano_roll.ts";
import { randomStream } from "../../../pipeline/base/random.ts";

const FORMAT = { stepsPerQuarter: 4, lowestPitch: 60, pitches: 3, articulation: true };
const CHOICE = { cells: "threshold", threshold: 0.2, monophonic: false } as const;
const stream = () => {
  const drawn = randomStream(1, "test");
  return () => drawn.uniform();
};

/** Two steps: [play x 3, articulate x 3] each. */
const PROBABILITIES = Float32Array.of(0.9, 0.3, 0.1, 0.8, 0.1, 0.9, 0.25, 0.15, 0.5, 0.1, 0.9, 0.9);

Deno.test("a cell sounds above the threshold, and is struck only where it sounds", () => {
  const cells = chooseCells(PROBABILITIES, FORMAT, 2, CHOICE, stream());
  assert.deepEqual([...cells], [1, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1]);
  assert.deepEqual(rollNotes({ format: FORMAT, steps: 2, cells }), [
    { pitch: 60, onset: 0, end: 2 },
    { pitch: 61, onset: 0, end: 1 },
    { pitch: 62, onset: 1, end: 2 },
  ]);
});

Deno.test("monophonic keeps the most probable pitch of each step", () => {
  const cells = chooseCells(PROBABILITIES, FORMAT, 2, { ...CHOICE, monophonic: true }, stream());
  assert.deepEqual([...cells], [1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1]);
});

Deno.test("a density keeps that many sounding cells, the most probable ones", () => {
  const cells = chooseCells(PROBABILITIES, FORMAT, 2, { ...CHOICE, sounding: 2 }, stream());
  assert.deepEqual([...cells], [1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1]);
  const all = chooseCells(PROBABILITIES, FORMAT, 2, { ...CHOICE, sounding: 5 }, stream());
  assert.deepEqual([0, 1, 2, 6, 7, 8].map((i) => all[i]), [1, 1, 0, 1, 1, 1]);
});

Deno.test("of a given density, what sounds is struck where that is more likely than not, however unlikely both are", () => {
  // Struck given that it sounds: 0.1 / 0.15 and 0.05 / 0.14; the third pitch does not sound.
  const probabilities = Float32Array.of(0.15, 0.14, 0.01, 0.1, 0.05, 0.01);
  const cells = chooseCells(probabilities, FORMAT, 1, { ...CHOICE, sounding: 2 }, stream());
  assert.deepEqual([...cells], [1, 1, 0, 1, 0, 0]);
});

Deno.test("drawn cells sound as often as their probability says", () => {
  const format = { ...FORMAT, pitches: 10, articulation: false };
  const length = 2000;
  const probabilities = Float32Array.from({ length: length * 10 }, (_, i) => (i % 10) / 10);
  const cells = chooseCells(probabilities, format, length, { ...CHOICE, cells: "sample" }, stream());
  for (let pitch = 0; pitch < 10; pitch++) {
    const share = cells.filter((cell, i) => i % 10 === pitch && cell === 1).length / length;
    // Four standard deviations of a mean of 2000 draws.
    assert.ok(Math.abs(share - pitch / 10) <= 4 * Math.sqrt(pitch / 10 * (1 - pitch / 10) / length));
  }
});

Deno.test("drawn strokes are as frequent as their probability says, not rarer for being in drawn notes", () => {
  const format = { ...FORMAT, pitches: 1 };
  const length = 4000;
  const probabilities = Float32Array.from({ length: 2 * length }, (_, i) => i % 2 ? 0.3 : 0.4);
  const cells = chooseCells(probabilities, format, length, { ...CHOICE, cells: "sample" }, stream());
  const struck = cells.filter((cell, i) => i % 2 === 1 && cell === 1).length / length;
  assert.ok(Math.abs(struck - 0.3) <= 4 * Math.sqrt(0.3 * 0.7 / length), String(struck));
});

Deno.test("whatever the probabilities, cells are 0 or 1 and no pitch is struck in silence", () => {
  const unit = fc.float({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(
    fc.array(unit, { minLength: 24, maxLength: 24 }),
    fc.boolean(),
    fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
    fc.constantFrom("threshold" as const, "sample" as const),
    (values, monophonic, sounding, how) => {
      const choice = { cells: how, threshold: 0.4, monophonic, sounding };
      const cells = chooseCells(Float32Array.from(values), FORMAT, 2, choice, stream());
      for (let step = 0; step < 4; step++) {
        const [play, struck] = [cells.slice(step * 6, step * 6 + 3), cells.slice(step * 6 + 3, step * 6 + 6)];
        assert.ok(play.every((cell, i) => (cell === 0 || cell === 1) && struck[i]! <= cell));
        if (monophonic) assert.ok(play.filter((cell) => cell === 1).length <= 1);
      }
    },
  ));
});

Deno.test("where pitches are drawn in turn, each knows those below it", () => {
  const format = { ...FORMAT, pitches: 4 }, columns = 8;
  /** What sounds makes what is above it improbable. */
  const given = (drawn: ArrayLike<number>) => {
    let below = 0;
    return Float32Array.from({ length: columns }, (_, at) => {
      const mean = 0.6 * 0.2 ** below;
      below += drawn[at] ?? 0;
      return mean;
    });
  };
  for (const cells of ["threshold", "sample"] as const) {
    for (const monophonic of [false, true]) {
      const choice = { cells, threshold: 0.1, monophonic };
      for (let seed = 0; seed < 20; seed++) {
        const uniforms = randomStream(seed, "uniforms").fillUniform(new Float32Array(columns));
        const own = chooseStep(
          { count: 1, draws: columns, given },
          format,
          choice,
          (at) => uniforms[at]!,
        );
        // Each cell is drawn by the number of its place, from what those before it make of its mean.
        const means = given(own);
        if (cells === "sample" && !monophonic) {
          for (const [at, cell] of own.entries()) {
            const maySound = at < 4 || own[at - 4] === 1;
            assert.equal(cell, Number(maySound && uniforms[at]! < means[at]!), `${seed}, ${at}`);
          }
        }
        // By hand: of the thresholds 0.6, 0.12 and 0.024 the first two are above 0.1.
        const wanted = monophonic ? [1, 0, 0, 0, 1, 0, 0, 0] : [1, 1, 0, 0, 0, 0, 0, 0];
        if (cells === "threshold") assert.deepEqual(Array.from(own), wanted);
        assert.ok([0, 1, 2, 3].every((pitch) => own[pitch]! >= own[pitch + 4]!));
        if (monophonic) assert.ok(own.subarray(0, 4).reduce((sum, cell) => sum + cell, 0) <= 1);
      }
    }
  }
});

Deno.test("cells that depend on each other are those of one draw after the other, and need fewer means", () => {
  const format = { ...FORMAT, pitches: 7 }, columns = 14, count = 3;
  let calls = 0, turns = 0;
  fc.assert(fc.property(
    fc.integer(),
    fc.double({ min: 0, max: 4, noNaN: true }),
    fc.boolean(),
    fc.constantFrom("threshold" as const, "sample" as const),
    (seed, strength, monophonic, how) => {
      const weights = randomStream(seed, "weights").fillNormal(new Float32Array(columns * columns));
      const logits = randomStream(seed, "logits").fillNormal(new Float32Array(columns));
      const given = (drawn: ArrayLike<number>) =>
        Float32Array.from({ length: count * columns }, (_, i) => {
          const [row, column] = [i - i % columns, i % columns];
          let logit = logits[column]!;
          for (let before = 0; before < column; before++) {
            logit += strength * weights[columns * column + before]! * (drawn[row + before] ?? 0);
          }
          return 1 / (1 + Math.exp(-logit));
        });
      const choice = { cells: how, threshold: 0.5, monophonic };
      const uniformOf = () => {
        const drawn = randomStream(seed, "uniforms");
        return () => drawn.uniform();
      };
      const own = chooseStep(
        { count, draws: columns, given: (drawn) => (calls++, given(drawn)) },
        format,
        choice,
        uniformOf(),
      );
      turns += columns;

      const uniform = uniformOf(), cells = new Uint8Array(count * columns);
      for (let column = 0; column < columns; column++) {
        const means = given(cells);
        for (let at = column; at < cells.length; at += columns) {
          const isOn = how === "sample" ? uniform() < means[at]! : means[at]! > choice.threshold;
          cells[at] = Number(isOn && (column < 7 || cells[at - 7] === 1));
        }
        if (column !== 6 || !monophonic) continue;
        for (let row = 0; row < cells.length; row += columns) {
          // The means of all pitches are as they were when each was drawn.
          const sounding = [0, 1, 2, 3, 4, 5, 6].filter((pitch) => cells[row + pitch] === 1);
          const best = sounding.toSorted((a, b) => means[row + b]! - means[row + a]! || a - b)[0];
          for (const pitch of sounding) cells[row + pitch] = Number(pitch === best);
        }
      }
      assert.deepEqual(own, cells);
    },
  ));
  assert.ok(calls < turns, `${calls} of ${turns}`);
});
