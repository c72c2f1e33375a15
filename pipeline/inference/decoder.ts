import type * as tf from "@tensorflow/tfjs";
import type { CompiledFunction, Engine, Parameters } from "../engine/engine.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import type { Autoregression } from "../vae/architectures/architecture.ts";
import type { Vae } from "../vae/vae.ts";
import { chooseMeans, type ChooseStep, type StepMeans } from "./step_means.ts";
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
  /** Codes [n, latent size] -> the means of p(x|z). What reads what is drawn before it reads means. */
  decode(codes: Float32Array, labels?: ArrayLike<number>): Decoded;
  /**
   * Writes step by step, where what is written depends on what was: the decoder is autoregressive, or the values of a
   * step depend on each other.
   */
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
  const { latentSize, autoregression, classes, likelihood } = vae;
  const atOnce = engine.examplesAtOnce(ENOUGH, size);
  const rows = compileRows(engine, parameters, vae, size / height, atOnce);
  const batch = autoregression
    ? compileSteps(engine, parameters, vae, autoregression, rows, atOnce)
    : compileWhole(engine, parameters, vae, rows, height, atOnce);
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
    decode: (codes, labels) => write(codes, chooseMeans, labels),
    write: autoregression || likelihood.autoregression ? write : undefined,
    dispose() {
      batch.program.dispose();
      rows.dispose();
    },
  };
}

/** Makes means of what a decoder says of a step, where the values of one may depend on each other. */
interface Rows {
  /** Whether they do; if not, means are all that is wanted of a decoder. */
  readonly areDrawn: boolean;
  /** @param known of the step: its means, or else the decoder's output, [count, features] */
  step(known: Float32Array, count: number): StepMeans;
  dispose(): void;
}

function compileRows(
  engine: Engine,
  parameters: Parameters,
  { likelihood: { autoregression } }: Vae,
  features: number,
  atOnce: number,
): Rows {
  if (!autoregression) {
    const step = (means: Float32Array, count: number) => ({ count, draws: 1, given: () => means });
    return { areDrawn: false, step, dispose() {} };
  }
  const { draws, given, conditionalMean } = autoregression;
  const program = engine.compileFunction({
    parameters,
    inputs: { output: [atOnce, features], x: [atOnce, features] },
    fn: ({ output, x }) => ({ mean: conditionalMean(given(output!, x!)) }),
  });
  const { output, x } = program.inputs;
  return {
    areDrawn: true,
    step(known, count) {
      output!.fill(0).set(known);
      x!.fill(0);
      return {
        count,
        draws,
        given(drawn) {
          x!.set(drawn);
          return program.run().mean!.slice(0, count * features);
        },
      };
    },
    dispose: () => program.dispose(),
  };
}

interface BatchDecoder {
  readonly program: CompiledFunction;
  /** Once classes are told. No more codes than are decoded at once. */
  run(codes: Float32Array, choose: ChooseStep): Float32Array;
}

/** What the decoder gives for whole examples or for a step: means, or its output where they take more to be known. */
function knownOf({ likelihood }: Vae, { areDrawn }: Rows): (output: tf.Tensor) => tf.Tensor {
  return areDrawn ? (output) => output : (output) => likelihood.mean(output);
}

function compileWhole(
  engine: Engine,
  parameters: Parameters,
  vae: Vae,
  rows: Rows,
  steps: number,
  atOnce: number,
): BatchDecoder {
  const { latentSize } = vae, known = knownOf(vae, rows);
  const program = engine.compileFunction({
    parameters,
    inputs: { z: [atOnce, latentSize], ...classInput(vae, atOnce) },
    fn: ({ z, y }) => ({ known: known(vae.given(y).decode(z!)) }),
  });
  return {
    program,
    run(codes, choose) {
      const count = codes.length / latentSize;
      program.inputs.z!.fill(0).set(codes);
      const whole = program.run().known!;
      const size = whole.length / atOnce, features = size / steps;
      if (!rows.areDrawn) return whole.subarray(0, count * size);
      return writeSteps({ count, steps, features }, (t) => {
        const row = new Float32Array(count * features);
        for (let i = 0; i < count; i++) {
          const from = i * size + t * features;
          row.set(whole.subarray(from, from + features), i * features);
        }
        return choose(rows.step(row, count));
      });
    },
  };
}

/** Compiles one step, which is run once for each: what it writes is what it reads next. */
function compileSteps(
  engine: Engine,
  parameters: Parameters,
  vae: Vae,
  { steps, features, state }: Autoregression,
  rows: Rows,
  atOnce: number,
): BatchDecoder {
  const { latentSize } = vae, known = knownOf(vae, rows);
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
      return { known: known(next.output), ...next.state };
    },
  });
  return {
    program,
    run(codes, choose) {
      const count = codes.length / latentSize;
      const { z, before } = program.inputs;
      for (const name of ["before", ...names]) program.inputs[name]!.fill(0);
      z!.fill(0).set(codes);
      return writeSteps({ count, steps, features }, () => {
        const result = program.run();
        const chosen = choose(rows.step(result.known!.slice(0, count * features), count));
        before!.set(chosen);
        for (const name of names) program.inputs[name]!.set(result[name]!);
        return chosen;
      });
    },
  };
}

/** Examples side by side, step after step. @param next [count, features] of a step */
function writeSteps(
  { count, steps, features }: { readonly count: number; readonly steps: number; readonly features: number },
  next: (step: number) => ArrayLike<number>,
): Float32Array {
  const written = new Float32Array(count * steps * features);
  for (let t = 0; t < steps; t++) {
    const chosen = Float32Array.from(next(t));
    for (let i = 0; i < count; i++) {
      written.set(chosen.subarray(i * features, (i + 1) * features), (i * steps + t) * features);
    }
  }
  return written;
}
