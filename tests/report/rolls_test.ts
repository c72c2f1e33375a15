import assert from "node:assert/strict";
import { DOMParser } from "linkedom";
import { pianoRoll } from "../../pipeline/figures/drawing/piano_roll.ts";
import { separateRolls } from "../../pipeline/report/rolls.ts";
import { gallery } from "../figures/gallery.ts";
import { SMALL } from "./fixture.ts";

const FORMAT = { stepsPerQuarter: 1, lowestPitch: 60, pitches: 12, articulation: false };
const TEXT = { title: "Rolls", description: "Rolls of a test." };

function draw(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => ({
    title: `Roll <${i}>`,
    roll: { format: FORMAT, steps: 4, cells: new Uint8Array(48).fill(1, i, i + 1) },
  }));
  return pianoRoll("rolls", { rows, stepsPerBar: 4 }, TEXT);
}

function parts(markup: string) {
  const document = new DOMParser().parseFromString(`<figure>${markup}</figure>`, "text/html");
  return [...document.querySelectorAll("figure > svg")];
}

Deno.test("rolls become a drawing each, in their order, that together are as high as the whole was", () => {
  const whole = draw(5);
  const [, height] = /viewBox="0 0 320 ([\d.]+)"/.exec(whole)!;
  const pieces = parts(separateRolls(whole));
  assert.equal(pieces.length, 5);
  let bottom = 0;
  pieces.forEach((piece, i) => {
    assert.equal(piece.querySelectorAll("g.roll").length, 1);
    assert.ok(piece.textContent.includes(`Roll <${i}>`));
    const [left, top, width, tall] = piece.getAttribute("viewBox")!.split(" ").map(Number);
    assert.deepEqual([left, width], [0, 320]);
    assert.ok(Math.abs(top! - bottom) < 1e-6, `piece ${i} begins at ${top}, not at ${bottom}`);
    bottom += tall!;
    // Drawn for a column of 8 cm: 320 units. A piece is far less than a page high.
    assert.ok(tall! < 640);
    assert.equal(piece.getAttribute("height"), null, "as wide as its column, and as high as it must be");
  });
  assert.ok(Math.abs(bottom - Number(height)) < 1e-6);
});

Deno.test("whoever does not see the rolls is told of them once", () => {
  const [first, ...others] = parts(separateRolls(draw(3)));
  assert.equal(first!.getAttribute("role"), "img");
  assert.equal(first!.getAttribute("aria-labelledby"), "rolls-title rolls-description");
  assert.equal(first!.querySelector("title")!.textContent, "Rolls");
  for (const other of others) {
    assert.equal(other.getAttribute("aria-hidden"), "true");
    assert.equal(other.querySelectorAll("title, desc, [id]").length, 0);
  }
});

Deno.test("a single roll, and any other drawing, stays as it is", () => {
  const drawings = [draw(1), ...Object.values(gallery(SMALL)).map((draw) => draw(TEXT))];
  for (const svg of drawings) assert.equal(separateRolls(svg), svg);
});
