import assert from "node:assert/strict";
import * as d3 from "d3";
import { drawClassNames } from "../../../pipeline/figures/drawing/scatter.ts";
import { createFigure } from "../../../pipeline/figures/drawing/svg.ts";

/** Where names of classes are drawn whose examples all lie at the same place. */
function drawn(classes: readonly string[]) {
  const figure = createFigure("names", 400, 400, { title: "Names", description: "Names." });
  const labels = Uint8Array.from(classes.keys());
  const coordinates = new Float32Array(2 * labels.length);
  drawClassNames(
    figure.root,
    { coordinates, labels, classes },
    d3.scaleLinear([-1, 1], [0, 400]),
    d3.scaleLinear(),
  );
  return Array.from(figure.toString().matchAll(/<text ([^>]*)>([^<]+)<\/text>/g), ([, attributes, name]) => {
    const [x, y] = ["x", "y"].map((axis) => Number(new RegExp(`\\b${axis}="([^"]*)"`).exec(attributes!)![1]));
    return { x: x!, y: y!, name: name! };
  });
}

Deno.test("names of classes that lie on one another are drawn apart, however long they are", () => {
  const clothes = [
    "T-shirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
  ];
  const names = drawn(clothes);
  assert.deepEqual(names.map(({ name }) => name).toSorted(), clothes.toSorted());
  for (const [i, one] of names.entries()) {
    for (const other of names.slice(i + 1)) {
      const across = Math.abs(one.x - other.x) - 8 * (one.name.length + other.name.length) / 2;
      const up = Math.abs(one.y - other.y) - 13;
      assert.ok(Math.max(across, up) > -0.5, `${one.name} lies on ${other.name}`);
    }
  }
});
