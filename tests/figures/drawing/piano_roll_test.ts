import assert from "node:assert/strict";
import { DOMParser } from "linkedom";
import { PAPER_FORMAT, type PianoRoll } from "../../../pipeline/formats/piano_roll.ts";
import { type BarLines, pianoRoll, pitchName } from "../../../pipeline/figures/drawing/piano_roll.ts";

const TEXT = { title: "A roll", description: "Three notes." };

/** 32 steps; each note struck at its onset unless it is said to be held. */
function roll(
  ...notes: readonly (readonly [pitch: number, onset: number, end: number, held?: "held"])[]
): PianoRoll {
  const cells = new Uint8Array(32 * 156);
  for (const [pitch, onset, end, held] of notes) {
    for (let step = onset; step < end; step++) cells[step * 156 + pitch - 24] = 1;
    if (!held) cells[onset * 156 + 78 + pitch - 24] = 1;
  }
  return { format: PAPER_FORMAT, steps: 32, cells };
}

/** @param bars of each row; those without begin with the roll, 16 steps each */
function draw(rows: PianoRoll[], ...bars: (BarLines | undefined)[]) {
  const data = {
    rows: rows.map((roll, i) => ({ title: `Row ${i + 1}`, roll, bars: bars[i] })),
    stepsPerBar: 16,
  };
  const svg = pianoRoll("roll-1", data, TEXT);
  return { svg, root: new DOMParser().parseFromString(svg, "image/svg+xml").documentElement! };
}

type Root = ReturnType<typeof draw>["root"];

/** [x, y, width, height] of the boxes of the path with this position in row `row`, counted from the end. */
function boxes(root: Root, row: number, fromEnd: number): number[][] {
  const paths = [...root.querySelectorAll("g.roll")[row]!.querySelectorAll("path")];
  const d = paths.at(-fromEnd)!.getAttribute("d")!;
  return [...d.matchAll(/M([\d.]+),([\d.]+)h([\d.]+)v([\d.]+)/g)].map((box) => box.slice(1).map(Number));
}
const [SILENT, EDGES, NOTES] = [1, 2, 3];
const words = (root: Root) => [...root.querySelectorAll("text")].map((text) => text.textContent);

Deno.test("pitches have their scientific names: 60 is C4, 69 is A4, 21 is A0", () => {
  assert.deepEqual([60, 69, 21, 61, 127].map(pitchName), ["C4", "A4", "A0", "C♯4", "G9"]);
});

Deno.test("each note is a box at its onset, as wide as it lasts, and higher pitches are higher up", () => {
  const { root } = draw([roll([60, 0, 4], [72, 8, 16], [64, 16, 32])]);
  const group = root.querySelector("g.roll")!;
  const [left, width, steps] = ["left", "width", "steps"].map((name) =>
    Number(group.getAttribute(`data-${name}`))
  );
  assert.equal(steps, 32);
  const step = width! / 32;
  const drawn = boxes(root, 0, NOTES);
  assert.equal(drawn.length, 3);
  for (const [i, [onset, end]] of [[0, 4], [8, 16], [16, 32]].entries()) {
    assert.ok(Math.abs(drawn[i]![0]! - (left! + onset! * step)) < 0.02);
    assert.ok(Math.abs(drawn[i]![2]! - (end! - onset!) * step) < 0.5);
  }
  const semitone = drawn[0]![3]!;
  assert.ok(Math.abs(drawn[0]![1]! - drawn[1]![1]! - 12 * semitone) < 0.05);
});

Deno.test("struck notes have an edge, held ones have none, and a strike without play is an open box", () => {
  const made = roll([60, 4, 8], [67, 0, 4, "held"]);
  made.cells[20 * 156 + 78 + 70 - 24] = 1;
  const { root } = draw([made]);
  assert.equal(boxes(root, 0, NOTES).length, 2);
  assert.equal(boxes(root, 0, EDGES).length, 1);
  assert.equal(boxes(root, 0, EDGES)[0]![0], boxes(root, 0, NOTES)[1]![0]);
  assert.equal(boxes(root, 0, SILENT).length, 1);
});

