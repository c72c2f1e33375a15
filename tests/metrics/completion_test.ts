import assert from "node:assert/strict";
import fc from "fast-check";
import {
  expectedCompletion,
  type ExponentialFamily,
  fill,
  hide,
  meanSquaredError,
  psnr,
} from "../../pipeline/metrics/completion.ts";
import { plainProduct } from "../../pipeline/metrics/matrix.ts";

const HIDDEN = [false, true, false, true];

const BERNOULLI: ExponentialFamily = {
  natural: (p) => Math.log(p / (1 - p)),
  logNormaliser: (p) => -Math.log(1 - p),
};
/** A normal distribution of deviation 1/2. */
const GAUSSIAN: ExponentialFamily = { natural: (m) => 4 * m, logNormaliser: (m) => 2 * m * m };

Deno.test("hidden values are taken away and filled in, seen ones stay", () => {
  const x = new Float32Array([1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual([...hide(x, HIDDEN)], [1, 0, 3, 0, 5, 0, 7, 0]);
  assert.deepEqual([...fill(x, HIDDEN, [10, 20, 30, 40])], [1, 20, 3, 40, 5, 20, 7, 40]);
});

const LIKELIHOODS = {
  Bernoulli: { family: BERNOULLI, likelihood: (x: number, p: number) => p ** x * (1 - p) ** (1 - x) },
  Gaussian: { family: GAUSSIAN, likelihood: (x: number, m: number) => Math.exp(-2 * (x - m) ** 2) },
};

for (const [name, { family, likelihood }] of Object.entries(LIKELIHOODS)) {
  Deno.test(`a completion is the mean of the candidates by Bayes' rule on the seen values: ${name}`, () => {
    const unit = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    const row = fc.array(unit, { minLength: 4, maxLength: 4 });
    fc.assert(fc.property(row, fc.array(row, { minLength: 1, maxLength: 5 }), (example, candidates) => {
      // By definition, in float64: p(seen | candidate) as a product.
      const likelihoods = candidates.map((means) =>
        means.reduce((product, m, j) => HIDDEN[j] ? product : product * likelihood(example[j]!, m), 1)
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
        family,
        plainProduct,
      );
      made.forEach((value, j) => assert(Math.abs(value - expected[j]!) < 1e-5, `${value} ${expected[j]}`));
    }));
  });
}

Deno.test("candidates that all but rule out what is seen get no weight", () => {
  const low = 1e-6;
  const high = 1 - 1e-6;
  const data = new Float32Array([low, 0.25, low, 0.25, high, 0.75, high, 0.75]);
  const x = new Float32Array([1, 0, 1, 0]);
  const made = expectedCompletion(x, HIDDEN, { rows: 2, columns: 4, data }, BERNOULLI, plainProduct);
  assert.deepEqual([...made], [1, 0.75, 1, 0.75]);
});

Deno.test("the squared error counts the values asked for; PSNR is 20 dB at an error of a tenth", () => {
  const [made, truth] = [new Float32Array([1, 0, 1, 0]), new Float32Array([1, 1, 1, 0])];
  assert.equal(meanSquaredError(made, truth), 0.25);
  assert.equal(meanSquaredError(made, truth, HIDDEN), 0.5);
  assert(Math.abs(psnr(0.1 ** 2) - 20) < 1e-12);
});
