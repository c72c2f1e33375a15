import assert from "node:assert/strict";
import { gridCoordinates, latentGrid, PAPER_TAIL } from "../../pipeline/metrics/latent_grid.ts";

Deno.test("the grid spans the inverse normal CDF of [0.05, 0.95], symmetric around 0", () => {
  const coordinates = gridCoordinates(15, PAPER_TAIL);
  // Published quantile: 95 % of a standard normal lies below 1.6448536.
  assert(Math.abs(coordinates.at(-1)! - 1.6448536269514722) < 1e-6);
  coordinates.forEach((value, i) => assert(Math.abs(value + coordinates[14 - i]!) < 1e-6));
});

Deno.test("codes go row by row from the top left: z1 rises in a row, z2 falls from row to row", () => {
  assert.deepEqual([...latentGrid([-1, 1])], [-1, 1, 1, 1, -1, -1, 1, -1]);
});
