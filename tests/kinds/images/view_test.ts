import assert from "node:assert/strict";
import { imageView } from "../../../pipeline/kinds/images/view.js";

Deno.test("pictures that are written step by step show the means, each given those before it in the step", () => {
  const { choose } = imageView({ shape: [2, 2], nouns: { one: "digit" } });
  const step = (draws: number) => ({
    count: 1,
    draws,
    // The second mean is half of the first.
    given: (drawn: ArrayLike<number>) => Float32Array.of(0.5, (drawn[0] ?? 0) / 2),
  });
  assert.deepEqual(choose(step(1), 0), Float32Array.of(0.5, 0));
  assert.deepEqual(choose(step(2), 0), Float32Array.of(0.5, 0.25));
});
