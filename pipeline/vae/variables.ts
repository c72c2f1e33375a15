import * as tf from "@tensorflow/tfjs";
import { randomStream } from "../random.ts";

/**
 * The variables of one model, in the order in which they are made.
 *
 * Each draws its initial value from the stream `initialisation/<its name>`, so a layer that is added or
 * removed leaves the initial values of all others as they were.
 */
export class Variables {
  readonly list: tf.Variable[] = [];
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * A weight drawn uniformly from ±sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio, 2010).
   *
   * Used for every activation: the bound keeps the variance of values and of gradients in balance, and a
   * decoder's last layers, whose fans differ most, need the balance more than ReLU needs its factor of 2.
   */
  glorotUniform(name: string, shape: number[], fanIn: number, fanOut: number): tf.Variable {
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    randomStream(this.#seed, `initialisation/${name}`).fillUniform(values);
    for (let i = 0; i < values.length; i++) values[i] = (2 * values[i]! - 1) * limit;
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
