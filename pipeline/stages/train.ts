import { PARTS, readDatasetInfo, readImages } from "../artifacts/dataset.ts";
import type { Parameters } from "../engine/engine.ts";
import { exportOnnx } from "../engine/onnx/export.ts";
import { encodeCsv } from "../formats/csv.ts";
import { encodeNpy } from "../formats/npy.ts";
import { encodeSafetensors } from "../formats/safetensors.ts";
import type { LayerShape } from "../vae/architectures/architecture.ts";
import { createVae, type Vae } from "../vae/vae.ts";
import { Training, type TrainingResult } from "./training.ts";
import { METRICS_COLUMNS } from "./training/losses.ts";
import { loadModel, openEngine } from "./roles.ts";
import type { TrainContext, TrainingData } from "./training/update.ts";

/** Trains a VAE; docs/architecture.md lists what it writes. */
export async function run(context: TrainContext): Promise<void> {
  const path = (name: string) => context.input(`preprocess/${name}`);
  const info = await readDatasetInfo(path("dataset.json"));
  const parts = await Promise.all(PARTS.map(async (name) => [name, await readImages(name, info, path)]));
  const dataset: TrainingData = { info, ...Object.fromEntries(parts) };

  const engine = await openEngine(context);
  context.record("engine", `${engine.name}, ${engine.version}`);
  const { model, seed, training: { optimiser, weightDecay, gradientClipNorm } } = context.slice;
  const modules = await loadModel(context);
  const schedules = {
    kl: await context.load("klSchedule"),
    learningRate: await context.load("learningRate"),
  };
  const rule = (await context.load("optimiser")).updateRule(optimiser);
  const vae = createVae(model, info.shape, seed, modules);
  try {
    const parameters = engine.parameters(vae.variables, { rule, weightDecay, clipNorm: gradientClipNorm });
    const training = new Training(context, schedules, modules.likelihood, dataset, engine, vae, parameters);
    training.resume();
    await training.run();
    const result = training.result();
    await writeOutputs(context, dataset, vae, modules.architecture.describeLayers(model, info.shape), result);
    for (const [name, value] of Object.entries(result.weights)) parameters.set(name, value);
    await writeNetworks(context, dataset.train.size, vae, parameters);
  } finally {
    engine.dispose();
    vae.dispose();
  }
}

async function writeOutputs(
  { slice: { model, training }, output }: TrainContext,
  { info: { shape } }: TrainingData,
  vae: Vae,
  layers: readonly LayerShape[],
  { weights, epoch, epochsDone, rows, snapshots, latentExamples, latents, manifolds }: TrainingResult,
): Promise<void> {
  const tensors = Object.fromEntries(
    vae.variables.map((
      variable,
    ) => [variable.name, { shape: variable.shape, data: weights[variable.name]! }]),
  );
  const metadata = { model: JSON.stringify(model), inputShape: JSON.stringify(shape) };
  await Deno.writeFile(output("weights.safetensors"), encodeSafetensors(tensors, metadata));
  await Deno.writeTextFile(output("metrics.csv"), encodeCsv({ columns: METRICS_COLUMNS, rows }));

  const examples = latentExamples.length;
  const codes = new Float32Array(snapshots.length * examples * model.latentSize);
  latents.forEach((values, i) => codes.set(values, i * values.length));
  await Deno.writeFile(
    output("latents.npy"),
    encodeNpy({ shape: [snapshots.length, examples, model.latentSize], data: codes }),
  );
  if (training.manifoldSnapshots !== undefined) {
    const side = training.manifoldSnapshots;
    // What a screen can show of a mean: 256 levels.
    const levels = manifolds.map((values) => Uint8Array.from(values, (mean) => Math.round(255 * mean)));
    await Deno.writeFile(
      output("manifolds.npy"),
      encodeNpy({ shape: [snapshots.length, side, side, ...shape], data: concatenated(levels) }),
    );
  }
  await writeJson(output("latents.json"), { epochs: snapshots, examples: Array.from(latentExamples) });
  await writeJson(output("model.json"), {
    architecture: model.architecture,
    inputShape: shape,
    latentSize: model.latentSize,
    likelihood: model.likelihood,
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

/** Both halves of the model for any ONNX runtime, with the weights inside. */
async function writeNetworks(
  { output }: TrainContext,
  size: number,
  vae: Vae,
  parameters: Parameters,
): Promise<void> {
  const encoder = exportOnnx({
    parameters,
    inputs: { x: { shape: [1, size], batched: true } },
    fn: ({ x }) => ({ ...vae.encode(x!) }),
  });
  const z = { shape: [1, vae.latentSize], batched: true };
  const decoder = exportOnnx({
    parameters,
    // An autoregressive decoder also reads the example, each step one late.
    inputs: vae.autoregression ? { z, x: { shape: [1, size], batched: true } } : { z },
    fn: ({ z, x }) => ({ mean: vae.likelihood.mean(vae.decode(z!, x)) }),
  });
  await Deno.writeFile(output("encoder.onnx"), encoder);
  await Deno.writeFile(output("decoder.onnx"), decoder);
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function writeJson(path: string, value: unknown): Promise<void> {
  return Deno.writeTextFile(path, JSON.stringify(value, null, 2) + "\n");
}
