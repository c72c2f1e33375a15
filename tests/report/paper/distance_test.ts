import assert from "node:assert/strict";
import { plotDistance, type PlottedCurves, shownValues } from "../../../pipeline/report/paper/distance.ts";
import type { PaperPlot } from "../../../pipeline/report/paper/verdicts.ts";
import { assertNear } from "../../support/assert_near.ts";

const PLOT: PaperPlot = {
  figure: 5,
  firstEpoch: 2,
  lastEpoch: 4,
  values: [
    { name: "total loss", part: "train", term: "loss", start: 200, end: 150 },
    { name: "KL", part: "train", term: "kl", start: 6, minimum: 4, end: 8 },
  ],
};

const distance = (curves: PlottedCurves, passes: number) =>
  plotDistance(PLOT, shownValues(PLOT, curves, passes));
const curves = (loss: number[], kl: number[]) => ({ train: { loss, kl }, test: { loss, kl } });

Deno.test("curves through the paper's values are not apart, and twice or half of a value is as far", () => {
  const same = distance(curves([300, 200, 170, 150], [9, 6, 4, 8]), 1);
  assert.deepEqual(same, { all: 0, starts: 0, minima: 0, ends: 0 });
  const twice = distance(curves([300, 200, 170, 300], [9, 6, 4, 8]), 1);
  const half = distance(curves([300, 200, 170, 75], [9, 6, 4, 8]), 1);
  assertNear([twice.ends, half.ends], [Math.LN2 / Math.SQRT2, Math.LN2 / Math.SQRT2], { absolute: 1e-12 });
  assertNear([twice.all, twice.starts, twice.minima], [Math.LN2 / Math.sqrt(5), 0, 0], { absolute: 1e-12 });
});

Deno.test("where an epoch of the paper's is two of ours, the values are those after twice as many", () => {
  const loss = [400, 300, 250, 200, 180, 170, 160, 150];
  const kl = [9, 8, 7, 6, 5, 4, 7, 8];
  assert.equal(distance(curves(loss, kl), 2).all, 0);
  assert.throws(() => distance(curves(loss, kl), 3), /8 epochs are fewer than 12/);
});
