import assert from "node:assert/strict";
import type { EvaluationMetrics } from "../../pipeline/artifacts/metrics_json.ts";
import type { SampleQualityMetrics } from "../../pipeline/figures/sample_quality/study.ts";
import { samplesOf } from "../../pipeline/report/samples.ts";
import { renderPage } from "../../pipeline/report/page.ts";
import { fixtureReport, SMALL } from "./fixture.ts";

const estimate = (mean: number) => ({ mean, standardError: 0.01 });
const detail = (laplacian: number, highFrequencies: number) => ({
  laplacian: estimate(laplacian),
  highFrequencies: estimate(highFrequencies),
});
const quality: SampleQualityMetrics = {
  examples: 1000,
  detail: {
    test: detail(0.1812, 0.105),
    reconstructions: detail(0.075, 0.042),
    samples: detail(0.059, 0.043),
  },
  variety: 0.628,
  judged: {
    classifier: { accuracy: 0.9644, trainingExamples: 10_000, epochs: 5 },
    frechet: { images: 2000, test: 1.04, reconstructions: 1.23, samples: 23.41 },
    classes: [0.5, 0.5],
    search: {
      certainty: 0.9,
      tries: { prior: 2000, region: 200 },
      perClass: [{ test: 0.9, prior: 0.04, region: 0.9 }, { test: 0.9, prior: 0, region: null }],
      collateral: [
        { attribute: "ink", way: "prior", shift: 0.27, spread: 0.97 },
        { attribute: "slant", way: "region", shift: null, spread: null },
      ],
    },
  },
};
const factsOf = (studies: EvaluationMetrics["studies"]) => samplesOf({ studies } as EvaluationMetrics);

Deno.test("samples are told beside test images and reconstructions, and what was not measured is not told", () => {
  const lines = factsOf({ "sample-quality": quality }).map(({ label, value, note }) =>
    `${label}: ${value} ${note}`
  );
  assert.match(lines[0]!, /Laplacian: 0\.0590 test images 0\.181, reconstructions 0\.0750/);
  assert.match(lines[1]!, /4\.3 % test images 10\.5 %/);
  assert.match(lines[3]!, /Fréchet distance: 23\.4 .*reconstructions 1\.2, other test images 1\.0/);
  assert.match(lines[4]!, /Ink of what was found: 0\.27 σ .* 97\.0 % as spread/);
  assert.equal(lines.length, 5, "nothing of an attribute of too few images");
  assert.deepEqual(factsOf({ "sample-quality": { ...quality, judged: null } }).length, 3);
  assert.deepEqual(factsOf(undefined), []);
});

Deno.test("the page has a section on samples where they were measured", () => {
  const page = (samples: ReturnType<typeof factsOf>) => renderPage({ ...fixtureReport(SMALL), samples }, "");
  assert.match(page(factsOf({ "sample-quality": quality })), /<h3>Samples of the prior<\/h3>.*0\.0590/s);
  assert.doesNotMatch(page([]), /Samples of the prior<\/h3>/);
});