Deno.test("rows stand below one another on the same axes, with their titles, and bars are numbered once", () => {
  const { root } = draw([roll([60, 0, 4]), roll([84, 0, 4])]);
  const offset = ["Row 1", "Row 2"].map((title) =>
    Number([...root.querySelectorAll("text")].find((text) => text.textContent === title)!.getAttribute("y"))
  );
  const [low, high] = [
    boxes(root, 0, NOTES)[0]![1]! - offset[0]!,
    boxes(root, 1, NOTES)[0]![1]! - offset[1]!,
  ];
  assert.ok(Math.abs(low - high - 24 * boxes(root, 0, NOTES)[0]![3]!) < 0.05);
  assert.deepEqual(words(root).filter((word) => /^\d+$/.test(word ?? "")), ["1", "2"]);
  assert.deepEqual(words(root).filter((word) => /^C\d$/.test(word ?? "")), [
    "C4",
    "C5",
    "C6",
    "C4",
    "C5",
    "C6",
  ]);
});

Deno.test("a title that would run out of the picture is drawn narrower, any other as it is", () => {
  const titles = ["Sample 1", "Nearest, 0.71 away: mozart-k545-mvt1, bar 85, −1 semitones"];
  const rows = titles.map((title) => ({ title, roll: roll([60, 0, 4]) }));
  const svg = pianoRoll("roll-1", { rows, stepsPerBar: 16 }, TEXT);
  const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement!;
  const [short, long] = titles.map((title) =>
    [...root.querySelectorAll("text")].find(({ textContent }) => textContent === title)!
  );
  assert.equal(short!.getAttribute("textLength"), null);
  const right = Number(root.getAttribute("viewBox")!.split(" ")[2]);
  assert.ok(Number(long!.getAttribute("x")) + Number(long!.getAttribute("textLength")) <= right);
});

Deno.test("a roll that begins within a bar has its first bar line where the next bar begins", () => {
  const lines = (stepOfBar: number, stepsPerBar = 16) => {
    const { root } = draw([roll([60, 0, 4])], { stepsPerBar, stepOfBar });
    const group = root.querySelector("g.roll")!;
    const [left, width] = ["left", "width"].map((name) => Number(group.getAttribute(`data-${name}`)));
    const d = [...group.querySelectorAll("path")][2]!.getAttribute("d")!;
    return [...d.matchAll(/M([\d.]+),/g)].map((line) => Math.round((Number(line[1]) - left!) / width! * 32));
  };
  assert.deepEqual(lines(0), [16]);
  assert.deepEqual(lines(12), [4, 20]);
  assert.deepEqual(lines(0, 12), [12, 24]);
});

Deno.test("each row has the bars of its own metre, and what they have in common is counted below", () => {
  const rows = [roll([60, 0, 4]), roll([60, 0, 4])];
  const axis = (...bars: BarLines[]) => words(draw(rows, ...bars).root).at(-1);
  const waltz = { stepsPerBar: 12, stepOfBar: 0 };
  assert.equal(axis(), "bar");
  assert.equal(axis(waltz, waltz), "bar");
  assert.equal(axis({ stepsPerBar: 16, stepOfBar: 0 }, waltz), "quarter note");
});

Deno.test("every box lies within the picture, for a silent roll and for the widest range too", () => {
  const noisy = roll([24, 0, 32], [101, 31, 32]);
  noisy.cells[5 * 156 + 78] = 1;
  for (const made of [roll(), noisy, roll([101, 0, 1]), roll([24, 0, 1])]) {
    const { root } = draw([made]);
    const [, , width, height] = root.getAttribute("viewBox")!.split(" ").map(Number);
    for (const kind of [NOTES, EDGES, SILENT]) {
      for (const [x, y, w, h] of boxes(root, 0, kind)) {
        assert.ok(x! >= 0 && y! >= 0 && x! + w! <= width! + 0.1 && y! + h! <= height!);
      }
    }
  }
});

Deno.test("the same roll gives the same bytes, and the picture says what it is", () => {
  const rows = [roll([60, 0, 4], [61, 3, 9])];
  assert.equal(draw(rows).svg, draw(rows).svg);
  const { root } = draw(rows);
  assert.equal(root.querySelector("title")!.textContent, TEXT.title);
  assert.equal(root.querySelector("desc")!.id, "roll-1-description");
});
