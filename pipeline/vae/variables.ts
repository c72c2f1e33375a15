import * as tf from "@tensorflow/tfjs";
import { randomStream } from "../random.ts";
import type { Initialisation } from "../spec/schema.ts";

/**
 * The variables of one model, in the order in which they are made.
 *
 * Each draws its initial value from the stream `initialisation/<its name>`, so a layer that is added or
 * removed leaves the initial values of all others as they were.
 */
export class Variables {
  readonly list: tf.Variable[] = [];
  readonly #seed: number;
  readonly #initialisation: Initialisation;

  constructor(seed: number, initialisation: Initialisation = "glorot-uniform") {
    this.#seed = seed;
    this.#initialisation = initialisation;
  }

  /**
   * A weight drawn uniformly from ±sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio, 2010), or normally with a variance
   * of 1 / fanIn (LeCun et al., 1998), which keeps the size of values where a layer widens: z of two dimensions
   * reaches the bends of its tanh units from the start.
   *
   * One rule for every activation: Glorot's bound keeps the variance of values and of gradients in balance, and a
   * decoder's last layers, whose fans differ most, need the balance more than ReLU needs its factor of 2.
   */
  kernel(name: string, shape: number[], fanIn: number, fanOut: number): tf.Variable {
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    const stream = randomStream(this.#seed, `initialisation/${name}`);
    if (this.#initialisation === "lecun-normal") {
      stream.fillNormal(values);
      const deviation = Math.sqrt(1 / fanIn);
      for (let i = 0; i < values.length; i++) values[i]! *= deviation;
    } else {
      stream.fillUniform(values);
      const limit = Math.sqrt(6 / (fanIn + fanOut));
      for (let i = 0; i < values.length; i++) values[i] = (2 * values[i]! - 1) * limit;
    }
    return this.make(name, shape, values);
  }

  zeros(name: string, shape: number[]): tf.Variable {
    return this.make(name, shape, new Float32Array(tf.util.sizeFromShape(shape)));
  }

  make(name: string, shape: number[], values: Float32Array): tf.Variable {
    const initial = tf.tensor(values, shape, "float32");
    const variable = tf.variable(initial, true, name);
    initial.dispose();
    this.list.push(variable);
    return variable;
  }
}
