import type * as tf from "@tensorflow/tfjs";

/**
 * The engine runs training steps and functions that are written in plain `tf.*` operations.
 * It knows nothing of VAEs. Two implementations stand behind this interface: *native* (the step is traced
 * into one ONNX graph and run by ONNX Runtime) and *portable* (tfjs's own backend, slow, the reference).
 */
export interface Engine {
  readonly name: "native" | "portable";
  /** Library and version that does the arithmetic, for the record of a run. */
  readonly version: string;

  /**
   * Takes over the values of `variables` (all float32); their tfjs copies are not kept up to date. Functions that
   * are compiled over the result go on referring to the variables themselves.
   */
  parameters(variables: readonly tf.Variable[]): Parameters;

  compileStep(definition: StepDefinition): TrainingStep;

  compileFunction(definition: FunctionDefinition): CompiledFunction;

  /** Frees everything that this engine made; later use of it is an error, not a crash. */
  dispose(): void;
}

export type Shape = readonly number[];
export type NamedTensors = Record<string, tf.Tensor>;

/** Model weights and the optimiser's state, shared by every program compiled over them. */
export interface Parameters {
  readonly names: readonly string[];
  shape(name: string): Shape;
  /** A copy of one variable's value. */
  get(name: string): Float32Array;
  set(name: string, value: Float32Array): void;
  /**
   * Everything that a checkpoint needs to continue with the same bytes: `values/NAME`, `moment1/NAME` and
   * `moment2/NAME` of each variable, and `step`, the number of updates (exact up to 2^24).
   */
  saveState(): Record<string, Float32Array>;
  /** Throws, and changes nothing, where the state does not fit. */
  restoreState(state: Record<string, Float32Array>): void;
}

export interface StepInput {
  /** Of the whole batch, for example [128, 784]; [] for a scalar. */
  readonly shape: Shape;
  /** The first axis counts examples, so the engine may run the step on parts of the batch. */
  readonly batched: boolean;
}

export interface StepDefinition {
  readonly parameters: Parameters;
  readonly inputs: Readonly<Record<string, StepInput>>;
  /**
   * Computes scalars, one of them named `loss`, each a mean over the examples it is given. It is called with
   * symbolic tensors, of a part of the batch where `parts` > 1; its results are averaged over the parts.
   * Randomness enters through inputs only.
   */
  readonly step: (inputs: NamedTensors) => { loss: tf.Scalar } & Record<string, tf.Scalar>;
  readonly optimiser: Optimiser;
  /**
   * Equal parts of the batch whose gradients are averaged; two parts may run at once. Default: 2 where the batch
   * size is even, else 1. It decides the bytes of the result, and never depends on the machine's cores.
   */
  readonly parts?: 1 | 2;
}

/**
 * How weights follow gradients. The gradient is clipped to the global norm `clipNorm` first; then weight decay is
 * added to it (sgd, adam: L2) or applied to the weights apart (adamw; Loshchilov and Hutter, 2019).
 */
export type Optimiser =
  & { readonly weightDecay: number; readonly clipNorm?: number | undefined }
  & (
    | { readonly name: "sgd"; readonly momentum: number }
    | {
      readonly name: "adam" | "adamw";
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    }
  );

export interface TrainingStep {
  /** Write the batch here, then call `run`. The views stay valid until `dispose`. */
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** One forward and backward pass and one update; returns the step's scalars. */
  run(learningRate: number): Record<string, number>;
  dispose(): void;
}

export interface FunctionDefinition {
  readonly parameters: Parameters;
  /** Static shapes. */
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly fn: (inputs: NamedTensors) => NamedTensors;
}

export interface CompiledFunction {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** Views that stay valid until the next `run` or `dispose`. */
  run(): Readonly<Record<string, Float32Array>>;
  dispose(): void;
}
