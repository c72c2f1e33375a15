import type { Dataset } from "../../artifacts/dataset.ts";
import { type CsvValue, encodeCsv } from "../../formats/csv.ts";
import { encodeNpy } from "../../formats/npy.ts";
import { classRegion } from "../../metrics/class_region.ts";
import { klPerExample } from "../../metrics/latent.ts";
import type { EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import type { ExampleLosses } from "../../inference/example_losses.ts";
import { type BoundCurve, finiteOrNull } from "./importance.ts";
import type { DimensionRows } from "./latent.ts";
import type { Encoded } from "./representations.ts";

type Output = (path: string) => string;

export async function writeMetrics(
  output: Output,
  metrics: EvaluationMetrics,
  curve: BoundCurve,
  dimensions: DimensionRows,
): Promise<void> {
  await Deno.writeTextFile(output("metrics.json"), JSON.stringify(metrics, null, 2) + "\n");
  const table = (columns: string[], rows: CsvValue[][]) => encodeCsv({ columns, rows });
  await Deno.writeTextFile(
    output("importance.csv"),
    table(
      ["samples", "log_likelihood", "standard_error"],
      curve.map(({ samples, mean, standardError }) => [samples, mean, finiteOrNull(standardError)]),
    ),
  );
  await Deno.writeTextFile(
    output("kl-per-dimension.csv"),
    table(
      ["dimension", "kl", "variance_of_mean", "active"],
      dimensions.map(({ kl, variance, active }, j) => [j + 1, kl, variance, active]),
    ),
  );
}

/** Posterior and losses of each test example. */
export async function writeExamples(output: Output, losses: ExampleLosses): Promise<void> {
  const { rows: n, columns } = losses.mean;
  const posterior = new Float32Array(n * 2 * columns);
  const perExample = new Float32Array(n * 2);
  const kl = klPerExample(losses);
  for (let i = 0; i < n; i++) {
    const row = [i * columns, (i + 1) * columns] as const;
    posterior.set(losses.mean.data.subarray(...row), 2 * i * columns);
    posterior.set(losses.logVariance.data.subarray(...row), (2 * i + 1) * columns);
    perExample.set([losses.reconstruction[i]!, kl[i]!], 2 * i);
  }
  await Deno.writeFile(output("posterior.npy"), encodeNpy({ shape: [n, 2, columns], data: posterior }));
  await Deno.writeFile(output("example-losses.npy"), encodeNpy({ shape: [n, 2], data: perExample }));
}

/** Where each class lies, from training examples. A class without any has NaN. */
export async function writeRegions(
  output: Output,
  { train, info: { classes } }: Dataset,
  { indices, losses }: Encoded,
): Promise<void> {
  const latentSize = losses.mean.columns;
  const labels = Uint8Array.from(indices, (index) => train.labels[index]!);
  const size = (latentSize + 1) * latentSize;
  const data = new Float32Array(classes.length * size).fill(NaN);
  for (const label of classes.keys()) {
    const region = classRegion(losses, labels, label);
    if (region) data.set([...region.centre, ...region.matrix], label * size);
  }
  await Deno.writeFile(
    output("class-regions.npy"),
    encodeNpy({ shape: [classes.length, latentSize + 1, latentSize], data }),
  );
}
