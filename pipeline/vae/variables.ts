import * as tf from "@tensorflow/tfjs";
import { type RandomStream, randomStream } from "../base/random.ts";
import type { Initialisation } from "./initialisation_names.ts";

/**
 * The variables of one model, in the order in which they are made.
 *
 * Each draws its initial value from the stream `initialisation/<its name>`, so a layer that is added or
 * removed leaves the initial values of all others as they were.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Variables } from "reparam";
 *
 * const variables = new Variables(1, "lecun-normal");
 * const kernel = variables.kernel("example/kernel", [784, 10], 784, 10);
 * const bias = variables.bias("example/bias", 10, 784);
 * assert.deepEqual(variables.list, [kernel, bias]);
 * ```
 */
export class Variables {
  /** All that were made. */
  readonly list: tf.Variable[] = [];
  readonly #seed: number;
  readonly #initialisation: Initialisation;

  /** None yet. @param seed the experiment's, from which every initial value follows */
  constructor(seed: number, initialisation: Initialisation = "glorot-uniform") {
    this.#seed = seed;
    this.#initialisation = initialisation;
  }

  /**
   * A weight drawn by the model's rule:
   * - Glorot: uniform in ±sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio, 2010). The bound keeps the variance of
   *   values and of gradients in balance, and a decoder's last layers, whose fans differ most, need the balance
   *   more than ReLU needs its factor of 2.
   * - LeCun: normal with a variance of 1 / fanIn (LeCun et al., 1998), which keeps the size of values where a layer
   *   widens: z of two dimensions reaches the bends of its tanh units from the start.
   * - fan-in: uniform in ±1 / sqrt(fanIn), biases too (what PyTorch does), so that the bends of those units also
   *   lie at different places.
   */
  kernel(name: string, shape: number[], fanIn: number, fanOut: number): tf.Variable {
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    const stream = randomStream(this.#seed, `initialisation/${name}`);
    switch (this.#initialisation) {
      case "glorot-uniform":
        fillSymmetric(stream, values, Math.sqrt(6 / (fanIn + fanOut)));
        break;
      case "lecun-normal": {
        stream.fillNormal(values);
        const deviation = Math.sqrt(1 / fanIn);
        for (let i = 0; i < values.length; i++) values[i]! *= deviation;
        break;
      }
      case "fan-in-uniform":
        fillSymmetric(stream, values, 1 / Math.sqrt(fanIn));
    }
    return this.make(name, shape, values);
  }

  /** A bias of a dense or convolutional layer: 0, but for the fan-in rule. */
  bias(name: string, size: number, fanIn: number): tf.Variable {
    if (this.#initialisation !== "fan-in-uniform") return this.zeros(name, [size]);
    const stream = randomStream(this.#seed, `initialisation/${name}`);
    return this.make(name, [size], fillSymmetric(stream, new Float32Array(size), 1 / Math.sqrt(fanIn)));
  }

  /** A variable that is 0 at first. */
  zeros(name: string, shape: number[]): tf.Variable {
    return this.make(name, shape, new Float32Array(tf.util.sizeFromShape(shape)));
  }

  /** A variable drawn from a normal distribution. */
  normal(
    name: string,
    shape: number[],
    { mean, deviation }: { readonly mean: number; readonly deviation: number },
  ): tf.Variable {
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    randomStream(this.#seed, `initialisation/${name}`).fillNormal(values);
    for (let i = 0; i < values.length; i++) values[i] = mean + deviation * values[i]!;
    return this.make(name, shape, values);
  }

  /** A variable with initial values of its own. @param values in C order */
  make(name: string, shape: number[], values: Float32Array): tf.Variable {
    const initial = tf.tensor(values, shape, "float32");
    const variable = tf.variable(initial, true, name);
    initial.dispose();
    this.list.push(variable);
    return variable;
  }
}

/** Uniform numbers in [-limit, limit). */
function fillSymmetric(stream: RandomStream, out: Float32Array, limit: number): Float32Array {
  stream.fillUniform(out);
  for (let i = 0; i < out.length; i++) out[i] = (2 * out[i]! - 1) * limit;
  return out;
}
