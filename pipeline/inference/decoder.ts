import type { CompiledFunction, Engine, Parameters } from "../engine/engine.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import type { Autoregression } from "../vae/architectures/architecture.ts";
import type { Vae } from "../vae/vae.ts";
import { batches } from "./batches.ts";
import { classesInTurn, classInput, range, tellClasses } from "./conditions.ts";

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

/**
 * A trained decoder, run in batches. That of a conditional model is told the class of each code by `labels`; where none
 * are given, the classes come in turn. No other decoder looks at them.
 */
export interface CompiledDecoder {
  /** Codes [n, latent size] -> the means of p(x|z). An autoregressive decoder reads its own means. */
  decode(codes: Float32Array, labels?: ArrayLike<number>): Decoded;
  /** Writes step by step and reads what it wrote, where the decoder is autoregressive. */
  readonly write:
    | ((codes: Float32Array, choose: ChooseStep, labels?: ArrayLike<number>) => Decoded)
    | undefined;
  /** Frees it; later use is an error. */
  dispose(): void;
}

/** A conditional model's decoder, with one class for all codes. */
export function decoderOfClass(
  { decode, write, dispose }: CompiledDecoder,
  latentSize: number,
  label: number,
): CompiledDecoder {
  const labels = (codes: Float32Array) => new Uint32Array(codes.length / latentSize).fill(label);
  return {
    decode: (codes) => decode(codes, labels(codes)),
    write: write && ((codes, choose) => write(codes, choose, labels(codes))),
    dispose,
  };
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
  const { latentSize, autoregression, classes } = vae;
  const atOnce = engine.examplesAtOnce(ENOUGH, size);
  const batch = autoregression
    ? compileSteps(engine, parameters, vae, autoregression, atOnce)
    : compileWhole(engine, parameters, vae, atOnce);
  const write = (codes: Float32Array, choose: ChooseStep, labels?: ArrayLike<number>): Decoded => {
    const count = codes.length / latentSize;
    const values = new Float32Array(count * size);
    const told = labels ?? classesInTurn(classes, count);
    for (const { from, to } of batches(count, atOnce)) {
      tellClasses(batch.program.inputs.y, classes, told, range(from, to));
      values.set(batch.run(codes.subarray(from * latentSize, to * latentSize), choose), from * size);
    }
    return { height, width, channels, values };
  };
  return {
    decode: (codes, labels) => write(codes, (means) => means, labels),
    write: autoregression && write,
    dispose: () => batch.program.dispose(),
  };
}

interface BatchDecoder {
  readonly program: CompiledFunction;
  /** Once classes are told. No more codes than are decoded at once. */
  run(codes: Float32Array, choose: ChooseStep): Float32Array;
}

function compileWhole(
  engine: Engine,
  parameters: Parameters,
  vae: Vae,
  atOnce: number,
): BatchDecoder {
  const { latentSize, likelihood } = vae;
  const program = engine.compileFunction({
    parameters,
    inputs: { z: [atOnce, latentSize], ...classInput(vae, atOnce) },
    fn: ({ z, y }) => ({ mean: likelihood.mean(vae.given(y).decode(z!)) }),
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
  vae: Vae,
  { steps, features, state }: Autoregression,
  atOnce: number,
): BatchDecoder {
  const { latentSize, likelihood } = vae;
  const names = Object.keys(state);
  const program = engine.compileFunction({
    parameters,
    inputs: {
      z: [atOnce, latentSize],
      before: [atOnce, features],
      ...classInput(vae, atOnce),
      ...Object.fromEntries(names.map((name) => [name, [atOnce, ...state[name]!]])),
    },
    fn: ({ z, before, y, ...kept }) => {
      const next = vae.given(y).autoregression!.step(z!, before!, kept);
      return { mean: likelihood.mean(next.output), ...next.state };
    },
  });
  return {
    program,
    run(codes, choose) {
      const count = codes.length / latentSize;
      const { z, before } = program.inputs;
      for (const name of ["before", ...names]) program.inputs[name]!.fill(0);
      z!.fill(0);
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
