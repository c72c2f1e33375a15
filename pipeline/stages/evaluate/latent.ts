import { klPerDimension, momentMatchedKl, mutualInformation, varianceOfMeans } from "../../metrics/latent.ts";
import type { Matrix } from "../../metrics/matrix.ts";
import { randomStream } from "../../base/random.ts";
import type { LatentDimension } from "../../artifacts/kl_per_dimension_csv.ts";
import type { EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import { type ExampleLosses, sampleIndices } from "../../inference/example_losses.ts";
import type { EvaluateSlice } from "./subject.ts";

/** Codes that the mutual information is estimated from. */
const INFORMATION_SAMPLES = 2_000;

/** How the model uses its latent space. */
export function measureLatent(
  { seed, evaluation }: EvaluateSlice,
  losses: ExampleLosses,
): { readonly rows: readonly LatentDimension[]; readonly metrics: EvaluationMetrics["latent"] } {
  const { rows, columns } = losses.mean;
  const kl = klPerDimension(losses);
  const variances = varianceOfMeans(losses.mean);
  const samples = Math.min(rows, INFORMATION_SAMPLES);
  const noise: Matrix = {
    rows: samples,
    columns,
    data: randomStream(seed, "information samples").fillNormal(new Float32Array(samples * columns)),
  };
  const active = Array.from(variances, (variance) => variance > evaluation.activeUnitThreshold);
  return {
    rows: Array.from(kl, (value, j) => ({ kl: value, variance: variances[j]!, active: active[j]! })),
    metrics: {
      size: columns,
      activeUnits: active.filter(Boolean).length,
      activeUnitThreshold: evaluation.activeUnitThreshold,
      klPerDimension: Array.from(kl),
      mutualInformation: mutualInformation(
        losses,
        sampleIndices(seed, "information", rows, samples),
        noise,
      ),
      mutualInformationSamples: samples,
      mutualInformationCeiling: Math.log(rows),
      momentMatchedKl: momentMatchedKl(losses),
    },
  };
}
