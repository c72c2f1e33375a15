import type * as tf from "@tensorflow/tfjs";
import type { z } from "zod";
import type { ModuleUrl } from "../../base/module_url.ts";
import type { Problem } from "../../base/problem.ts";
import type { TwinParts } from "../encoder_twin.ts";
import type { Posterior } from "../posterior.ts";

/** What every objective's spec says. */
export interface ObjectiveBase {
  /** The name of its variant. */
  readonly name: string;
}

/** A batch of n examples with `samples` codes each, as training sees it; in nats, summed over dimensions. */
export interface ObjectiveTerms {
  /** q(z|x), both [n, latentSize]. */
  readonly posterior: Posterior;
  /** Codes drawn from it, [n x samples, latentSize]: those of one example are neighbours. */
  readonly z: tf.Tensor;
  /** -log p(x|z) at each code, [n x samples]. */
  readonly reconstruction: tf.Tensor1D;
  /** KL(q(z|x) || p(z)), [n, latentSize] where the prior gives it by dimension, else [n, 1]: sum it up. */
  readonly kl: tf.Tensor2D;
  /** log p(z) - log q(z|x) at each code, [n x samples]. */
  logRatio(): tf.Tensor1D;
  /** Codes drawn from p(z), [n, latentSize]; only of an objective that asks for them. */
  readonly priorCodes?: tf.Tensor;
  /** The weight that the spec's `kl` has reached, a scalar: it multiplies what takes the KL term's place. */
  readonly klWeight: tf.Tensor;
  /** Nats of each dimension's mean KL that are not penalised (`penalisedKl`); 0 where there are none. */
  readonly freeBits: number;
  /** Examples in the training part. */
  readonly trainingExamples: number;
  /** What the players of a game see; only of an objective with an `adversary`. */
  readonly game?: Game;
  /**
   * What is known of classes; only of an objective that says which `labels` it sees. Then `reconstruction` and `kl` are
   * means over the classes that an example may have, and `posterior` and `z` have a row for each example and class.
   */
  readonly classes?: ClassTerms;
}

/** What is known of the classes of a batch of n examples, in nats. */
export interface ClassTerms {
  /**
   * KL(Q(y) || p(y)), [n], with all classes equally likely a priori; Q(y) is certain where the label is told, and q(y|x)
   * where it is not.
   */
  readonly kl: tf.Tensor1D;
  /** -log q(y|x) at the labels of as many labelled examples, which need not be those of the batch, [n]. */
  readonly crossEntropy: tf.Tensor1D;
}

/** Whose labels training sees. */
export interface LabelChoice {
  /** Training examples of each class. */
  readonly perClass: number;
  /** Which of them: each number is another draw. */
  readonly draw: number;
}

/** Examples, real and made, and who judges them; flat, [n, dimensions]. */
export interface Game {
  /** The batch. */
  readonly x: tf.Tensor;
  /** E[x|z] at the codes of the batch. */
  reconstructions(): tf.Tensor2D;
  /** E[x|z] at `priorCodes`. */
  generated(): tf.Tensor2D;
  /** What the discriminator makes of examples. */
  judge(examples: tf.Tensor): Assessment;
  /** The model's encoder. */
  encode(examples: tf.Tensor): Posterior;
}

/** What a discriminator makes of n examples. */
export interface Assessment {
  /** The logit of each being real, [n]. */
  readonly logits: tf.Tensor1D;
  /** Its last hidden layer, [n, width]. */
  readonly features: tf.Tensor2D;
}

/** A network that is trained against the model. */
export interface Discriminator {
  /** What it learns. Names differ from all of the model's. */
  readonly variables: readonly tf.Variable[];
  /** Flat examples [n, dimensions] -> what it makes of them. */
  judge(examples: tf.Tensor): Assessment;
}

/** What the players beside the encoder minimise, and how the game stands; scalars, means over the batch. */
export interface GameLosses {
  /** What the decoder's variables minimise. */
  readonly decoder: tf.Scalar;
  /** What the discriminator's variables minimise. */
  readonly discriminator: tf.Scalar;
  /** The discriminator's probability that real examples are real. */
  readonly realScore: tf.Scalar;
  /** The discriminator's probability that generated examples are real. */
  readonly generatedScore: tf.Scalar;
  /** The variance of a value over generated examples, as a share of that over real ones. */
  readonly variety: tf.Scalar;
}

/** A discriminator and what is played for: each player minimises a loss of its own, all in the same step. */
export interface Adversary {
  /** How many times the learning rate the discriminator's is. */
  readonly rate: number;
  /** Makes the discriminator. */
  createDiscriminator(parts: TwinParts): Discriminator;
  /** What decoder and discriminator minimise; `terms` have the `game`. */
  losses(terms: ObjectiveTerms): GameLosses;
}

