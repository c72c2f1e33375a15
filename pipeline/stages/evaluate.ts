import { type PartName, readDataset, readDatasetInfo } from "../artifacts/dataset.ts";
import { finiteOrNull } from "../base/json.ts";
import { classAccuracy } from "../inference/class_accuracy.ts";
import { openTrained } from "../inference/trained.ts";
import { bitsPerDimension, elboMetrics, measureImportance } from "./evaluate/importance.ts";
import { measureLatent } from "./evaluate/latent.ts";
import { writeExamples, writeMetrics } from "./evaluate/outputs.ts";
import { compareRepresentations, type Encoded } from "./evaluate/representations.ts";
import { measureStudies } from "./evaluate/studies.ts";
import { labelled, measuredPart } from "../inference/subject.ts";
import { engineProduct } from "../inference/engine_product.ts";
import { classRegion } from "../metrics/class_region.ts";
import { writeArtifact } from "../artifacts/artifact.ts";
import { CLASS_REGIONS } from "../artifacts/class_regions.ts";
import type { EvaluateContext, Evaluated, Measured } from "./evaluate/subject.ts";
import type { EvaluationMetrics } from "../artifacts/metrics_json.ts";
import { allIndices, LossEvaluator, sampleIndices } from "../inference/example_losses.ts";
import { loadModel, openEngine } from "./roles.ts";
import { pauseWithin } from "../base/pause.ts";

/** Training examples that losses are compared on, PCA and probes are fitted to, and neighbours are found among. */
const REFERENCE_EXAMPLES = 10_000;
/** The most values that these examples may have together: a quarter of a gigabyte. */
const REFERENCE_VALUES = 2 ** 26;

/** Measures a trained model; docs/files.md lists what it writes. */
export async function run(context: EvaluateContext): Promise<void> {
  const { slice } = context;
  const info = await readDatasetInfo(context.input("preprocess/dataset.json"));
  const weights = await Deno.readFile(context.input("train/weights.safetensors"));
  const engine = await openEngine(context);
  context.record("engine", `${engine.name}, ${engine.version}`);
  try {
    using trained = openTrained(engine, slice.model, await loadModel(context), info, weights);
    const subject = {
      slice,
      seed: slice.seed,
      dataset: { info },
      engine,
      vae: trained.vae,
      parameters: trained.parameters,
      classPosterior: trained.classPosterior,
      report: (fraction: number, text: string) => context.progress({ fraction, text }),
      pause: pauseWithin(context.signal),
    };
    await evaluate(subject, await measureParts(subject, context), context);
  } finally {
    engine.dispose();
  }
}

/** All that asks for whole parts of the dataset: when it returns they may go, before large matrices come. */
async function measureParts(model: Measured, context: EvaluateContext) {
  const { slice, engine, vae, parameters, report, pause } = model;
  const dataset = await readDataset((name) => context.input(`preprocess/${name}`));
  const subject: Evaluated = { ...model, dataset };
  const { train, validation, test } = dataset;
  const evaluator = new LossEvaluator(engine, parameters, vae, test.size);
  const most = Math.min(REFERENCE_EXAMPLES, Math.floor(REFERENCE_VALUES / train.size));
  const measure = (name: PartName, indices: Uint32Array) =>
    evaluator.measure(measuredPart(subject, name), indices, pause);
  const encode = async (name: "train" | "test", indices: Uint32Array): Promise<Encoded> => ({
    losses: await measure(name, indices),
    ...labelled(subject, name, indices),
  });

  report(0, "losses of the test examples");
  const tested = await encode("test", allIndices(test.examples));
  report(0.03, "losses of the validation examples");
  const validated = await measure("validation", allIndices(validation.examples));
  report(0.05, "losses of training examples");
  const trained = await encode("train", sampleIndices(slice.seed, "train", train.examples, most));
  const importance = await measureImportance(subject, tested.losses);
  const kind = await context.load("kind");
  const ofKind = await kind.measure(subject, tested.losses, slice.generation, context, importance.measured);
  return { tested, validated, trained, importance, ofKind };
}

async function evaluate(
  subject: Measured,
  { tested, validated, trained, importance, ofKind }: Awaited<ReturnType<typeof measureParts>>,
  context: EvaluateContext,
): Promise<void> {
  const { slice, dataset: { info }, engine, vae, parameters, classPosterior, report, pause } = subject;
  report(0.72, "mutual information");
  const latent = measureLatent(slice, tested.losses);
  await pause();
  const product = engineProduct(engine);
  const comparison = await compareRepresentations(subject, trained, tested, product);
  const classifier = classPosterior && {
    accuracy: classAccuracy(engine, parameters, classPosterior, tested),
    examples: tested.features.rows,
  };
  const regions = info.classes.map((_, label) => classRegion(trained.losses, trained.labels, label));
  const studies = await measureStudies(subject, trained, tested, { regions, product }, context);

  const [trainElbo, testElbo] = [elboMetrics(trained.losses), elboMetrics(tested.losses)];
  const likelihoods = {
    test: testElbo,
    validation: validated.reconstruction.length > 0 ? elboMetrics(validated) : null,
    train: trainElbo,
    importance: importance.metrics,
  };
  const bits = bitsPerDimension(subject, likelihoods);
  const metrics: EvaluationMetrics = {
    dataset: { name: info.name, split: info.split, binarisation: info.binarisation },
    likelihood: slice.model.likelihood,
    parameters: vae.variables.reduce((sum, { size }) => sum + size, 0),
    test: testElbo,
    validation: likelihoods.validation,
    train: trainElbo,
    gap: testElbo.loss - trainElbo.loss,
    gapStandardError: finiteOrNull(
      Math.hypot(testElbo.standardError ?? NaN, trainElbo.standardError ?? NaN),
    ),
    importance: importance.metrics,
    ...(bits ? { bitsPerDimension: bits } : {}),
    latent: latent.metrics,
    ...comparison,
    ...(classifier ? { classifier } : {}),
    ...ofKind,
    ...(studies ? { studies } : {}),
  };
  await writeMetrics(context, metrics, importance.curve, latent.rows);
  await writeExamples(context, tested.losses);
  await writeArtifact(context, CLASS_REGIONS, { latentSize: vae.latentSize, regions });
  report(1, `test loss ${testElbo.loss.toFixed(2)} nats`);
}
