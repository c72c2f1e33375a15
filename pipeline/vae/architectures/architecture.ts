import type * as tf from "@tensorflow/tfjs";
import type { z } from "zod";
import type { ModuleUrl } from "../../base/module_url.ts";
import type { Problem } from "../../base/problem.ts";
import type { Shape } from "../../base/shape.ts";
import type { Initialisation } from "../initialisation_names.ts";
import type { Layer } from "../layer.ts";
import type { LikelihoodBase } from "../likelihoods/likelihood.ts";
import type { PriorBase } from "../priors/prior.ts";
import type { Variables } from "../variables.ts";

/** What every model's spec says, whatever the architecture. */
export interface ModelBase {
  /** The name of its variant. */
  readonly architecture: string;
  /** Dimensions of z. */
  readonly latentSize: number;
  /** Its p(x|z). */
  readonly likelihood: LikelihoodBase;
  /** Its p(z); default: N(0, I). */
  readonly prior?: PriorBase | undefined;
  /** Whether encoder and decoder are told the class of each example; default: no. */
  readonly conditional?: boolean | undefined;
  /** The rule by which its weights are drawn at first; default: glorot-uniform. */
  readonly initialisation?: Initialisation | undefined;
}

/** One layer with weights. Shapes are of one example, without the batch axis. */
export interface LayerShape {
  /** Unique, and the start of its weights' names: `encoder/conv1`. */
  readonly name: string;
  /** "dense", "conv", "transposed-conv", "lstm". */
  readonly kind: string;
  /** How a diagram writes it: "conv 4×4 /2, ReLU". */
  readonly title: string;
  /** [values], [height, width, channels] or [time steps, values]; a dense layer flattens what it reads. */
  readonly input: Shape;
  /** As `input`. */
  readonly output: Shape;
  /** How many numbers it learns. */
  readonly parameters: number;
}

/** An encoder up to its last hidden layer; `createVae` puts the posterior's two heads on it. */
export interface Encoder {
  /** Flat examples [n, dimensions] -> hidden values [n, width]. */
  readonly hidden: Layer;
  /** Hidden values of one example. */
  readonly width: number;
}

/** A decoder: codes -> what the likelihood makes p(x|z) of. */
export interface Decoder {
  /**
   * [n, latentSize] -> [n, dimensions x outputs], what the likelihood makes a distribution of: where it wants several
   * numbers for each value of an example, all first ones of the example, then all second ones.
   *
   * @param teacherInput the examples whose steps the decoder reads, one step late, where it is autoregressive
   * (teacher forcing: Williams and Zipser, 1989), [n or 1, dimensions]
   */
  decode(z: tf.Tensor, teacherInput?: tf.Tensor): tf.Tensor;
  /** How a decoder that reads its own steps generates; undefined for all others. */
  readonly autoregression?: Autoregression | undefined;
}

/** What an autoregressive decoder keeps from one step to the next: tensors [n, ...shape] by name. */
export type DecoderState = Readonly<Record<string, tf.Tensor>>;

/**
 * A decoder that writes step by step. What it keeps from one step to the next, an LSTM's state or an attention
 * cache, is its own affair: whoever drives it hands the tensors on.
 */
export interface Autoregression {
  /** Steps of one example. */
  readonly steps: number;
  /** Values of one step. */
  readonly features: number;
  /** Share of the steps that training hides from the decoder, so that it needs z (Bowman et al., 2016). */
  readonly wordDropout: number;
  /** What is kept between steps: shapes of one example by name. Before the first step all of it is 0. */
  readonly state: Readonly<Record<string, Shape>>;
  /**
   * Writes one step.
   *
   * @param z [n, latentSize]
   * @param before the step before, [n, features]; zeros at the first
   * @param state [n, ...shape] by name
   * @returns the decoder's output for this step, [n, features x outputs], and the state after it
   */
  step(z: tf.Tensor, before: tf.Tensor, state: DecoderState): {
    readonly output: tf.Tensor2D;
    readonly state: DecoderState;
  };
}

