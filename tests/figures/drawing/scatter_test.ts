import assert from "node:assert/strict";
import * as d3 from "d3";
import { drawClassNames } from "../../../pipeline/figures/drawing/scatter.ts";
import { createFigure } from "../../../pipeline/figures/drawing/svg.ts";

/** Where names of classes are drawn whose examples all lie at the same place, (0, 0) unless another is named. */
function drawn(classes: readonly string[], place: readonly [x: number, y: number] = [0, 0]) {
  const figure = createFigure("names", 400, 400, { title: "Names", description: "Names." });
  const labels = Uint8Array.from(classes.keys());
  const coordinates = Float32Array.from(classes.flatMap(() => place));
  drawClassNames(
    figure.root,
    { coordinates, labels, classes },
    d3.scaleLinear([-1, 1], [0, 400]),
    d3.scaleLinear([-1, 1], [400, 0]),
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

Deno.test("a name at the edge of the plane is seen whole; one longer than the plane stands in its middle", () => {
  for (const place of [[-1, -1], [1, 1]] as const) {
    const names = drawn(["china", "flower"], place);
    for (const { x, y, name } of names) {
      assert.ok(x >= 4 * name.length && x <= 400 - 4 * name.length, `${name} at ${x}`);
      assert.ok(y - 5 >= 6 && y - 5 <= 394, `${name} at ${y}`); // the baseline is 5 below the middle
    }
  }
  assert.equal(drawn(["x".repeat(90), "a"], [1, 0]).find(({ name }) => name !== "a")!.x, 200);
});
