import assert from "node:assert/strict";
import { placeInBar } from "../../pipeline/formats/bars.ts";

const THREE_FOUR = { step: 0, metre: "3/4", stepsPerBar: 12 };

Deno.test("bars are counted in the piece's own metre", () => {
  const at = (step: number) => placeInBar([THREE_FOUR], step);
  assert.deepEqual(at(0), { bar: 1, metre: "3/4", stepsPerBar: 12, stepOfBar: 0 });
  assert.deepEqual(at(11).bar, 1);
  assert.deepEqual([at(24).bar, at(24).stepOfBar], [3, 0]);
  assert.deepEqual([at(31).bar, at(31).stepOfBar], [3, 7]);
});

Deno.test("where the metre changes the bar ends, whole or not, and counting goes on", () => {
  // Two bars and a half of 3/4, then 4/4.
  const metres = [THREE_FOUR, { step: 30, metre: "4/4", stepsPerBar: 16 }];
  const at = (step: number) => placeInBar(metres, step);
  assert.deepEqual([at(29).bar, at(29).stepOfBar], [3, 5]);
  assert.deepEqual(at(30), { bar: 4, metre: "4/4", stepsPerBar: 16, stepOfBar: 0 });
  assert.equal(at(46).bar, 5);
  assert.throws(() => placeInBar([], 3), RangeError);
});
