import assert from "node:assert/strict";
import type { SampleQualityMetrics } from "../../../../pipeline/figures/sample_quality/study.ts";
import { judgeCollateral, judgeSearch, judgeSharper } from "../../../../pipeline/report/paper/claims/gan.ts";

/** What was measured of a model, made up. */
function quality(
  laplacian: number,
  highFrequencies: number,
  prior = 0.04,
  region = 0.8,
): SampleQualityMetrics {
  const detail = (a: number, b: number) => ({
    laplacian: { mean: a, standardError: 0.002 },
    highFrequencies: { mean: b, standardError: 0.001 },
  });
  return {
    examples: 100,
    detail: {
      test: detail(0.18, 0.1),
      reconstructions: detail(0.1, 0.1),
      samples: detail(laplacian, highFrequencies),
    },
    variety: 1,
    judged: {
      classifier: { accuracy: 0.97, trainingExamples: 100, epochs: 1 },
      frechet: null,
      classes: [0.5, 0.5],
      search: {
        certainty: 0.9,
        tries: { prior: 2000, region: 200 },
        perClass: [{ test: 1, prior, region }, { test: 1, prior, region }],
        collateral: [
          { attribute: "slant", way: "prior", shift: 0.2, spread: 1 },
          { attribute: "slant", way: "region", shift: null, spread: null },
        ],
      },
    },
  };
}

Deno.test("samples are sharper where both measures of detail say so, beyond their errors", () => {
  const verdict = (laplacian: number, frequencies: number) =>
    judgeSharper(["the GAN", quality(laplacian, frequencies)], ["the VAE", quality(0.06, 0.04)]).verdict;
  assert.equal(verdict(0.07, 0.05), "supported");
  assert.equal(verdict(0.065, 0.05), "cannot be told"); // 1.96 * 0.0028 is more than 0.005
  assert.equal(verdict(0.07, 0.03), "not supported");
  const { why } = judgeSharper(["the GAN", quality(0.07, 0.05)], ["the VAE", quality(0.06, 0.04)]);
  assert.match(why, /Laplacian 0\.070 from the GAN, 0\.060 from the VAE, 0\.180 of test images/);
});

Deno.test("a search is needed where wanted images are rarer among samples than where their codes lie", () => {
  const verdict = (prior: number, region: number) =>
    judgeSearch(quality(1, 1, prior), quality(1, 1, 0, region)).verdict;
  assert.equal(verdict(0.04, 0.8), "supported");
  assert.equal(verdict(0.04, 0.05), "cannot be told");
  assert.equal(verdict(0.3, 0.05), "not supported");
});

Deno.test("of collateral features the numbers are told, and no verdict that they do not carry", () => {
  const { verdict, why } = judgeCollateral(quality(1, 1), quality(1, 1));
  assert.equal(verdict, "cannot be told");
  assert.match(why, /slant 0\.200 \(GAN\).*slant not known/);
});
