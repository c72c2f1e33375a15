import type * as tf from "@tensorflow/tfjs";
import type { Shape } from "../base/shape.ts";
import type { Optimiser } from "./update/rule.ts";

/**
 * Runs training steps and functions that are written in plain `tf.*` operations. It knows nothing of VAEs. How it
 * runs them is a back end's affair; `backends.ts` lists those that there are.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import type { Engine, UpdateRule } from "reparam";
 *
 * // Fits a number to the mean of what it is given.
 * export function fitMean(engine: Engine, batch: Float32Array): Float32Array {
 *   const mean = tf.variable(tf.scalar(0), true, "mean");
 *   const rule = {
 *     name: "descent",
 *     slots: [],
 *     highLearningRate: 1,
 *     numbers: ({ learningRate }: { learningRate: number }) => ({ stepSize: learningRate }),
 *     update: (build, { value, gradient, numbers }) => ({
 *       value: build.subtract(value, build.multiply(gradient, numbers.stepSize!)),
 *       slots: {},
 *     }),
 *   } satisfies UpdateRule;
 *   const parameters = engine.parameters([mean], { rule, weightDecay: 0 });
 *   const step = engine.compileStep({
 *     parameters,
 *     inputs: { x: { shape: [batch.length], batched: true } },
 *     step: ({ x }) => ({ loss: tf.mean(tf.square(tf.sub(x!, mean))) as tf.Scalar }),
 *   });
 *   step.inputs.x!.set(batch);
 *   for (let i = 0; i < 100; i++) step.run(0.1);
 *   return parameters.get("mean");
 * }
 * ```
 */
export interface Engine {
  /** The back end's name in that list. */
  readonly name: string;
  /** Library and version that does the arithmetic, for the record of a run. */
  readonly version: string;

  /**
   * Takes over the values of `variables` (all float32); their tfjs copies are not kept up to date. Functions that
   * are compiled over the result go on referring to the variables themselves.
   *
   * @param optimiser how they are trained; without one they serve functions only
   */
  parameters(variables: readonly tf.Variable[], optimiser?: Optimiser): Parameters;

  /** Makes a program of a step. @throws {Error} where it uses what this back end cannot compute */
  compileStep(definition: StepDefinition): TrainingStep;

  /** Makes a program of a function. @throws {Error} where it uses what this back end cannot compute */
  compileFunction(definition: FunctionDefinition): CompiledFunction;

  /**
   * How many examples a function should be given at once.
   *
   * @param enough so many keep a processor busy
   * @param values numbers of one example, which bound the memory that they take
   */
  examplesAtOnce(enough: number, values: number): number;

  /** Frees everything that this engine made; later use of it is an error, not a crash. */
  dispose(): void;
}

/** What a back end's module exports. */
export interface EngineModule {
  /** Opens it. @throws {UserError} where the back end cannot be used here */
  open(): Promise<Engine>;
}

/** Tensors by name. */
export type NamedTensors = Record<string, tf.Tensor>;

/** Model weights and the optimiser's state, shared by every program compiled over them. */
export interface Parameters {
  /** As they were given. */
  readonly variables: readonly tf.Variable[];
  /** Names of the variables, in order. */
  readonly names: readonly string[];
  /** How they are trained; undefined where they serve functions only. */
  readonly optimiser: Optimiser | undefined;
  /** The shape of one variable. @throws {Error} where there is none of this name */
  shape(name: string): Shape;
  /** A copy of one variable's value, flat and in C order. */
  get(name: string): Float32Array;
  /** Replaces one variable's value. @param value in C order @throws {RangeError} where it has another size */
  set(name: string, value: Float32Array): void;
  /**
   * Everything that a checkpoint needs to continue with the same bytes: `values/NAME` of each variable, `SLOT/NAME` of
   * each slot of the optimiser, and `step`, the number of updates (exact up to 2^24).
   */
  saveState(): Record<string, Float32Array>;
  /** Continues from a saved state. @throws {Error} where the state does not fit; then nothing is changed */
  restoreState(state: Readonly<Record<string, Float32Array>>): void;
}

/** What a training step is given beside its parameters. */
export interface StepInput {
  /** The shape for the whole batch, for example [128, 784]; [] for a scalar. */
  readonly shape: Shape;
  /** The first axis counts examples, so the engine may run the step on parts of the batch. */
  readonly batched: boolean;
  /**
   * The share of entries that are not 0, 0..1, as far as it is known beforehand. An engine may compute the products
   * of a sparse input in another order, so it can change bytes, and no result beyond rounding. Default: 1.
   */
  readonly density?: number;
  /** What its rows are taken from, where they are: the input is then given by the numbers of examples, one a row. */
  readonly examples?: ExampleBytes;
}

/** Examples one behind the other, each as many bytes as it has values; a byte times `scale` is the value. */
export interface ExampleBytes {
  /** [examples, values], row by row. */
  readonly bytes: Uint8Array;
  /** What a byte of 1 means, for example 1 / 255. */
  readonly scale: number;
}

/** A training step as it is written in `tf.*`. */
export interface StepDefinition {
  /** Must have an optimiser. */
  readonly parameters: Parameters;
  /** What a step is given, by name. */
  readonly inputs: Readonly<Record<string, StepInput>>;
  /**
   * Computes scalars, one of them named `loss`, each a mean over the examples it is given. All variables minimise
   * `loss`, unless the optimiser has groups of them, each with a loss among the scalars. It is called with symbolic
   * tensors, once for each group, of a part of the batch where `parts` > 1; its results are averaged over the parts.
   * Randomness enters through inputs only.
   */
  readonly step: (inputs: NamedTensors) => { loss: tf.Scalar } & Record<string, tf.Scalar>;
  /**
   * Equal parts of the batch whose gradients are averaged; two parts may run at once. By default the engine chooses,
   * as far as it can be divided. It decides the bytes of the result, and never depends on the machine's cores. A loss that
   * is no mean of the examples' own losses, as one of a bound on a mean of the batch, must be given 1.
   */
  readonly parts?: 1 | 2;
}

/** A compiled training step. */
export interface TrainingStep {
  /**
   * Write the batch here, then call `run` or `enqueue`. An input that is taken from examples is as long as it has rows.
   * The views stay valid until `dispose`.
   */
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** Makes one forward and backward pass and one update; returns the step's scalars. */
  run(learningRate: number): Record<string, number>;
  /** A step on the inputs as they are now, which may be made later: at the latest when something is read. */
  enqueue(learningRate: number): void;
  /** The scalars of the steps that were enqueued since the last time, in their order. */
  collect(): Record<string, number>[];
  /** Whether steps wait until they are collected, so that it should be done seldom. */
  readonly isDeferred: boolean;
  /** Frees it; later use is an error. */
  dispose(): void;
}

/** A function of tensors and parameters, as it is written in `tf.*`. */
export interface FunctionDefinition {
  /** What it is compiled over. */
  readonly parameters: Parameters;
  /** Static shapes. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Called once, with symbolic tensors; randomness enters through inputs only. */
  readonly fn: (inputs: NamedTensors) => NamedTensors;
}

/** A compiled function. */
export interface CompiledFunction {
  /** Write here, then call `run`. The views stay valid until `dispose`. */
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** Views that stay valid until the next `run` or `dispose`. */
  run(): Readonly<Record<string, Float32Array>>;
  /** Frees it; later use is an error. */
  dispose(): void;
}
