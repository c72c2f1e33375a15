import { z } from "zod";
import { DATASETS } from "../datasets/datasets.ts";
import { generation } from "../kinds/music/schema.ts";
import { variantUnion } from "../base/variant_union.ts";
import { ARCHITECTURES } from "../vae/architectures/architectures.ts";
import { KL_SCHEDULES } from "../vae/kl_schedules/kl_schedules.ts";
import { LEARNING_RATES } from "../vae/learning_rates/learning_rates.ts";
import { fillDefaults } from "./defaults.ts";

/**
 * What an experiment is. This one schema gives the TypeScript types, the validation, the defaults and
 * `experiments/experiment.schema.json`. Unknown keys are errors everywhere.
 */

const count = () => z.int().min(1);
const nonNegative = () => z.number().min(0);

// ---------------------------------------------------------------- variants

const dataset = variantUnion("name", DATASETS).describe("Which data, and how they become examples.");
const model = variantUnion("architecture", ARCHITECTURES);
const kl = variantUnion("schedule", KL_SCHEDULES);
const learningRate = variantUnion("schedule", LEARNING_RATES);

// ---------------------------------------------------------------- training

const optimiser = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("sgd"), momentum: z.number().min(0).lt(1).default(0) }),
  z.strictObject({
    name: z.literal("adam"),
    beta1: z.number().min(0).lt(1).default(0.9),
    beta2: z.number().min(0).lt(1).default(0.999),
    epsilon: z.number().positive().default(1e-8),
  }).describe("Adam; weight decay is added to the gradient (L2)."),
  z.strictObject({
    name: z.literal("adamw"),
    beta1: z.number().min(0).lt(1).default(0.9),
    beta2: z.number().min(0).lt(1).default(0.999),
    epsilon: z.number().positive().default(1e-8),
  }).describe("Adam with decoupled weight decay (Loshchilov and Hutter, 2019)."),
]);

const training = z.strictObject({
  epochs: count().default(20),
  batchSize: count().default(128).describe("An epoch drops the last partial batch."),
  optimiser: optimiser.prefault({ name: "adam" }),
  learningRate: learningRate.prefault({ schedule: "constant" }),
  weightDecay: nonNegative().default(0),
  gradientClipNorm: z.number().positive().optional().describe("Upper bound of the global gradient norm."),
  earlyStopping: z.strictObject({
    patience: count().describe("Epochs without improvement of the validation loss before stopping."),
    minimumImprovement: nonNegative().default(0).describe("In nats."),
  }).optional(),
  inputNoise: z.number().positive().max(10).optional().describe(
    "Standard deviation of the Gaussian noise that is added to what the encoder sees, clipped to [0, 1]; the decoder " +
      "is held to the clean example (denoising VAE: Im et al., 2017). Default: none.",
  ),
  latentSnapshots: z.array(z.int().min(0)).max(100).optional().describe(
    "Epochs whose latent codes of the test set are kept; 0 is before training. Default: a few, denser at the start.",
  ),
  manifoldSnapshots: z.int().min(2).max(20).optional().describe(
    "Side of a grid of z that is decoded at each of these epochs too, for the animation of the manifold; of two " +
      "latent dimensions. Default: none.",
  ),
});

// ---------------------------------------------------------------- evaluation and figures

const evaluation = z.strictObject({
  importanceSamples: count().default(500).describe("Samples per example of the importance-weighted bound."),
  importanceExamples: count().optional().describe(
    "Test examples that it is estimated on. Default: 100, or all where the test part has fewer.",
  ),
  activeUnitThreshold: nonNegative().default(0.01).describe(
    "Variance of the posterior mean (Burda et al., 2016).",
  ),
  probe: z.boolean().default(true).describe(
    "Linear-probe and k-NN accuracy of posterior means, PCA and raw inputs.",
  ),
  neighbours: count().default(5).describe("k of k-NN."),
});

