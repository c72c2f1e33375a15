import type { RunCurves } from "../../figures/charts/loss_bands.ts";
import { decodeCsv } from "../../formats/csv.ts";
import type { ActionRecord } from "../../store/record.ts";
import type { Experiment } from "../../spec/schema.ts";
import type { EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import type { Candidate } from "./candidate.ts";

/** What is shown of one finished run. */
export interface RunResult {
  readonly metrics: EvaluationMetrics;
  readonly curves: RunCurves;
  readonly cost: Cost;
}

/** Null where it is not known. */
export interface Cost {
  readonly parameters: number;
  readonly trainingSeconds: number | null;
  readonly examplesPerSecond: number | null;
  /** Of all stages, whether this run executed them or found them. */
  readonly totalSeconds: number | null;
}

/** @throws {Error} where the results of a finished run are not what its stages write */
export async function readResult({ spec, outcome, name }: Candidate): Promise<RunResult | undefined> {
  if (outcome.status !== "done") return undefined;
  const text = async (output: string) => {
    const bytes = await outcome.read(output);
    if (!bytes) throw new Error(`${name} has no ${output}`);
    return new TextDecoder().decode(bytes);
  };
  const metrics: EvaluationMetrics = JSON.parse(await text("evaluate/metrics.json"));
  return {
    metrics,
    curves: curvesOf(await text("train/metrics.csv")),
    cost: costOf(spec, metrics.parameters, outcome.records),
  };
}

/** The epochs of `metrics.csv` after the first row, which is the model before training. */
function curvesOf(csv: string): RunCurves {
  const { columns, rows } = decodeCsv(csv, "metrics.csv");
  const column = (name: string) => {
    const index = columns.indexOf(name);
    if (index < 0) throw new Error(`Cannot find the column ${name} among ${columns.join(", ")}`);
    return rows.slice(1).map((row) => Number(row[index]));
  };
  return {
    epochs: column("epoch"),
    loss: column("test_loss"),
    kl: column("test_kl"),
    reconstruction: column("test_reconstruction"),
    klWeight: column("kl_weight"),
  };
}

function costOf(
  { training }: Experiment,
  parameters: number,
  records: ReadonlyMap<string, ActionRecord>,
): Cost {
  const train = records.get("train");
  const { seconds, steps } = (train?.recorded.training ?? {}) as { seconds?: number; steps?: number };
  const all = [...records.values()];
  return {
    parameters,
    trainingSeconds: train?.seconds ?? null,
    // Of the last process alone, where a training was resumed: a rate all the same.
    examplesPerSecond: seconds && steps ? steps * training.batchSize / seconds : null,
    totalSeconds: all.length > 0 ? all.reduce((sum, record) => sum + record.seconds, 0) : null,
  };
}
