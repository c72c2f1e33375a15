import type { EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import type { SampleQualityMetrics } from "./study.ts";

/** What was measured of samples; undefined where the figure was not asked for. */
export function sampleQualityOf(
  { studies }: Pick<EvaluationMetrics, "studies">,
): SampleQualityMetrics | undefined {
  return studies?.["sample-quality"] as SampleQualityMetrics | undefined;
}

/** The variance of the Laplacian of samples, as a share of that of test images. */
export function sharpnessOf({ detail: { samples, test } }: Pick<SampleQualityMetrics, "detail">): number {
  return samples.laplacian.mean / test.laplacian.mean;
}

/** Samples of the prior that have to be looked at for one of a class that is wanted, on average over classes. */
export function queriesOf({ judged }: Pick<SampleQualityMetrics, "judged">): number | undefined {
  const shares = judged?.search.perClass.map(({ prior }) => prior);
  if (!shares || shares.some((share) => share === 0)) return undefined;
  return shares.reduce((sum, share) => sum + 1 / share / shares.length, 0);
}
