import type { Engine, Parameters } from "../engine/engine.ts";
import type { Images } from "../figures/image.ts";
import { decodeSafetensors } from "../formats/safetensors.ts";
import type { ModelSpec } from "../spec/schema.ts";
import { expectedValue } from "../vae/elbo.ts";
import { createVae, type Vae } from "../vae/vae.ts";

const BATCH = 64;

export interface Decoder {
  /** Any number of codes [n, latent size] -> the means of p(x|z), as images or piano rolls. */
  decode(codes: Float32Array): Images;
  dispose(): void;
}

/** A decoder run by the engine. `inputShape` is [height, width] or [height, width, channels]. */
export function compileDecoder(
  engine: Engine,
  parameters: Parameters,
  vae: Vae,
  inputShape: readonly number[],
): Decoder {
  const { latentSize } = vae;
  const compiled = engine.compileFunction({
    parameters,
    inputs: { z: [BATCH, latentSize] },
    fn: ({ z }) => ({ mean: expectedValue(vae, vae.decode(z!)) }),
  });
  const [height, width, channels = 1] = inputShape as [number, number, 1 | 3 | undefined];
  const size = height * width * channels;
  return {
    decode(codes) {
      const count = codes.length / latentSize;
      const values = new Float32Array(count * size);
      for (let from = 0; from < count; from += BATCH) {
        const part = codes.subarray(from * latentSize, (from + BATCH) * latentSize);
        compiled.inputs.z!.fill(0).set(part);
        const { mean } = compiled.run();
        values.set(mean!.subarray(0, (Math.min(count, from + BATCH) - from) * size), from * size);
      }
      return { height, width, channels, values };
    },
    dispose: () => compiled.dispose(),
  };
}

/** The trained decoder. */
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
  const decoder = compileDecoder(engine, parameters, vae, inputShape);
  return {
    ...decoder,
    dispose() {
      decoder.dispose();
      vae.dispose();
    },
  };
}
