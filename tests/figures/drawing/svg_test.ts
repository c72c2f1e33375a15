import assert from "node:assert/strict";
import * as d3 from "d3";
import { leftAxis } from "../../../pipeline/figures/drawing/axes.ts";
import { addText, createFigure, decimal } from "../../../pipeline/figures/drawing/svg.ts";
import { drawLatentScatter } from "../../../pipeline/figures/latent_scatter/draw.ts";
import { drawLearningCurves } from "../../../pipeline/figures/learning_curves/draw.ts";

const TEXT = { title: "t", description: "d" };

Deno.test("decimals are cut to two, without trailing zeros and negative zero", () => {
  assert.deepEqual([1, 0.125, -0.001, 12.999, -7.5].map(decimal), ["1", "0.13", "0", "13", "-7.5"]);
});

Deno.test("coordinates are rounded where the drawing is written, words are not", () => {
  const figure = createFigure("test", 10, 10, TEXT);
  addText(figure.root, 1 / 3, 2e-9, "pi is 3.14159");
  const svg = figure.toString();
  assert.match(svg, /x="0\.33"/);
  assert.match(svg, /y="0"/);
  assert.match(svg, /pi is 3\.14159/);
});

Deno.test("a name with control characters makes no drawing that a reader of XML refuses", () => {
  const title = "\x1b[31mred\0 \ufffe & <b>";
  const drawing = String(createFigure("name", 10, 10, { title, description: "a\nb" }));
  assert.match(drawing, /\ufffd\[31mred\ufffd \ufffd &amp; &lt;b(>|&gt;)/);
  assert.match(drawing, /a\nb/);
});

Deno.test("a coordinate that is not finite is an error, not a broken drawing", () => {
  for (const value of [NaN, Infinity]) {
    const figure = createFigure("test", 10, 10, TEXT);
    figure.root.append("circle").attr("cx", value);
    assert.throws(() => figure.toString(), /attribute cx of <circle> is not finite/);
  }
});

Deno.test("figures refuse data with NaN", () => {
  const curve = { loss: [3, NaN], reconstruction: [2, 1], kl: [1, 1] };
  const data = { epochs: [1, 2], splits: { train: curve }, klWeight: [1, 1] };
  assert.throws(() => drawLearningCurves(data, TEXT), RangeError);
  const points = {
    coordinates: Float32Array.of(0, 1, NaN, 2),
    labels: Uint8Array.of(0, 1),
    classes: ["a", "b"],
  };
  assert.throws(() => drawLatentScatter({ points, axes: ["a", "b"] }, TEXT), RangeError);
});

Deno.test("a long training shows its later epochs, and says from where the first ones fall", () => {
  const draw = (loss: readonly number[]) => {
    const curve = { loss, reconstruction: loss, kl: loss };
    const data = { epochs: loss.map((_, i) => i + 1), splits: { train: curve }, klWeight: loss.map(() => 1) };
    return drawLearningCurves(data, TEXT);
  };
  const steep = [500, ...Array.from({ length: 19 }, (_, i) => 100 - i / 10)];
  assert.equal(draw(steep).match(/starts at 500\.0/g)?.length, 3);
  assert.doesNotMatch(draw(steep.slice(0, 4)), /starts at/, "a short training is shown whole");
  assert.doesNotMatch(draw(steep.map((_, i) => 100 - i)), /starts at/, "a steady one too");
});

Deno.test("a single epoch and a single point can be drawn", () => {
  const curve = { loss: [3], reconstruction: [2], kl: [1] };
  const svg = drawLearningCurves({ epochs: [1], splits: { train: curve, test: curve }, klWeight: [0] }, TEXT);
  assert.match(svg, /test 3\.0/);
  const points = { coordinates: Float32Array.of(0, 1), labels: Uint8Array.of(1), classes: ["a", "c minor"] };
  assert.match(drawLatentScatter({ points, axes: ["a", "b"] }, TEXT), />c minor<\/text>/);
});

Deno.test("an axis far below 0 counts in thousands, so that no minus is lost at the edge", () => {
  const figure = createFigure("axis", 320, 100, TEXT);
  const scale = d3.scaleLinear([-2200, 0], [90, 10]);
  leftAxis(figure.root, { left: 28, top: 10, width: 280, height: 80 }, scale, {
    ticks: [-2200, -1500, -500, 0],
  });
  const labels = Array.from(figure.toString().matchAll(/>([−\d.k]+)<\/text>/g), ([, label]) => label);
  assert.deepEqual(labels, ["−2.2k", "−1.5k", "−500", "0"]);
});