/**
 * The code of an architecture: what a stage loads.
 *
 * @example
 * ```ts
 * import { type ArchitectureModule, type ArchitectureSpec, dense, denseLayer, posteriorLayers, sizeOf } from "reparam";
 *
 * // Factor analysis by a network: nothing bends between an example and z.
 * export const describeLayers: ArchitectureSpec["describeLayers"] = ({ latentSize }, inputShape) => [
 *   ...posteriorLayers([sizeOf(inputShape)], latentSize),
 *   denseLayer("decoder/output", "linear", [latentSize], [sizeOf(inputShape)]),
 * ];
 *
 * export const createEncoder: ArchitectureModule["createEncoder"] = (_variables, _model, inputShape) => ({
 *   hidden: (x) => x,
 *   width: sizeOf(inputShape),
 * });
 *
 * export const createDecoder: ArchitectureModule["createDecoder"] = (variables, { latentSize }, inputShape) => ({
 *   decode: dense(variables, "decoder/output", latentSize, sizeOf(inputShape)),
 * });
 * ```
 */
export interface ArchitectureModule<Model extends ModelBase = ModelBase> {
  /**
   * The layers in the order in which data flows through them: encoder, the posterior's mean and log variance (which
   * both read the encoder's last layer), decoder. Left out, they are found by what reads which variable.
   *
   * @param inputShape [height, width] or [height, width, channels] of an image, [steps, columns] of a piano roll
   * @param outputs numbers that the likelihood wants for each value of an example (`LikelihoodTraits`)
   */
  describeLayers?(model: Model, inputShape: Shape, outputs: number): LayerShape[];
  /** Makes the encoder's variables, and the encoder over them. @param inputShape as for `describeLayers` */
  createEncoder(variables: Variables, model: Model, inputShape: Shape): Encoder;
  /**
   * Makes the decoder's variables, and the decoder over them; parameters as for `describeLayers`. Of a conditional model
   * a code is z with the one-hot class behind it, and `model.latentSize` is the length of both together.
   */
  createDecoder(variables: Variables, model: Model, inputShape: Shape, outputs: number): Decoder;
}

/**
 * The spec part of an architecture; it imports no tfjs.
 *
 * @example
 * ```ts
 * import {
 *   type ArchitectureModule,
 *   type ArchitectureSpec,
 *   DENSE_LAYOUT,
 *   denseLayer,
 *   modelFields,
 *   moduleUrl,
 *   posteriorLayers,
 *   type Shape,
 *   sizeOf,
 * } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ architecture: z.literal("linear"), ...modelFields });
 * type LinearModel = z.output<typeof schema>;
 *
 * function describeLayers({ latentSize }: LinearModel, inputShape: Shape) {
 *   return [
 *     ...posteriorLayers([sizeOf(inputShape)], latentSize),
 *     denseLayer("decoder/output", "linear", [latentSize], [sizeOf(inputShape)]),
 *   ];
 * }
 *
 * export const linear = {
 *   schema,
 *   module: moduleUrl<ArchitectureModule<LinearModel>>(new URL("./model.ts", import.meta.url)),
 *   describeLayers,
 *   problems: () => [],
 *   fillDefaults: (model) => model,
 *   isAutoregressive: () => false,
 *   weightLayouts: [DENSE_LAYOUT],
 * } satisfies ArchitectureSpec<LinearModel>;
 * ```
 */
export interface ArchitectureSpec<Model extends ModelBase = ModelBase> {
  /** Has `architecture` as a literal, and the keys of `modelFields`. */
  readonly schema: z.ZodObject & z.ZodType<Model>;
  /** Where its code stands. */
  readonly module: ModuleUrl<ArchitectureModule<Model>>;
  /** The layers, as `ArchitectureModule` gives them: specs are checked and figures drawn by them. */
  describeLayers(model: Model, inputShape: Shape, outputs: number): LayerShape[];
  /** Why no such model can be built for examples of this shape; parameters as for `describeLayers`. */
  problems(model: Model, inputShape: Shape, outputs: number): Problem[];
  /** Settles defaults that depend on the data: an example's rows may hold several channels side by side. */
  fillDefaults(model: Model, channels: number): Model;
  /** Whether the decoder reads its own steps. */
  isAutoregressive(model: Model): boolean;
  /**
   * How its weights lie in `weights.safetensors`, for whoever loads them elsewhere: a sentence for each kind of
   * layer.
   */
  readonly weightLayouts: readonly string[];
}
