import type { Engine } from "../../engine/engine.ts";
import { tf } from "../../engine/tfjs.ts";
import type { Images } from "../../figures/image.ts";
import { decodeSafetensors } from "../../formats/safetensors.ts";
import type { ModelSpec } from "../../spec/schema.ts";
import { createVae } from "../../vae/vae.ts";

const BATCH = 64;

export interface Decoder {
  /** Any number of codes [n, latent size] -> the means of p(x|z) as images. */
  decode(codes: Float32Array): Images;
  dispose(): void;
}

/** The trained decoder, run by the engine. `inputShape` is [height, width] or [height, width, channels]. */
export function openDecoder(
  engine: Engine,
  model: ModelSpec,
  inputShape: readonly number[],
  weights: Uint8Array<ArrayBuffer>,
): Decoder {
  const { tensors } = decodeSafetensors(weights, "weights.safetensors");
  const vae = createVae(model, inputShape, 0);
  const parameters = engine.parameters(vae.variables);
  for (const name of parameters.names) parameters.set(name, tensors[name]!.data);
  const bernoulli = model.likelihood.family === "bernoulli";
  const compiled = engine.compileFunction({
    parameters,
    inputs: { z: [BATCH, model.latentSize] },
    fn: ({ z }) => {
      const output = vae.decode(z!);
      return { mean: bernoulli ? tf.sigmoid(output) : output };
    },
  });

  const [height, width, channels = 1] = inputShape as [number, number, 1 | 3 | undefined];
  const size = height * width * channels;
  return {
    decode(codes) {
      const count = codes.length / model.latentSize;
      const values = new Float32Array(count * size);
      for (let from = 0; from < count; from += BATCH) {
        const part = codes.subarray(from * model.latentSize, (from + BATCH) * model.latentSize);
        compiled.inputs.z!.fill(0).set(part);
        const { mean } = compiled.run();
        values.set(mean!.subarray(0, (Math.min(count, from + BATCH) - from) * size), from * size);
      }
      return { height, width, channels, values };
    },
    dispose() {
      compiled.dispose();
      vae.dispose();
    },
  };
}
