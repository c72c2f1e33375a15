import type { ElboMetrics, EvaluationMetrics } from "../artifacts/metrics_json.ts";
import type { ModelInfo } from "../artifacts/model_json.ts";
import { titleOfVariant } from "../base/own_module.ts";
import { count, nats, percent, plural } from "../base/words.ts";
import type { Fact, Quantity, VariantWords, Verdict } from "./data.ts";
import type { ReportedSpec } from "./reported_spec.ts";

/** How training ended, and which weights were kept. */
export function statusOf({ training }: ReportedSpec, { epochsDone, epoch }: ModelInfo): string {
  const done = epochsDone < training.epochs
    ? `Training stopped early, after ${plural(epochsDone, "epoch")} of at most ${count(training.epochs)}`
    : `Training is complete: ${plural(epochsDone, "epoch")}`;
  return epoch === epochsDone ? `${done}.` : `${done}; the weights are those of epoch ${epoch}, the best.`;
}

/** The numbers at the head of the page. */
export function verdictOf(
  { test, importance, latent, probe, classifier, squaredError }: EvaluationMetrics,
): Verdict[] {
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
      note: isCollapsed(latent) ? "posterior collapse" : activeRule(latent),
    },
    classifier
      ? {
        label: "Classifier, test",
        value: percent(classifier.accuracy),
        unit: "",
        note: `of ${count(classifier.examples)} test examples, told by q(y|x)`,
      }
      : codes && pca
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

/** Likelihoods and their parts, each with what it depends on. */
export function quantitiesOf(
  metrics: EvaluationMetrics,
  { likelihood, standardNormalPrior }: VariantWords,
): Quantity[] {
  const setting = {
    likelihood,
    binarisation: metrics.dataset.binarisation,
  };
  const { importance, bitsPerDimension } = metrics;
  const inBits = (value: number | undefined) =>
    value === undefined ? "" : `; ${value.toFixed(3)} bits per dimension`;
  const elbo = (split: "test" | "validation" | "train", measured: ElboMetrics): Quantity[] => {
    const shared = { ...setting, split, examples: measured.examples };
    return [
      {
        ...shared,
        name: "Negative ELBO",
        value: measured.loss,
        standardError: measured.standardError,
        note: `KL at weight 1, ${plural(measured.samples, "sample")} of z${
          inBits(bitsPerDimension?.[split])
        }`,
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
        note: standardNormalPrior ? "closed form" : "estimated at one sample of z",
        part: true,
      },
    ];
  };
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
      } of z; carried over to the other test examples by their ELBO${inBits(bitsPerDimension?.importance)}`,
    },
    ...(metrics.validation ? elbo("validation", metrics.validation) : []),
    ...elbo("train", metrics.train),
  ];
}

/** What readers must know of the likelihood before they compare it with published ones; null where it is nothing. */
export function likelihoodCaveat(
  { binaryLikelihood, density }: VariantWords,
  binarisation: string,
): string | null {
  if (density !== null) {
    return `The ${density} likelihood is a density over values from 0 to 1, no probability: a loss below 0 is ` +
      "nothing odd. Compare these numbers only with those of densities on the same scale.";
  }
  if (binaryLikelihood === null || binarisation !== "none") return null;
  return `Intensities between 0 and 1 enter the ${binaryLikelihood} likelihood as they are. Compare these numbers ` +
    "only with others measured so, not with those on binarised images.";
}

/** How the model uses its latent space. */
export function latentOf(
  { latent, squaredError, gap, gapStandardError }: EvaluationMetrics,
): Fact[] {
  return [
    {
      label: "Active units",
      value: `${latent.activeUnits} of ${latent.size}`,
      note: isCollapsed(latent)
        ? `${
          activeRule(latent)
        }. This is posterior collapse: the code says nothing of the example, and the decoder ` +
          "makes the same of every one."
        : activeRule(latent),
    },
    {
      label: "Mutual information",
      value: `${nats(latent.mutualInformation)} of at most ${nats(latent.mutualInformationCeiling)} nats`,
      note:
        `of example and code, from ${
          count(latent.mutualInformationSamples)
        } samples; the most that can be seen ` +
        "is the logarithm of the number of test examples",
    },
    {
      label: "Aggregate posterior to N(0, I)",
      value: `${nats(latent.momentMatchedKl)} nats`,
      note:
        "KL of a Gaussian with its mean and covariance, a lower bound; corrected for the number of examples",
    },
    {
      label: "Squared error",
      value: squaredError.vae.toFixed(2),
      note: `per test example; ${squaredError.pca.toFixed(2)} with PCA of ${
        plural(latent.size, "component")
      }`,
    },
    {
      label: "Test − train",
      value: `${nats(gap)}${gapStandardError === null ? "" : ` ± ${nats(gapStandardError)}`} nats`,
      note: "difference of the negative ELBOs, with its standard error",
    },
  ];
}

type LatentMetrics = EvaluationMetrics["latent"];

/** Whether no dimension of the code depends on the example. */
function isCollapsed({ activeUnits }: LatentMetrics): boolean {
  return activeUnits === 0;
}

function activeRule({ activeUnitThreshold }: LatentMetrics): string {
  return `variance of the posterior mean above ${activeUnitThreshold}`;
}

/** The settings of model and training. */
export function modelOf(spec: ReportedSpec, words: VariantWords, { parameters }: ModelInfo): Fact[] {
  const { model, training, kl, seed } = spec;
  const { weightDecay, gradientClipNorm, batchSize, epochs } = training;
  const extras = [
    weightDecay > 0 && `weight decay ${weightDecay}`,
    gradientClipNorm !== undefined && `gradient norm at most ${gradientClipNorm}`,
  ].filter(Boolean).join(", ");
  return [
    {
      label: "Architecture",
      value: titleOfVariant(model, model.architecture),
      note: plural(parameters, "parameter"),
    },
    ...(model.conditional
      ? [{
        label: "Conditional",
        value: "on the class",
        note: "so likelihoods are of p(x|y), and z need not say it",
      }]
      : []),
    { label: "Latent dimensions", value: count(model.latentSize) },
    { label: "Likelihood", value: words.likelihood },
    { label: "Prior", value: words.prior },
    { label: "Objective", value: words.objective },
    {
      label: "KL weight",
      value: words.klWeight,
      ...(kl.freeBits > 0 ? { note: `${kl.freeBits} free nats a dimension` } : {}),
    },
    { label: "Optimiser", value: words.optimiser, ...(extras ? { note: extras } : {}) },
    { label: "Learning rate", value: words.learningRate },
    { label: "Epochs", value: count(epochs), note: `batches of ${count(batchSize)}` },
    { label: "Seed", value: String(seed) },
  ];
}
