import type { Shape } from "../base/shape.ts";
import { randomStream } from "../base/random.ts";
import type { ArchitectureModule, Encoder, ModelBase } from "./architectures/architecture.ts";
import type { Initialisation } from "./initialisation_names.ts";
import { Variables } from "./variables.ts";

/** What a network beside the model is made of. */
export interface TwinParts {
  /** The experiment's, from which initial values follow. */
  readonly seed: number;
  /** The model's part of the spec. */
  readonly model: ModelBase;
  /** The shape of one example. */
  readonly inputShape: Shape;
  /** The code of the model's architecture. */
  readonly architecture: ArchitectureModule;
}

/**
 * A network of the encoder's architecture up to its last hidden layer, with variables of its own.
 *
 * @param name takes the place of "encoder" in the names of its variables, and gives them initial values of their own
 */
export function createTwin(
  { seed, model, inputShape, architecture }: TwinParts,
  name: string,
): { readonly variables: Variables; readonly encoder: Encoder } {
  const variables = new TwinVariables(name, seed, model.initialisation);
  return { variables, encoder: architecture.createEncoder(variables, model, inputShape) };
}

/** The variables of an encoder, drawn by a seed and under names of their own. */
class TwinVariables extends Variables {
  readonly #name: string;

  constructor(name: string, seed: number, initialisation: Initialisation | undefined) {
    super(randomStream(seed, name).integer(2 ** 32), initialisation);
    this.#name = name;
  }

  override make(name: string, shape: number[], values: Float32Array) {
    return super.make(name.replace(/^encoder\b/, this.#name), shape, values);
  }
}
