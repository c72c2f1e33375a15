import type { EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import { musicMetrics } from "../../artifacts/music_metrics.ts";
import {
  decimals,
  inPercent,
  likelihoods,
  type Measure,
  type WithMetrics,
} from "../../report/compare/measures.ts";

const rolls = (metrics: EvaluationMetrics) => {
  const { dataset: { name, split } } = metrics;
  const music = musicMetrics(metrics);
  return [name, split, music?.rolls, music?.trainingRolls].join(" ");
};

/** What runs on music are compared in beyond what all runs are. */
export const MUSIC_MEASURES: readonly Measure<WithMetrics>[] = [
  {
    name: "Negative ELBO of a step of music, test: a bound on its negative log-likelihood",
    short: "Frame NLL ≤",
    unit: "nats a step",
    better: "lower",
    value: ({ metrics }) => musicMetrics(metrics)?.frameNll.model,
    show: decimals(2),
    conditions: likelihoods,
  },
  {
    name: "F1 of the notes of reconstructions, test",
    short: "Notes F1",
    unit: "%",
    better: "higher",
    value: ({ metrics }) => inPercent(musicMetrics(metrics)?.reconstruction.notes.f1),
    show: decimals(1),
    conditions: rolls,
  },
  {
    name:
      "Samples from the prior that copy a passage of the training music, wherever it begins and in whatever key",
    short: "Copies",
    unit: "%",
    better: null,
    value: ({ metrics }) => inPercent(musicMetrics(metrics)?.copies.samples.rate),
    show: decimals(1),
  },
];