/** What training minimises. */
export interface Objective {
  /** Codes that are drawn for each example. */
  readonly samples: number;
  /** Whether the loss is no mean of the examples' own losses, so that a step must see the whole batch at once. */
  readonly comparesExamples: boolean;
  /**
   * Whose labels it sees, where a conditional model is told the classes of few examples; default: of all. Then a network
   * q(y|x) is trained with the model.
   */
  readonly labels?: LabelChoice;
  /** Whether it asks for codes of the prior; default: it does not. */
  readonly drawsFromPrior?: boolean;
  /** The loss of a batch, a scalar: a mean over its examples. Where there is an `adversary` it is the encoder's alone. */
  loss(terms: ObjectiveTerms): tf.Scalar;
  /** Who is trained against the model, where somebody is; it asks for codes of the prior. */
  readonly adversary?: Adversary;
  /**
   * The loss of examples that are not trained on, where it follows from the means of its two terms. Where it does not
   * and `ofExamples` is left out too, `metrics.csv` has none, and early stopping goes by the ELBO.
   *
   * @param kl the mean KL of each dimension
   */
  ofMeans?(reconstruction: number, kl: ArrayLike<number>, klWeight: number, freeBits: number): number;
  /** The losses of n examples, [n], whose mean `loss` is: they are measured where there is no `ofMeans`. */
  ofExamples?(terms: ObjectiveTerms): tf.Tensor1D;
}

/**
 * The code of an objective: what the train stage loads.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import type { ObjectiveModule } from "reparam";
 *
 * // An autoencoder whose KL is held to 25 nats (Burgess et al., 2018).
 * export const createObjective: ObjectiveModule["createObjective"] = () => ({
 *   samples: 1,
 *   comparesExamples: true, // it is the mean over the batch that is held
 *   loss({ reconstruction, kl, klWeight }) {
 *     const excess = tf.abs(tf.sub(tf.sum(tf.mean(kl, 0)), 25));
 *     return tf.add(tf.mean(reconstruction), tf.mul(klWeight, excess));
 *   },
 * });
 * ```
 */
export interface ObjectiveModule<Spec extends ObjectiveBase = ObjectiveBase> {
  /** Makes the objective. */
  createObjective(spec: Spec): Objective;
}

/** The other parts of a spec that an objective depends on. */
export interface ObjectiveConditions {
  /** Nats of each dimension's KL that are to be free. */
  readonly freeBits: number;
  /** Examples in a batch. */
  readonly batchSize: number;
  /** Whether training ends where its loss no longer falls. */
  readonly stopsEarly: boolean;
  /** Whether the model is told the class of an example. */
  readonly conditional: boolean;
  /** Whether the decoder reads an example besides z. */
  readonly readsPast: boolean;
  /** Numbers that the likelihood takes from the decoder for each value of an example. */
  readonly outputsPerValue: number;
  /** The activation of the encoder's hidden layers, where the model's spec has one. */
  readonly activation?: string | undefined;
  /** Whether examples have values between 0 and 1 as well. */
  readonly intensities: boolean;
}

/**
 * The spec part of an objective; it imports no tfjs.
 *
 * @example
 * ```ts
 * import { moduleUrl, type ObjectiveModule, type ObjectiveSpec } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ name: z.literal("capacity"), nats: z.number().min(0).default(25) });
 * type CapacitySpec = z.output<typeof schema>;
 *
 * export const capacity = {
 *   schema,
 *   module: moduleUrl<ObjectiveModule<CapacitySpec>>(new URL("./capacity.ts", import.meta.url)),
 *   words: ({ nats }) => `KL held to ${nats} nats`,
 *   problems: () => [],
 * } satisfies ObjectiveSpec<CapacitySpec>;
 * ```
 */
export interface ObjectiveSpec<Spec extends ObjectiveBase = ObjectiveBase> {
  /** Has `name` as a literal. */
  readonly schema: z.ZodObject & z.ZodType<Spec>;
  /** Where its code stands. */
  readonly module: ModuleUrl<ObjectiveModule<Spec>>;
  /** The objective in a few words: "importance-weighted bound, 5 samples". */
  words(spec: Spec): string;
  /** What is trained by it, where that is no variational autoencoder: "generative adversarial network". */
  readonly trains?: string;
  /** What readers must know before they compare likelihoods, in sentences; left out where nothing is special. */
  readonly caveat?: string;
  /** What is impossible in it, or beside the other parts; paths begin at the spec's root. */
  problems(spec: Spec, conditions: ObjectiveConditions): Problem[];
}
