import type { Engine, Parameters } from "../../engine/engine.ts";
import type { Images } from "../../figures/drawing/image.ts";
import { decodeSafetensors } from "../../formats/safetensors.ts";
import type { ModelSpec } from "../../spec/schema.ts";
import { expectedValue } from "../../vae/elbo.ts";
import type { Autoregression } from "../../vae/architectures/lstm/model.ts";
import { createVae, type Vae } from "../../vae/vae.ts";

const BATCH = 64;

export interface Decoder {
  /**
   * Any number of codes [n, latent size] -> the means of p(x|z), as images or piano rolls. An autoregressive decoder
   * reads its own means.
   */
  decode(codes: Float32Array): Images;
  /** Writes step by step and reads what it wrote, where the decoder is autoregressive. */
  readonly write: ((codes: Float32Array, choose: ChooseStep) => Images) | undefined;
  dispose(): void;
}

/** What is written at a step, [n, features], from its means. */
export type ChooseStep = (means: Float32Array) => ArrayLike<number>;

/** A decoder run by the engine. `inputShape` is [height, width] or [height, width, channels]. */
export function compileDecoder(
  engine: Engine,
  parameters: Parameters,
  vae: Vae,
  inputShape: readonly number[],
): Decoder {
  const [height, width, channels = 1] = inputShape as [number, number, 1 | 3 | undefined];
  const size = height * width * channels;
  const { latentSize } = vae;
  const batch = compileBatch(engine, parameters, vae);
  const write = (codes: Float32Array, choose: ChooseStep): Images => {
    const count = codes.length / latentSize;
    const values = new Float32Array(count * size);
    for (let from = 0; from < count; from += BATCH) {
      const part = codes.subarray(from * latentSize, (from + BATCH) * latentSize);
      values.set(batch.run(part, choose), from * size);
    }
    return { height, width, channels, values };
  };
  return {
    decode: (codes) => write(codes, (means) => means),
    write: vae.autoregression && write,
    dispose: batch.dispose,
  };
}

interface BatchDecoder {
  /** At most `BATCH` codes. */
  run(codes: Float32Array, choose: ChooseStep): Float32Array;
  dispose(): void;
}

function compileBatch(engine: Engine, parameters: Parameters, vae: Vae): BatchDecoder {
  if (vae.autoregression) return compileSteps(engine, parameters, vae, vae.autoregression);
  const program = engine.compileFunction({
    parameters,
    inputs: { z: [BATCH, vae.latentSize] },
    fn: ({ z }) => ({ mean: expectedValue(vae, vae.decode(z!)) }),
  });
  return {
    run(codes) {
      program.inputs.z!.fill(0).set(codes);
      const { mean } = program.run();
      return mean!.subarray(0, mean!.length / BATCH * (codes.length / vae.latentSize));
    },
    dispose: () => program.dispose(),
  };
}

/** One step is compiled, and run once for each step: what it writes is what it reads next. */
function compileSteps(
  engine: Engine,
  parameters: Parameters,
  vae: Vae,
  { steps, features, units, step }: Autoregression,
): BatchDecoder {
  const states = Object.fromEntries(
    units.flatMap((width, i) => ["hidden", "memory"].map((name) => [`${name}${i}`, [BATCH, width]])),
  );
  const program = engine.compileFunction({
    parameters,
    inputs: { z: [BATCH, vae.latentSize], before: [BATCH, features], ...states },
    fn: ({ z, before, ...given }) => {
      const layers = units.map((_, i) => ({ hidden: given[`hidden${i}`]!, memory: given[`memory${i}`]! }));
      const next = step(z!, before!, layers);
      return {
        mean: expectedValue(vae, next.output),
        ...Object.fromEntries(next.states.flatMap(({ hidden, memory }, i) => [
          [`hidden${i}`, hidden],
          [`memory${i}`, memory],
        ])),
      };
    },
  });
  return {
    run(codes, choose) {
      const count = codes.length / vae.latentSize;
      const { z, before } = program.inputs;
      for (const input of Object.values(program.inputs)) input.fill(0);
      z!.set(codes);
      const written = new Float32Array(count * steps * features);
      for (let t = 0; t < steps; t++) {
        const result = program.run();
        const chosen = Float32Array.from(choose(result.mean!.slice(0, count * features)));
        before!.set(chosen);
        for (const name of Object.keys(states)) program.inputs[name]!.set(result[name]!);
        for (let i = 0; i < count; i++) {
          const row = chosen.subarray(i * features, (i + 1) * features);
          written.set(row, (i * steps + t) * features);
        }
      }
      return written;
    },
    dispose: () => program.dispose(),
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
