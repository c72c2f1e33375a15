import assert from "node:assert/strict";
import { Pace } from "../../../pipeline/stages/training/pace.ts";

Deno.test("no pace is told before there are steps enough and time enough", () => {
  const few = new Pace();
  for (const second of [0, 5, 10, 15]) few.step(second);
  assert.equal(few.stepsPerSecond, undefined);
  const soon = new Pace();
  for (let i = 0; i < 100; i++) soon.step(i / 100);
  assert.equal(soon.stepsPerSecond, undefined);
});

Deno.test("the first step, which compiles, does not count", () => {
  const pace = new Pace();
  pace.step(60);
  for (let i = 1; i <= 20; i++) pace.step(60 + i / 4);
  assert.equal(pace.stepsPerSecond, 4);
});