export const FIGURES = [
  "architecture",
  "learning-curves",
  "prior-samples",
  "manifold",
  "latent-scatter",
  "posterior-evolution",
  "reconstructions",
  "interpolation",
  "kl-per-dimension",
  "importance-bound",
  "class-samples",
  "music-statistics",
  "posterior-animation",
  "manifold-animation",
  "completion",
  "denoising",
  "attributes",
] as const;

/** Figures of images whose numbers the evaluation measures where they are asked for. */
export const STUDIES = ["completion", "denoising", "attributes", "class-samples"] as const;

const figures = z.strictObject({
  show: z.array(z.enum(FIGURES)).optional().describe(
    "Which figures, in which order. Default: all that suit the data. The manifold needs two latent dimensions " +
      "and is passed over without.",
  ),
  samples: z.int().min(1).max(400).optional().describe(
    "Number of prior samples. Default: 64 images, or 6 pieces of music.",
  ),
  manifoldSize: z.int().min(2).max(40).default(15).describe("Side of the manifold's grid."),
  manifoldTail: z.number().gt(0).lt(0.5).default(0.05).describe(
    "The grid spans the inverse normal CDF of [tail, 1 - tail].",
  ),
  reconstructions: z.int().min(2).max(40).optional().describe(
    "Test examples shown beside their reconstructions. Default: 10 images, or 3 pieces of music.",
  ),
  interpolation: z.strictObject({
    from: z.int().min(0).optional().describe(
      "Class of the first example. Default: 1 for images, 0 for music.",
    ),
    to: z.int().min(0).optional().describe(
      "Class of the second example. Default: 7 for images, the last class for music.",
    ),
    steps: z.int().min(3).max(25).optional().describe(
      "Points on the way, both ends among them. Default: 9 for images, 5 for music.",
    ),
  }).prefault({}),
  scatterPoints: z.int().min(1).max(10000).optional().describe(
    "Test examples shown in latent scatters. Default: 4000, or all where the test part has fewer.",
  ),
});

const written = z.strictObject({
  $schema: z.string().optional().describe("The JSON Schema that editors check this file with."),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/).describe(
    "Names the report's folder: at most 64 lower-case letters, digits and hyphens, the first no hyphen.",
  ),
  title: z.string().max(200).optional().describe("Heads the report. Default: the name."),
  description: z.string().max(2000).optional().describe("Opens the report: what this experiment is for."),
  seed: z.int().min(0).max(2 ** 32 - 1).default(1).describe(
    "Every random number of the experiment follows from it.",
  ),
  dataset,
  model,
  kl: kl.prefault({ schedule: "constant" }),
  training: training.prefault({}),
  evaluation: evaluation.prefault({}),
  generation: generation.prefault({}),
  figures: figures.prefault({}),
});

/** A complete experiment. Only `name`, `dataset` and `model` have no default. */
export const experimentSchema = written.transform(fillDefaults);

/** A spec as a user writes it. */
export type ExperimentInput = z.input<typeof experimentSchema>;
/** A spec with the defaults of single values, before `fillDefaults` adds those that depend on others. */
export type WrittenExperiment = z.output<typeof written>;
/** A spec with every default filled in. */
export type Experiment = z.output<typeof experimentSchema>;
export type DatasetSpec = Experiment["dataset"];
export type GenerationSpec = z.output<typeof generation>;
export type ModelSpec = Experiment["model"];
export type Likelihood = ModelSpec["likelihood"];
export type KlSpec = z.output<typeof kl>;
export type TrainingSpec = Experiment["training"];
export type OptimiserSpec = z.output<typeof optimiser>;
export type LearningRateSpec = z.output<typeof learningRate>;
export type EvaluationSpec = Experiment["evaluation"];
export type FiguresSpec = Experiment["figures"];
export type FigureName = typeof FIGURES[number];
export type StudyName = typeof STUDIES[number];
