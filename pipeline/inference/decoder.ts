import type { CompiledFunction, Engine, Parameters } from "../engine/engine.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import type { Autoregression } from "../vae/architectures/architecture.ts";
import type { Vae } from "../vae/vae.ts";
import { batches } from "./batches.ts";

/** Codes that are decoded at once, or more; a short last batch costs as much as a whole one. */
const ENOUGH = 64;

/** Decoded examples: images or piano rolls. */
export interface Decoded {
  /** The height of an image, the steps of a roll. */
  readonly height: number;
  /** The width of an image, the columns of a roll. */
  readonly width: number;
  /** Grey or RGB; 1 of a roll. */
  readonly channels: 1 | 3;
  /** [n, height, width, channels] in [0, 1]. */
  readonly values: Float32Array;
}

/** A trained decoder, run in batches. */
export interface CompiledDecoder {
  /** Codes [n, latent size] -> the means of p(x|z). An autoregressive decoder reads its own means. */
  decode(codes: Float32Array): Decoded;
  /** Writes step by step and reads what it wrote, where the decoder is autoregressive. */
  readonly write: ((codes: Float32Array, choose: ChooseStep) => Decoded) | undefined;
  /** Frees it; later use is an error. */
  dispose(): void;
}

/** Chooses what is written at a step, [n, features], from its means. */
export type ChooseStep = (means: Float32Array) => ArrayLike<number>;

/**
 * Compiles a model's decoder.
 *
 * @param inputShape [height, width] or [height, width, channels]
 */
export function compileDecoder(
  engine: Engine,
  parameters: Parameters,
  vae: Vae,
  inputShape: Shape,
): CompiledDecoder {
  const [height, width, channels = 1] = inputShape as [number, number, 1 | 3 | undefined];
  const size = sizeOf(inputShape);
  const { latentSize, autoregression } = vae;
  const atOnce = engine.examplesAtOnce(ENOUGH, size);
  const batch = autoregression
    ? compileSteps(engine, parameters, vae, autoregression, atOnce)
    : compileWhole(engine, parameters, vae, atOnce);
  const write = (codes: Float32Array, choose: ChooseStep): Decoded => {
    const count = codes.length / latentSize;
    const values = new Float32Array(count * size);
    for (const { from, to } of batches(count, atOnce)) {
      values.set(batch.run(codes.subarray(from * latentSize, to * latentSize), choose), from * size);
    }
    return { height, width, channels, values };
  };
  return {
    decode: (codes) => write(codes, (means) => means),
    write: autoregression && write,
    dispose: () => batch.program.dispose(),
  };
}

interface BatchDecoder {
  readonly program: CompiledFunction;
  /** No more codes than are decoded at once. */
  run(codes: Float32Array, choose: ChooseStep): Float32Array;
}

function compileWhole(
  engine: Engine,
  parameters: Parameters,
  { latentSize, likelihood, decode }: Vae,
  atOnce: number,
): BatchDecoder {
  const program = engine.compileFunction({
    parameters,
    inputs: { z: [atOnce, latentSize] },
    fn: ({ z }) => ({ mean: likelihood.mean(decode(z!)) }),
  });
  return {
    program,
    run(codes) {
      program.inputs.z!.fill(0).set(codes);
      const { mean } = program.run();
      return mean!.subarray(0, mean!.length / atOnce * (codes.length / latentSize));
    },
  };
}

/** Compiles one step, which is run once for each: what it writes is what it reads next. */
function compileSteps(
  engine: Engine,
  parameters: Parameters,
  { latentSize, likelihood }: Vae,
  { steps, features, state, step }: Autoregression,
  atOnce: number,
): BatchDecoder {
  const names = Object.keys(state);
  const program = engine.compileFunction({
    parameters,
    inputs: {
      z: [atOnce, latentSize],
      before: [atOnce, features],
      ...Object.fromEntries(names.map((name) => [name, [atOnce, ...state[name]!]])),
    },
    fn: ({ z, before, ...given }) => {
      const next = step(z!, before!, given);
      return { mean: likelihood.mean(next.output), ...next.state };
    },
  });
  return {
    program,
    run(codes, choose) {
      const count = codes.length / latentSize;
      const { z, before } = program.inputs;
      for (const input of Object.values(program.inputs)) input.fill(0);
      z!.set(codes);
      const written = new Float32Array(count * steps * features);
      for (let t = 0; t < steps; t++) {
        const result = program.run();
        const chosen = Float32Array.from(choose(result.mean!.slice(0, count * features)));
        before!.set(chosen);
        for (const name of names) program.inputs[name]!.set(result[name]!);
        for (let i = 0; i < count; i++) {
          const row = chosen.subarray(i * features, (i + 1) * features);
          written.set(row, (i * steps + t) * features);
        }
      }
      return written;
    },
  };
}
