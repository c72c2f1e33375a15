import { writeArtifact } from "../artifacts/artifact.ts";
import { hasClasses, PARTS, readDatasetInfo, readPart, readUnlabelledPart } from "../artifacts/dataset.ts";
import { DECODED, LATENTS, LATENTS_JSON, MANIFOLDS } from "../artifacts/latents.ts";
import { GAME_CSV } from "../artifacts/game_csv.ts";
import { METRICS_CSV } from "../artifacts/metrics_csv.ts";
import { MODEL_JSON } from "../artifacts/model_json.ts";
import { WEIGHTS } from "../artifacts/weights.ts";
import { UserError } from "../base/errors.ts";
import { titleOfVariant } from "../base/own_module.ts";
import { concatenated } from "../base/arrays.ts";
import type { tf } from "../engine/tfjs.ts";
import { layersOf } from "../inference/layers.ts";
import { UnknownOperation } from "../engine/trace/unknown.ts";
import { exportNetworks, type Networks } from "../inference/networks.ts";
import type { LayerShape } from "../vae/architectures/architecture.ts";
import { createClassPosterior } from "../vae/class_posterior.ts";
import { createVae, type Vae } from "../vae/vae.ts";
import { Training, type TrainingResult } from "./training.ts";
import { loadModel, openEngine } from "./roles.ts";
import { refuseTooLarge } from "./training/memory.ts";
import { playersOf } from "./training/players.ts";
import type { TrainContext, TrainingData } from "./training/update.ts";

/** Trains a VAE; docs/files.md lists what it writes. */
export async function run(context: TrainContext): Promise<void> {
  const path = (name: string) => context.input(`preprocess/${name}`);
  const info = await readDatasetInfo(path("dataset.json"));
  const { conditional } = context.slice.model;
  if (conditional && !hasClasses(info)) {
    throw new UserError("Cannot train a conditional model: the data have one class alone", {
      notes: ["Next: leave model.conditional out, or take data with labels."],
    });
  }
  const read = conditional ? readPart : readUnlabelledPart;
  const parts = await Promise.all(PARTS.map(async (name) => [name, await read(name, info, path)]));
  const dataset: TrainingData = { info, ...Object.fromEntries(parts) };

  const engine = await openEngine(context);
  context.record("engine", `${engine.name}, ${engine.version}`);
  const { model, seed, training: { optimiser, weightDecay, gradientClipNorm } } = context.slice;
  const modules = await loadModel(context);
  const objective = (await context.load("objective")).createObjective(context.slice.objective);
  const schedules = {
    kl: await context.load("klSchedule"),
    learningRate: await context.load("learningRate"),
  };
  const rule = (await context.load("optimiser")).updateRule(optimiser);
  const vae = createVae(model, info.shape, seed, modules, info.classes.length);
  const { adversary, labels } = objective;
  const twin = { seed, model, inputShape: info.shape, architecture: modules.architecture };
  const discriminator = adversary?.createDiscriminator(twin);
  const classPosterior = labels && createClassPosterior(twin, vae.classes);
  const kept = [...vae.variables, ...classPosterior?.variables ?? []];
  const variables = [...kept, ...discriminator?.variables ?? []];
  try {
    refuseTooLarge(
      variables.reduce((sum, { size }) => sum + size, 0),
      model.latentSize,
      context.memoryBytes,
    );
    const parameters = engine.parameters(variables, {
      rule,
      weightDecay,
      clipNorm: gradientClipNorm,
      groups: discriminator && playersOf(vae, discriminator, adversary!),
    });
    const layers = layersOf(modules, model, info.shape, vae, parameters);
    const training = new Training(
      context,
      objective,
      schedules,
      modules.likelihood,
      dataset,
      engine,
      vae,
      parameters,
      { discriminator, classPosterior },
    );
    training.resume();
    await training.run();
    const result = training.result();
    await writeOutputs(context, dataset, vae, kept, layers, result);
    for (const [name, value] of Object.entries(result.weights)) parameters.set(name, value);
    const networks = exported(context, () => exportNetworks(parameters, vae, info.shape, classPosterior));
    for (const [name, bytes] of Object.entries(networks)) {
      await Deno.writeFile(context.output(`${name}.onnx`), bytes);
    }
  } finally {
    engine.dispose();
    variables.forEach((variable) => variable.dispose());
  }
}

/** The networks, or none where the model has an operation that cannot be exported. */
function exported(context: TrainContext, networks: () => Networks): Networks {
  try {
    return networks();
  } catch (error) {
    if (!(error instanceof UnknownOperation)) throw error;
    context.notice(`The model is not exported as ONNX, for want of ${error.operation}`);
    return {};
  }
}

async function writeOutputs(
  context: TrainContext,
  { info: { shape, classes } }: TrainingData,
  vae: Vae,
  kept: readonly tf.Variable[],
  layers: readonly LayerShape[],
  {
    weights,
    epoch,
    epochsDone,
    rows,
    games,
    snapshots,
    latentExamples,
    latents,
    decoded,
    decodedCounts,
    manifolds,
  }: TrainingResult,
): Promise<void> {
  const { model, training } = context.slice;
  const tensors = Object.fromEntries(
    kept.map(({ name, shape }) => [name, { shape, data: weights[name]! }]),
  );
  const metadata = { model: JSON.stringify(model), inputShape: JSON.stringify(shape) };
  await writeArtifact(context, WEIGHTS, { tensors, metadata });
  await writeArtifact(context, METRICS_CSV, rows);
  if (games.length > 0) await writeArtifact(context, GAME_CSV, games);
  await writeArtifact(context, LATENTS, {
    shape: [snapshots.length, latentExamples.length, model.latentSize],
    data: concatenated(Float32Array, latents),
  });
  await writeArtifact(context, LATENTS_JSON, {
    epochs: snapshots,
    examples: Array.from(latentExamples),
    decoded: decodedCounts,
  });
  const { samples, reconstructions, side } = decodedCounts;
  await writeArtifact(context, DECODED, {
    shape: [snapshots.length, samples + reconstructions + side ** 2, ...shape],
    data: concatenated(Uint8Array, decoded.map(levels)),
  });
  if (training.manifoldSnapshots !== undefined) {
    const side = training.manifoldSnapshots;
    await writeArtifact(context, MANIFOLDS, {
      shape: [snapshots.length, side, side, ...shape],
      data: concatenated(Uint8Array, manifolds.map(levels)),
    });
  }
  await writeArtifact(context, MODEL_JSON, {
    architecture: titleOfVariant(model, model.architecture),
    inputShape: shape,
    latentSize: model.latentSize,
    likelihood: model.likelihood,
    ...(model.prior ? { prior: model.prior } : {}),
    ...(vae.classes > 0 ? { classes } : {}),
    parameters: vae.variables.reduce((sum, { size }) => sum + size, 0),
    layers: layers.map(({ name, kind, input, output, parameters }) => ({
      name,
      kind,
      input,
      output,
      parameters,
    })),
    epoch,
    epochsDone,
  });
}

/** Means as bytes; those of a likelihood on all numbers are cut to what can be shown. */
function levels(means: Float32Array): Uint8Array {
  return new Uint8Array(Uint8ClampedArray.from(means, (mean) => Math.round(255 * mean)));
}
