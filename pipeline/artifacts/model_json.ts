import { jsonArtifact } from "./artifact.ts";

/** The model that was trained, and how far. */
export interface ModelInfo {
  readonly architecture: string;
  /** The shape of one example. */
  readonly inputShape: readonly number[];
  readonly latentSize: number;
  readonly likelihood: { readonly family: string };
  /** As the spec has it; N(0, I) where it is left out. */
  readonly prior?: { readonly name: string };
  /** What each class stands for that a conditional model is told, in the order of `y`; absent of any other. */
  readonly classes?: readonly string[];
  /** How many numbers it learns. */
  readonly parameters: number;
  readonly layers: readonly LayerInfo[];
  /** The epoch that the weights are of. */
  readonly epoch: number;
  readonly epochsDone: number;
}

/** A layer with weights; shapes are of one example. */
export interface LayerInfo {
  /** Begins the names of its weights. */
  readonly name: string;
  readonly kind: string;
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly parameters: number;
}

/** The trained model in words and numbers; its weights are in `WEIGHTS`. */
export const MODEL_JSON = jsonArtifact<ModelInfo>("train/model.json");
