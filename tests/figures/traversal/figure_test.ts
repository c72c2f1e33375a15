import assert from "node:assert/strict";
import { draw } from "../../../pipeline/figures/traversal/figure.ts";
import type { TraversalOptions } from "../../../pipeline/figures/traversal/spec.ts";
import type { ImageFigureData } from "../../../pipeline/figures/kinds.ts";

Deno.test("each row moves one dimension by 2.5 standard deviations to both sides, the largest KL first", () => {
  const decoded: number[][] = [];
  // Mean (2, 5, -1), standard deviations (1, 0, 3).
  const means = Float32Array.of(1, 5, -4, 3, 5, 2);
  const data = {
    model: { latentSize: 3 },
    means,
    test: { examples: 2 },
    kl: { kl: [0.5, 0.1, 2] },
    nouns: { one: "image", many: "images" },
    options: { traversal: { dimensions: 2, steps: 3 } },
    decode: (codes: Float32Array) => {
      decoded.push([...codes]);
      return { height: 2, width: 2, channels: 1, values: new Float32Array(12) };
    },
  };
  const drawn = draw(data as unknown as ImageFigureData<TraversalOptions>);
  assert.deepEqual(decoded, [
    [2, 5, -8.5, 2, 5, -1, 2, 5, 6.5],
    [-0.5, 5, -1, 2, 5, -1, 4.5, 5, -1],
  ]);
  assert.deepEqual([...drawn.svg.matchAll(/id="traversal-(\d+)"/g)].map(([, id]) => id), ["3", "1"]);
  assert.match(drawn.caption, /the 2 of 3 dimensions/);
});
