import assert from "node:assert/strict";
import { draw } from "../../../pipeline/figures/kl_per_dimension/figure.ts";
import type { FigureData } from "../../../pipeline/figures/figure.ts";

Deno.test("a dimension that is not active is said to be at the prior where its KL says so, and not elsewhere", () => {
  const captionOf = (kl: readonly number[], active: readonly boolean[]) => {
    const drawn = draw({ kl: { kl, active }, prior: { standardNormal: true } } as unknown as FigureData);
    return "caption" in drawn ? drawn.caption : "";
  };
  assert.match(
    captionOf([3, 0.001], [true, false]),
    /dashed bars are dimensions that the model leaves at the prior\.$/,
  );
  assert.match(
    captionOf([3, 2.9, 0.001], [true, false, false]),
    /dimensions whose posterior mean does not, so that/,
  );
  assert.match(captionOf([3, 2.9], [true, true]), /posterior mean varies with the input\.$/);
});
