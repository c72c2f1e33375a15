import type { EvaluationMetrics } from "../artifacts/metrics_json.ts";
import { count, percent } from "../base/words.ts";
import { sampleQualityOf } from "../figures/sample_quality/read.ts";
import type { JudgedSamples } from "../figures/sample_quality/study.ts";
import type { Fact } from "./data.ts";

/** What was measured of samples, beside the data; nothing where the figure was not asked for. */
export function samplesOf(metrics: EvaluationMetrics): Fact[] {
  const quality = sampleQualityOf(metrics);
  if (!quality) return [];
  const { detail: { test, reconstructions, samples }, variety, judged } = quality;
  const beside = (value: "laplacian" | "highFrequencies", show: (value: number) => string) => ({
    value: show(samples[value].mean),
    note: `test images ${show(test[value].mean)}, reconstructions ${show(reconstructions[value].mean)}`,
  });
  return [
    { label: "Variance of the Laplacian", ...beside("laplacian", (value) => value.toPrecision(3)) },
    { label: "Energy of high frequencies", ...beside("highFrequencies", percent) },
    { label: "Variety", value: percent(variety), note: "variance, as a share of that of test images" },
    ...(judged ? judgedFacts(judged) : []),
  ];
}

function judgedFacts({ frechet, classifier, search }: JudgedSamples): Fact[] {
  return [
    ...(frechet === null ? [] : [{
      label: "Fréchet distance",
      value: frechet.samples.toFixed(1),
      note: `to ${count(frechet.images)} test images, on features of a classifier trained here (${
        percent(classifier.accuracy)
      } right; no Inception distance); reconstructions ${
        frechet.reconstructions.toFixed(1)
      }, other test images ${frechet.test.toFixed(1)}`,
    }]),
    ...search.collateral.filter(({ shift }) => shift !== null).map(({ attribute, way, shift, spread }) => ({
      label: `${attribute === "ink" ? "Ink" : "Slant"} of what was found`,
      value: `${shift!.toFixed(2)} σ`,
      note: `from that of test images of the class that was wanted, and ${percent(spread!)} as spread; ${
        way === "prior" ? "found among samples of the prior" : "drawn from where the class's codes lie"
      }`,
    })),
  ];
}
