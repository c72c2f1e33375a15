import type { EpochMetrics } from "../artifacts/metrics_csv.ts";
import type { EvaluationMetrics } from "../artifacts/metrics_json.ts";
import type { Json } from "../base/json.ts";
import type { NpyArray } from "../formats/npy.ts";

/** Where an experiment of a program's takes place. */
export interface ExperimentOptions {
  /** The folder of `artifacts` and `reports`. Default: that of the spec's file, or the one where the program stands. */
  readonly root?: string;
  /** The folder of the store. Default: `artifacts` in the root. */
  readonly artifacts?: string;
  /** The folder of all reports. Default: `reports` in the root. */
  readonly reports?: string;
  /** What computes. Default: the native engine, or what stands in for it on this machine. */
  readonly engine?: string;
  /** Values that override the spec's, by their paths: `{ "training.epochs": 2 }`. */
  readonly set?: Readonly<Record<string, Json>>;
}

/** What a run tells while it works. */
export interface ExperimentEvent {
  /** What happens to the stage. */
  readonly type: "queued" | "start" | "progress" | "notice" | "waiting" | "cached" | "finished" | "failed";
  /** The stage that it is about: "train". */
  readonly stage: string;
  /** How much is done, 0 to 1, of progress. */
  readonly fraction?: number;
  /** What is being done, of progress: "epoch 3/20  loss 104.20"; what is waited for, where it is queued. */
  readonly text?: string;
  /** Numbers worth drawing, of progress: of a training its `epoch`, with what is done of it, and `loss`. */
  readonly values?: Readonly<Record<string, number>>;
  /** How long the stage took, where it has finished. */
  readonly seconds?: number;
  /** What the user should see, of a notice; why it failed, where a user can mend that. */
  readonly message?: string;
}

/** How an experiment is run. */
export interface RunOptions {
  /** Told of each event. */
  readonly onEvent?: (event: ExperimentEvent) => void;
  /** Ends the run; what was trained is kept for the next one. */
  readonly signal?: AbortSignal;
}

/** An experiment that was read and found right. */
export interface LoadedSpec {
  /** Its name. */
  readonly name: string;
  /** The spec with every default filled in, as JSON. */
  readonly spec: Readonly<Record<string, Json>>;
  /** What is possible, and probably not meant: a sentence each. */
  readonly notices: readonly string[];
  /**
   * Brings every stage to a result and writes the report; what is known already is not done again.
   *
   * @throws {UserError} where a stage fails
   */
  run(options?: RunOptions): Promise<FinishedRun>;
}

/** The results of a run. Files are named `stage/path`, as `docs/files.md` lists them. */
export interface FinishedRun {
  /** The report's page. */
  readonly report: string;
  /** Names of all files that the stages wrote. */
  readonly files: readonly string[];
  /** All numbers of the evaluation; losses in nats per example. */
  readonly metrics: EvaluationMetrics;
  /** A row for each epoch; the first is the model before training. */
  readonly curves: readonly EpochMetrics[];
  /** The bytes of a file. @throws {UserError} where no stage wrote it */
  bytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** A NumPy file as a typed array with its shape: `evaluate/posterior.npy`. @throws {UserError} where it is none */
  array(name: string): Promise<NpyArray>;
  /** A CSV file as rows by the names of its columns. @throws {UserError} where no stage wrote it */
  table(name: string): Promise<Readonly<Record<string, string>>[]>;
  /** Opens the trained model. */
  open(): Promise<OpenModel>;
}

/**
 * A trained model in this process. Arrays are flat, examples one after the other, the last axis fastest. A conditional
 * model is told the class of each example by its label; no other looks at labels.
 */
export interface OpenModel extends Disposable {
  /** One example's shape. */
  readonly shape: readonly number[];
  /** Dimensions of z. */
  readonly latentSize: number;
  /** What each label stands for, by label. */
  readonly classes: readonly string[];
  /**
   * Any number of examples with values in [0, 1] -> the means of q(z|x), [n, latentSize].
   * @throws {TypeError} where the model is conditional and no labels are given
   * @throws {UserError} where the values are no whole examples, or a label is none
   */
  encode(examples: Float32Array, labels?: ArrayLike<number>): Float32Array;
  /**
   * Any number of codes -> E[x|z], [n, values]; of a conditional model of its classes in turn, where none are given.
   * @throws {UserError} where the values are no whole codes, or a label is none
   */
  decode(codes: Float32Array, labels?: ArrayLike<number>): Float32Array;
  /**
   * Decoded draws from the prior, [count, values]. The same seed draws the same.
   * @param label the class of all of them, where the model is conditional; default: all classes in turn
   * @throws {UserError} where the count is no whole number, or the label is none
   */
  sample(count: number, seed?: number, label?: number): Float32Array;
}
