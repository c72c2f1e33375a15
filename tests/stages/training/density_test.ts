import assert from "node:assert/strict";
import { densityOf } from "../../../pipeline/stages/training/density.ts";

Deno.test("the density is the share of values that are not 0, or the mean intensity where pixels are drawn", () => {
  const part = { images: Uint8Array.of(0, 255, 51, 0, 0, 0, 0, 102), examples: 2, size: 4, scale: 1 / 255 };
  assert.equal(densityOf(part, false), 3 / 8);
  assert.ok(Math.abs(densityOf(part, true) - (1 + 0.2 + 0.4) / 8) < 1e-12);
});

Deno.test("of many examples a thousand are looked at, over the whole part", () => {
  const images = new Uint8Array(4000).fill(1, 2000);
  assert.equal(densityOf({ images, examples: 4000, size: 1, scale: 1 }, false), 0.5);
});
