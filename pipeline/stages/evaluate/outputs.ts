import { writeArtifact } from "../../artifacts/artifact.ts";
import { EXAMPLE_LOSSES } from "../../artifacts/example_losses.ts";
import { type BoundEstimate, IMPORTANCE_CSV } from "../../artifacts/importance_csv.ts";
import { KL_PER_DIMENSION_CSV, type LatentDimension } from "../../artifacts/kl_per_dimension_csv.ts";
import { type EvaluationMetrics, METRICS_JSON } from "../../artifacts/metrics_json.ts";
import { POSTERIOR } from "../../artifacts/posterior.ts";
import { exampleKl, type ExampleLosses } from "../../inference/example_losses.ts";

/** The part of the stage's context that gives places to write to. */
type Outputs = Parameters<typeof writeArtifact>[0];

/** Writes the tables and `metrics.json`. */
export async function writeMetrics(
  stage: Outputs,
  metrics: EvaluationMetrics,
  curve: readonly BoundEstimate[],
  dimensions: readonly LatentDimension[],
): Promise<void> {
  await writeArtifact(stage, METRICS_JSON, metrics);
  await writeArtifact(stage, IMPORTANCE_CSV, curve);
  await writeArtifact(stage, KL_PER_DIMENSION_CSV, dimensions);
}

/** Writes posterior and losses of each test example. */
export async function writeExamples(stage: Outputs, losses: ExampleLosses): Promise<void> {
  await writeArtifact(stage, POSTERIOR, losses);
  await writeArtifact(stage, EXAMPLE_LOSSES, {
    reconstruction: losses.reconstruction,
    kl: exampleKl(losses),
  });
}
