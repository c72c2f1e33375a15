import type { EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import { queriesOf, sampleQualityOf, sharpnessOf } from "../../figures/sample_quality/read.ts";
import { count, duration } from "../../base/words.ts";
import type { RunResult } from "./read.ts";

/** A number that runs are compared in, and what of a run it is read from. */
export interface Measure<Source = RunResult> {
  readonly name: string;
  readonly short: string;
  readonly unit: string;
  /** Null where neither direction is better: nothing is marked. */
  readonly better: "lower" | "higher" | null;
  /** Undefined where it was not measured. */
  value(result: Source): number | undefined;
  /** Its part is there to choose by: shown where all runs have it, and then it ranks the groups. */
  readonly selects?: true;
  /** The quantity of the one that selects, on the test part: where that one ranks, this is reported and not marked. */
  readonly confirms?: true;
  /** A mean, and a deviation of the same quantity. */
  show(value: number): string;
  /**
   * What the number depends on besides the model. Runs that differ in it are not measured alike, and no best is
   * marked among them.
   */
  conditions?(metrics: EvaluationMetrics): string;
}

/** Shows a number with a fixed number of decimals and a true minus. */
export const decimals = (digits: number) => (value: number) => value.toFixed(digits).replace("-", "−");
/** A share of 1 in percent. */
export const inPercent = (share: number | undefined) => share === undefined ? undefined : 100 * share;
/**
 * The conditions of a likelihood: the data, and how their values enter it. How the values of a row depend on each other
 * is the model's affair.
 */
export const likelihoods = ({ dataset, likelihood, test }: EvaluationMetrics) => {
  const measure = JSON.stringify({ ...likelihood, autoregressive: undefined });
  return [dataset.name, dataset.split, dataset.binarisation, measure, test.examples].join(" ");
};
const probeOf = ({ metrics: { probe } }: WithMetrics) =>
  probe?.rows.find((row) => row.representation === "posterior means");
const probes = ({ dataset, probe }: EvaluationMetrics) =>
  [
    dataset.name,
    dataset.split,
    dataset.binarisation,
    probe?.referenceExamples,
    probe?.testExamples,
    probe?.neighbours,
  ].join(" ");

const judges = (metrics: EvaluationMetrics) => {
  const { dataset } = metrics, judged = sampleQualityOf(metrics)?.judged;
  return [
    dataset.name,
    dataset.split,
    dataset.binarisation,
    judged?.classifier.trainingExamples,
    judged?.frechet?.images,
  ].join(" ");
};
/** What the evaluation measured. */
export type WithMetrics = Pick<RunResult, "metrics">;

/** Measures of any kind of data; the first one of which there are values ranks the groups. */
export const MEASURES: readonly Measure<WithMetrics>[] = [
  {
    name: "Negative ELBO, validation, KL at weight 1",
    short: "−ELBO, validation",
    unit: "nats",
    better: "lower",
    selects: true,
    value: ({ metrics }) => metrics.validation?.loss,
    show: decimals(2),
    conditions: (metrics) => `${likelihoods(metrics)} ${metrics.validation?.examples}`,
  },
  {
    name: "Negative ELBO, test, KL at weight 1",
    short: "−ELBO, test",
    unit: "nats",
    better: "lower",
    confirms: true,
    value: ({ metrics }) => metrics.test.loss,
    show: decimals(2),
    conditions: likelihoods,
  },
  {
    name: "Importance-weighted bound on −log p(x), test",
    short: "−log p(x) ≤",
    unit: "nats",
    better: "lower",
    value: ({ metrics }) => -metrics.importance.logLikelihood,
    show: decimals(2),
    conditions: (metrics) =>
      [likelihoods(metrics), metrics.importance.samples, metrics.importance.examples].join(" "),
  },
  {
    name: "Importance-weighted bound, test, in bits for each dimension",
    short: "Bits/dim ≤",
    unit: "bits",
    better: "lower",
    value: ({ metrics }) => metrics.bitsPerDimension?.importance,
    show: decimals(3),
    conditions: ({ dataset, importance }) =>
      [dataset.name, dataset.split, dataset.binarisation, importance.samples, importance.examples].join(" "),
  },
  {
    name: "Distortion: reconstruction loss, test",
    short: "Reconstr.",
    unit: "nats",
    better: null,
    value: ({ metrics }) => metrics.test.reconstruction,
    show: decimals(2),
  },
  {
    name: "Rate: KL(q(z|x) ‖ p(z)), test",
    short: "KL",
    unit: "nats",
    better: null,
    value: ({ metrics }) => metrics.test.kl,
    show: decimals(2),
  },
  {
    name: "Latent dimensions whose posterior mean varies with the input",
    short: "Active",
    unit: "units",
    better: null,
    value: ({ metrics }) => metrics.latent.activeUnits,
    show: decimals(1),
  },
  {
    name: "Accuracy of the classifier that learnt from few labels, test",
    short: "Classifier",
    unit: "%",
    better: "higher",
    value: ({ metrics }) => inPercent(metrics.classifier?.accuracy),
    show: decimals(1),
    conditions: ({ dataset, classifier }) =>
      [dataset.name, dataset.split, dataset.binarisation, classifier?.examples].join(" "),
  },
  {
    name: "Accuracy of a linear probe on posterior means, test",
    short: "Probe",
    unit: "%",
    better: "higher",
    value: (result) => inPercent(probeOf(result)?.linear),
    show: decimals(1),
    conditions: probes,
  },
  {
    name: "Accuracy of nearest neighbours among posterior means, test",
    short: "k-NN",
    unit: "%",
    better: "higher",
    value: (result) => inPercent(probeOf(result)?.nearest),
    show: decimals(1),
    conditions: probes,
  },
  {
    name: "Fréchet distance of samples to test images, on the features of a classifier trained here",
    short: "Fréchet",
    unit: "",
    better: "lower",
    value: ({ metrics }) => sampleQualityOf(metrics)?.judged?.frechet?.samples,
    show: decimals(1),
    conditions: judges,
  },
  {
    name: "Sharpness of samples: variance of the Laplacian, as a share of that of test images",
    short: "Sharpness",
    unit: "%",
    better: null,
    value: ({ metrics }) => {
      const quality = sampleQualityOf(metrics);
      return inPercent(quality && sharpnessOf(quality));
    },
    show: decimals(1),
  },
  {
    name: "Samples of the prior until a classifier is sure of a class that is wanted, mean over classes",
    short: "Queries",
    unit: "samples",
    better: "lower",
    value: ({ metrics }) => {
      const quality = sampleQualityOf(metrics);
      return quality && queriesOf(quality);
    },
    show: decimals(1),
    conditions: judges,
  },
];

/** The cost that the head of the page and the table of runs show, too. */
export const TRAINING_TIME: Measure = {
  name: "Wall time of the training",
  short: "Training",
  unit: "",
  better: null,
  value: ({ cost }) => cost.trainingSeconds ?? undefined,
  show: duration,
};

/** What a run costs; times hold for one machine and what else it did, so no best is marked. */
export const COSTS: readonly Measure[] = [
  {
    name: "Parameters",
    short: "Parameters",
    unit: "",
    better: null,
    value: ({ cost }) => cost.parameters,
    show: (value) => count(Math.round(value)),
  },
  TRAINING_TIME,
  {
    name: "Training examples a second",
    short: "Examples/s",
    unit: "",
    better: null,
    value: ({ cost }) => cost.examplesPerSecond ?? undefined,
    show: (value) => count(Math.round(value)),
  },
  {
    name: "Wall time of all stages",
    short: "All stages",
    unit: "",
    better: null,
    value: ({ cost }) => cost.totalSeconds ?? undefined,
    show: duration,
  },
];
