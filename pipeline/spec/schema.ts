import { z } from "zod";
import { DATA } from "../datasets/datasets.ts";
import { FIGURE_NAMES, FIGURE_OPTIONS } from "../figures/figures.ts";
import { generation } from "../kinds/music/schema.ts";
import { OPTIMISERS } from "../engine/update/optimisers/optimisers.ts";
import { moduleFields } from "../base/own_module.spec.ts";
import { variantUnion } from "../base/variant_union.ts";
import { MODELS } from "../vae/architectures/architectures.ts";
import { KL_SCHEDULES } from "../vae/kl_schedules/kl_schedules.ts";
import { GOALS } from "../vae/objectives/objectives.ts";
import { LEARNING_RATES } from "../vae/learning_rates/learning_rates.ts";

// What an experiment is. This one schema gives the TypeScript types, the validation, the defaults and
// `experiments/experiment.schema.json`. Unknown keys are errors everywhere.

const count = () => z.int().min(1);
const nonNegative = () => z.number().min(0);

// ---------------------------------------------------------------- variants

const dataset = variantUnion("name", DATA).describe("Which data, and how they become examples.");
const model = variantUnion("architecture", MODELS);
const objective = variantUnion("name", GOALS);
const kl = variantUnion("schedule", KL_SCHEDULES);
const learningRate = variantUnion("schedule", LEARNING_RATES);
const optimiser = variantUnion("name", OPTIMISERS);

// ---------------------------------------------------------------- training

const training = z.strictObject({
  epochs: count().default(20),
  batchSize: count().default(128).describe("An epoch drops the last partial batch."),
  optimiser: optimiser.prefault({ name: "adam" }),
  learningRate: learningRate.prefault({ schedule: "constant" }),
  weightDecay: nonNegative().default(0),
  gradientClipNorm: z.number().positive().optional().describe("Upper bound of the global gradient norm."),
  earlyStopping: z.strictObject({
    patience: count().describe("Epochs without improvement before stopping."),
    minimumImprovement: nonNegative().default(0).describe("In nats."),
  }).optional().describe(
    "Ends the training where what it minimises, measured on the validation part, no longer falls, and keeps the weights " +
      "of the best epoch. It watches from where the KL weight is what it ends as: before, something else is minimised.",
  ),
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
  importanceSamples: count().max(1_000_000).default(500).describe(
    "Samples per example of the importance-weighted bound.",
  ),
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

const figures = z.strictObject({
  show: z.array(z.enum(FIGURE_NAMES)).optional().describe(
    "Which figures, in which order. Default: all that suit the data. The manifold needs two latent dimensions " +
      "and is passed over without.",
  ),
  ...FIGURE_OPTIONS,
  own: z.array(z.strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/).describe("Names its files."),
    ...moduleFields,
  })).max(50).optional().describe(
    "Figures of your own, which are shown behind all others (docs/own-model.md).",
  ),
});

/** An experiment as it is written, with the defaults of single values. Only `name`, `dataset` and `model` have none. */
export const writtenSchema = z.strictObject({
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
  objective: objective.prefault({ name: "elbo" }),
  kl: kl.prefault({ schedule: "constant" }),
  training: training.prefault({}),
  evaluation: evaluation.prefault({}),
  generation: generation.prefault({}),
  figures: figures.prefault({}),
});

/** A spec with the defaults of single values, before `fillDefaults` adds those that depend on others. */
export type WrittenExperiment = z.output<typeof writtenSchema>;
/** The model, of any architecture. */
export type ModelSpec = z.output<typeof model>;
/** What training minimises. */
export type ObjectiveChoice = z.output<typeof objective>;
/** The schedule of the KL term's weight. */
export type KlSpec = z.output<typeof kl>;
