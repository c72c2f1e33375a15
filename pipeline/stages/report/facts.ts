import type { Fact, Quantity, ReportSpec, Verdict } from "../../report/data.ts";
import { count, nats, percent, plural } from "../../base/words.ts";
import type { KlSpec, LearningRateSpec, Likelihood, OptimiserSpec } from "../../spec/schema.ts";
import type { ElboMetrics, EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import { splitInWords } from "../../kinds/music/report.ts";

/** What the page needs of `model.json`. */
export interface TrainedModel {
  readonly parameters: number;
  readonly epochsDone: number;
  /** Of the weights that were kept. */
  readonly epoch: number;
}

export function statusOf({ training }: ReportSpec, { epochsDone, epoch }: TrainedModel): string {
  const done = epochsDone < training.epochs
    ? `Training stopped early, after ${plural(epochsDone, "epoch")} of at most ${count(training.epochs)}`
    : `Training is complete: ${plural(epochsDone, "epoch")}`;
  return epoch === epochsDone ? `${done}.` : `${done}; the weights are those of epoch ${epoch}, the best.`;
}

export function verdictOf({ test, importance, latent, probe, squaredError }: EvaluationMetrics): Verdict[] {
  const rows = new Map(probe?.rows.map((row) => [row.representation, row]));
  const [codes, pca] = [rows.get("posterior means"), rows.get("PCA")];
  return [
    {
      label: "Negative ELBO, test",
      value: nats(test.loss),
      unit: "nats",
      note: `${nats(test.reconstruction)} reconstruction + ${nats(test.kl)} KL`,
    },
    {
      label: "Importance-weighted bound, test",
      value: nats(-importance.logLikelihood),
      unit: "nats",
      note: plural(importance.samples, "sample") +
        (importance.standardError === null ? "" : `, ± ${nats(importance.standardError)}`),
    },
    {
      label: "Active units",
      value: String(latent.activeUnits),
      unit: `of ${latent.size}`,
      note: `variance of the posterior mean above ${latent.activeUnitThreshold}`,
    },
    codes && pca
      ? {
        label: "Linear probe, test",
        value: percent(codes.linear),
        unit: "",
        note: `on posterior means; ${percent(pca.linear)} on PCA`,
      }
      : {
        label: "Squared error, test",
        value: squaredError.vae.toFixed(2),
        unit: "",
        note: `${squaredError.pca.toFixed(2)} with PCA of the same size`,
      },
  ];
}

export function quantitiesOf(metrics: EvaluationMetrics): Quantity[] {
  const setting = {
    likelihood: likelihoodOf(metrics.likelihood),
    binarisation: metrics.dataset.binarisation,
  };
  const elbo = (split: string, measured: ElboMetrics): Quantity[] => {
    const shared = { ...setting, split, examples: measured.examples };
    return [
      {
        ...shared,
        name: "Negative ELBO",
        value: measured.loss,
        standardError: measured.standardError,
        note: `KL at weight 1, ${plural(measured.samples, "sample")} of z`,
      },
      {
        ...shared,
        name: "Reconstruction",
        value: measured.reconstruction,
        standardError: null,
        note: "−E[log p(x|z)]",
        part: true,
      },
      {
        ...shared,
        name: "KL(q(z|x) ‖ p(z))",
        value: measured.kl,
        standardError: null,
        note: "closed form",
        part: true,
      },
    ];
  };
  const { importance } = metrics;
  return [
    ...elbo("test", metrics.test),
    {
      ...setting,
      name: "Importance-weighted bound",
      value: -importance.logLikelihood,
      standardError: importance.standardError,
      split: "test",
      examples: importance.examples,
      note: `on −log p(x), ${
        plural(importance.samples, "sample")
      } of z; carried over to the other test examples by their ELBO`,
    },
    ...elbo("train", metrics.train),
  ];
}

/** What makes the numbers less than they seem: a split that leaks, or a likelihood that is none of binary images. */
export function caveatOf({ likelihood, dataset, music }: EvaluationMetrics): string | null {
  if (music?.split.method === "windows") return splitInWords(music);
  if (likelihood.family !== "bernoulli" || dataset.binarisation !== "none") return null;
  return "Intensities between 0 and 1 enter the Bernoulli likelihood as they are. Compare these numbers only with " +
    "others measured so, not with those on binarised images.";
}

export function latentOf({ latent, squaredError, gap }: EvaluationMetrics): Fact[] {
  return [
    {
      label: "Active units",
      value: `${latent.activeUnits} of ${latent.size}`,
      note: `variance of the posterior mean above ${latent.activeUnitThreshold}`,
    },
    {
      label: "Mutual information",
      value: `${nats(latent.mutualInformation)} nats`,
      note: `of example and code; ${count(latent.mutualInformationSamples)} samples, at most ${
        nats(latent.mutualInformationCeiling)
      } can be seen`,
    },
    {
      label: "Aggregate posterior to prior",
      value: `${nats(latent.momentMatchedKl)} nats`,
      note: "KL of a Gaussian with its mean and covariance, a lower bound",
    },
    {
      label: "Squared error",
      value: squaredError.vae.toFixed(2),
      note: `per test example; ${squaredError.pca.toFixed(2)} with PCA of ${
        plural(latent.size, "component")
      }`,
    },
    { label: "Test − train", value: `${nats(gap)} nats`, note: "difference of the negative ELBOs" },
  ];
}

export function modelOf(spec: ReportSpec, { parameters }: TrainedModel): Fact[] {
  const { model, training, kl, seed } = spec;
  const { optimiser, weightDecay, gradientClipNorm, batchSize, epochs } = training;
  const extras = [
    weightDecay > 0 && `weight decay ${weightDecay}`,
    gradientClipNorm !== undefined && `gradient norm at most ${gradientClipNorm}`,
  ].filter(Boolean).join(", ");
  return [
    { label: "Architecture", value: model.architecture, note: plural(parameters, "parameter") },
    { label: "Latent dimensions", value: count(model.latentSize) },
    { label: "Likelihood", value: likelihoodOf(model.likelihood) },
    {
      label: "KL weight",
      value: klOf(kl),
      ...(kl.freeBits > 0 ? { note: `${kl.freeBits} free nats a dimension` } : {}),
    },
    { label: "Optimiser", value: optimiserOf(optimiser), ...(extras ? { note: extras } : {}) },
    { label: "Learning rate", value: learningRateOf(training.learningRate) },
    { label: "Epochs", value: count(epochs), note: `batches of ${count(batchSize)}` },
    { label: "Seed", value: String(seed) },
  ];
}

export function likelihoodOf(likelihood: Likelihood): string {
  if (likelihood.family === "bernoulli") return "Bernoulli";
  const { standardDeviation } = likelihood;
  return standardDeviation === "learned" ? "Gaussian, σ learned" : `Gaussian, σ = ${standardDeviation}`;
}

function klOf(kl: KlSpec): string {
  if (kl.schedule === "constant") return `constant, ${kl.weight}`;
  const cycles = kl.schedule === "cyclical" ? `, ${plural(kl.cycles, "cycle")}` : "";
  return `${kl.schedule} from ${kl.startWeight} to ${kl.endWeight}, ${kl.unit}s ${kl.start} to ${kl.end}${cycles}`;
}

function optimiserOf(optimiser: OptimiserSpec): string {
  if (optimiser.name === "sgd") return `SGD, momentum ${optimiser.momentum}`;
  const { name, beta1, beta2 } = optimiser;
  return `${name === "adam" ? "Adam" : "AdamW"}, β ${beta1} and ${beta2}`;
}

function learningRateOf(schedule: LearningRateSpec): string {
  switch (schedule.schedule) {
    case "constant":
      return String(schedule.rate);
    case "piecewise":
      return [schedule.rate, ...schedule.changes.map(({ epoch, rate }) => `${rate} from epoch ${epoch}`)]
        .join(", ");
    case "cosine": {
      const warmup = schedule.warmupEpochs > 0
        ? `, ${plural(schedule.warmupEpochs, "epoch")} of warm-up`
        : "";
      return `cosine from ${schedule.rate} to ${schedule.endRate}${warmup}`;
    }
  }
}
