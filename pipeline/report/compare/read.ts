import { type EpochMetrics, lossCurve, METRICS_CSV } from "../../artifacts/metrics_csv.ts";
import { type EvaluationMetrics, METRICS_JSON } from "../../artifacts/metrics_json.ts";
import type { RunCurves } from "../../figures/charts/loss_bands.ts";
import type { ReportedSpec } from "../reported_spec.ts";
import type { ActionRecord } from "../../store/record.ts";
import { type Candidate, readOutcome, unreadableResult } from "./candidate.ts";

/** What is shown of one finished run. */
export interface RunResult {
  readonly metrics: EvaluationMetrics;
  readonly curves: RunCurves;
  readonly cost: Cost;
}

/** What a run took; null where it is not known. */
export interface Cost {
  readonly parameters: number;
  readonly trainingSeconds: number | null;
  readonly examplesPerSecond: number | null;
  /** Seconds of all stages, whether this run executed them or found them. */
  readonly totalSeconds: number | null;
}

/** Numbers that every comparison goes by. A report's files lie open: anybody may have edited them. */
const NUMBERS = [
  "parameters",
  "test.loss",
  "test.reconstruction",
  "test.kl",
  "importance.logLikelihood",
  "latent.activeUnits",
] as const;

const inside = (value: unknown, key: string): unknown => Object(value)[key];

/**
 * Reads the results of a candidate; undefined where it has none.
 *
 * @throws {UserError} where the results of a finished run are not what its stages write
 */
export async function readResult({ spec, outcome, name }: Candidate): Promise<RunResult | undefined> {
  if (outcome.status !== "done") return undefined;
  const metrics = await readOutcome(outcome, METRICS_JSON, name);
  const missing = NUMBERS.find((path) => typeof path.split(".").reduce(inside, metrics) !== "number");
  if (missing !== undefined) {
    throw unreadableResult(name, `its ${METRICS_JSON.name} is damaged: ${missing} is no number`);
  }
  return {
    metrics,
    curves: curvesOf(await readOutcome(outcome, METRICS_CSV, name)),
    cost: costOf(spec, metrics.parameters, outcome.records),
  };
}

/**
 * The curves of the part that training watched, validation or test, at the epochs where it was measured; the first row
 * is the model before training.
 */
function curvesOf([, ...rows]: readonly EpochMetrics[]): RunCurves {
  const part = rows.some(({ validation }) => validation) ? "validation" : "test";
  const epochs = rows.filter((row) => row[part] !== undefined);
  return {
    epochs: epochs.map(({ epoch }) => epoch),
    loss: lossCurve(epochs, part, "loss"),
    kl: lossCurve(epochs, part, "kl"),
    reconstruction: lossCurve(epochs, part, "reconstruction"),
    klWeight: epochs.map(({ klWeight }) => klWeight),
  };
}

function costOf(
  { training }: ReportedSpec,
  parameters: number,
  records: ReadonlyMap<string, ActionRecord>,
): Cost {
  const train = records.get("train");
  const { seconds, steps } = (train?.recorded.training ?? {}) as { seconds?: number; steps?: number };
  const all = [...records.values()];
  return {
    parameters,
    trainingSeconds: train?.seconds ?? null,
    // Where a training was resumed these are of the last process alone: a rate all the same.
    examplesPerSecond: seconds && steps ? steps * training.batchSize / seconds : null,
    totalSeconds: all.length > 0 ? all.reduce((sum, record) => sum + record.seconds, 0) : null,
  };
}
