import assert from "node:assert/strict";
import fc from "fast-check";
import { expectedCompletion, fill, hide, meanSquaredError, psnr } from "../../pipeline/metrics/completion.ts";
import { plainProduct } from "../../pipeline/metrics/matrix.ts";

const HIDDEN = [false, true, false, true];

Deno.test("hidden values are taken away and filled in, seen ones stay", () => {
  const x = new Float32Array([1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual([...hide(x, HIDDEN)], [1, 0, 3, 0, 5, 0, 7, 0]);
  assert.deepEqual([...fill(x, HIDDEN, [10, 20, 30, 40])], [1, 20, 3, 40, 5, 20, 7, 40]);
});

Deno.test("a completion is the mean of the candidates by Bayes' rule on the seen values", () => {
  const unit = fc.double({ min: 0.05, max: 0.95, noNaN: true });
  const row = fc.array(unit, { minLength: 4, maxLength: 4 });
  fc.assert(fc.property(row, fc.array(row, { minLength: 1, maxLength: 5 }), (example, candidates) => {
    // By definition, in float64: p(seen | candidate) as a product.
    const likelihoods = candidates.map((p) =>
      p.reduce(
        (product, q, j) => HIDDEN[j] ? product : product * q ** example[j]! * (1 - q) ** (1 - example[j]!),
        1,
      )
    );
    const total = likelihoods.reduce((a, b) => a + b, 0);
    const expected = example.map((value, j) =>
      HIDDEN[j] ? candidates.reduce((sum, p, k) => sum + p[j]! * likelihoods[k]! / total, 0) : value
    );
    const data = Float32Array.from(candidates.flat());
    const made = expectedCompletion(
      Float32Array.from(example),
      HIDDEN,
      { rows: candidates.length, columns: 4, data },
      plainProduct,
    );
    made.forEach((value, j) => assert(Math.abs(value - expected[j]!) < 1e-5, `${value} ${expected[j]}`));
  }));
});

Deno.test("candidates that are sure of what is not so get no weight, and nothing becomes infinite", () => {
  const candidates = { rows: 2, columns: 4, data: new Float32Array([0, 0.25, 0, 0.25, 1, 0.75, 1, 0.75]) };
  const made = expectedCompletion(new Float32Array([1, 0, 1, 0]), HIDDEN, candidates, plainProduct);
  assert.deepEqual([...made], [1, 0.75, 1, 0.75]);
});

Deno.test("the squared error counts the values asked for; PSNR is 20 dB at an error of a tenth", () => {
  const [made, truth] = [new Float32Array([1, 0, 1, 0]), new Float32Array([1, 1, 1, 0])];
  assert.equal(meanSquaredError(made, truth), 0.25);
  assert.equal(meanSquaredError(made, truth, HIDDEN), 0.5);
  assert(Math.abs(psnr(0.1 ** 2) - 20) < 1e-12);
});
