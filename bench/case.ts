import * as tf from "@tensorflow/tfjs";
import { decodeSafetensors, encodeSafetensors, type FloatTensor } from "../pipeline/formats/safetensors.ts";
import { randomStream } from "../pipeline/base/random.ts";
import { dataOf } from "./data.ts";
import { benchModel, type ModelName } from "./models.ts";

/** Adam's settings, for every contestant. */
export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
/** Different batches that a contestant trains on in turn. */
export const batches = 4;

/** One model at one batch size, as the files that every contestant starts from. */
export interface Case {
  readonly model: ModelName;
  readonly batch: number;
  /** Initial values by variable name, in tfjs's layouts. */
  readonly weights: string;
  /** `x` [4 batch, dimensions] of zeros and ones, real examples drawn at random; `noise` [batch, latent size]. */
  readonly data: string;
  /** The share of ones in `x`. */
  readonly density: number;
  readonly learningRate: number;
}

export async function writeCase(folder: string, model: ModelName, batch: number): Promise<Case> {
  await tf.setBackend("cpu");
  const built = benchModel(model, batch);
  const weights: Record<string, FloatTensor> = {};
  for (const variable of built.variables) {
    weights[variable.name] = { shape: variable.shape, data: variable.dataSync<"float32">() };
  }
  const [, dimensions] = built.inputs.x.shape as [number, number];
  const [, latent] = built.inputs.noise.shape as [number, number];
  built.dispose();
  const { rows, examples } = await dataOf(model, folder);
  const drawn = randomStream(2, "data").permutation(examples).subarray(0, batches * batch);
  const x = new Float32Array(batches * batch * dimensions);
  drawn.forEach((example, i) =>
    x.set(rows.subarray(example * dimensions, (example + 1) * dimensions), i * dimensions)
  );
  const noise = randomStream(2, "noise").fillNormal(new Float32Array(batch * latent));
  const written = {
    model,
    batch,
    weights: `${folder}/${model}-${batch}-weights.safetensors`,
    data: `${folder}/${model}-${batch}-data.safetensors`,
    density: x.reduce((sum, value) => sum + value, 0) / x.length,
    learningRate: 1e-4, // at 1e-3 the music network's first steps overshoot
  };
  await Deno.writeFile(written.weights, encodeSafetensors(weights));
  await Deno.writeFile(
    written.data,
    encodeSafetensors({
      x: { shape: [batches * batch, dimensions], data: x },
      noise: { shape: [batch, latent], data: noise },
    }),
  );
  return written;
}

export async function readTensors(file: string): Promise<Readonly<Record<string, FloatTensor>>> {
  return decodeSafetensors(await Deno.readFile(file), file).tensors;
}
