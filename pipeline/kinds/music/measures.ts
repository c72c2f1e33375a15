import type { EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import { musicMetrics, type VoiceSetMetrics } from "../../artifacts/music_metrics.ts";
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

/** What is measured of samples from the prior, where voices are told apart. */
function ofPrior(metrics: EvaluationMetrics): VoiceSetMetrics | undefined {
  return musicMetrics(metrics)?.voices?.sets.prior;
}

function parallels(set: VoiceSetMetrics | undefined): number | undefined {
  return set && (set.ratios.parallelFifths.value ?? 0) + (set.ratios.parallelOctaves.value ?? 0);
}

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
  {
    name: "Steps of samples from the prior whose pitch classes are within a major or minor triad",
    short: "Consonant",
    unit: "%",
    better: null,
    value: ({ metrics }) => inPercent(ofPrior(metrics)?.ratios.consonant.value ?? undefined),
    show: decimals(1),
  },
  {
    name: "Parallel fifths and octaves in 100 steps of samples from the prior",
    short: "Parallels",
    unit: "per 100 steps",
    better: null,
    value: ({ metrics }) => inPercent(parallels(ofPrior(metrics))),
    show: decimals(2),
  },
  {
    name: "Jensen-Shannon divergence of pairs of chords, samples from the prior to held-out pieces",
    short: "Chord pairs",
    unit: "bits",
    better: "lower",
    value: ({ metrics }) => ofPrior(metrics)?.distances.chordPairs.value ?? undefined,
    show: decimals(3),
    conditions: rolls,
  },
];
