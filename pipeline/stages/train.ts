import { PARTS, readDatasetInfo, readImages } from "../datasets/dataset.ts";
import { openEngine } from "../engine/open.ts";
import { encodeCsv } from "../formats/csv.ts";
import { encodeNpy } from "../formats/npy.ts";
import { encodeSafetensors } from "../formats/safetensors.ts";
import type { StageContext } from "../graph/stage.ts";
import { describeLayers } from "../spec/geometry.ts";
import { createVae, type Vae } from "../vae/vae.ts";
import {
  METRICS_COLUMNS,
  Training,
  type TrainingData,
  type TrainingResult,
  type TrainSlice,
} from "./training.ts";

/** Trains a VAE; docs/architecture.md lists what it writes. */
export async function run(context: StageContext<TrainSlice>): Promise<void> {
  const path = (name: string) => context.input(`preprocess/${name}`);
  const info = await readDatasetInfo(path("dataset.json"));
  const parts = await Promise.all(PARTS.map(async (name) => [name, await readImages(name, info, path)]));
  const dataset: TrainingData = { info, ...Object.fromEntries(parts) };

  const { engine, notice } = await openEngine(context.settings.engine);
  if (notice) context.notice(notice);
  context.record("engine", `${engine.name}, ${engine.version}`);
  const vae = createVae(context.slice.model, info.shape, context.slice.seed);
  try {
    const training = new Training(context, dataset, engine, vae);
    training.resume();
    await training.run();
    await writeOutputs(context, dataset, vae, training.result());
  } finally {
    engine.dispose();
    vae.dispose();
  }
}

async function writeOutputs(
  { slice: { model }, output }: StageContext<TrainSlice>,
  { info: { shape } }: TrainingData,
  vae: Vae,
  { weights, epoch, epochsDone, rows, snapshots, latentExamples, latents }: TrainingResult,
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
  await writeJson(output("latents.json"), { epochs: snapshots, examples: Array.from(latentExamples) });
  await writeJson(output("model.json"), {
    architecture: model.architecture,
    inputShape: shape,
    latentSize: model.latentSize,
    likelihood: model.likelihood,
    parameters: vae.variables.reduce((sum, { size }) => sum + size, 0),
    layers: describeLayers(model, shape),
    epoch,
    epochsDone,
  });
}

function writeJson(path: string, value: unknown): Promise<void> {
  return Deno.writeTextFile(path, JSON.stringify(value, null, 2) + "\n");
}
