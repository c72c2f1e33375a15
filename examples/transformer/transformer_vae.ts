import * as tf from "@tensorflow/tfjs";
import {
  type Decoder,
  dense,
  type Encoder,
  type Layer,
  type OwnModel,
  type Shape,
  sizeOf,
  type Variables,
} from "reparam";
import { z } from "zod";

/** A Transformer on each side (Vaswani et al., 2017): each step of a piano roll looks at all others. */

export const options = z.strictObject({
  width: z.int().min(2).default(64).describe("Values of a step inside; a multiple of heads."),
  heads: z.int().min(1).default(4).describe("Attention heads of each block."),
  blocks: z.int().min(1).max(12).default(2).describe("Blocks of each side."),
}).refine(({ width, heads }) => width % heads === 0, "width must be a multiple of heads");

type Options = z.output<typeof options>;
type Model = OwnModel<Options>;

/** A dense layer for each step, [n, steps, inputs] -> [n, steps, outputs]. */
function perStep(variables: Variables, name: string, steps: number, inputs: number, outputs: number): Layer {
  const layer = dense(variables, name, inputs, outputs);
  return (x) => tf.reshape(layer(tf.reshape(x, [-1, inputs])), [-1, steps, outputs]);
}

/** Each step with mean 0 and variance 1, then scaled and shifted (Ba et al., 2016). */
function normalise(variables: Variables, name: string, width: number): Layer {
  const scale = variables.make(`${name}/scale`, [width], new Float32Array(width).fill(1));
  const shift = variables.zeros(`${name}/shift`, [width]);
  return (x) => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const deviation = tf.sqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5));
    return tf.add(tf.mul(tf.div(centred, deviation), scale), shift);
  };
}

/** Attention of all steps to all, with several heads. */
function attention(variables: Variables, name: string, steps: number, { width, heads }: Options): Layer {
  const part = width / heads;
  const [query, key, value] = ["query", "key", "value"].map((what) =>
    perStep(variables, `${name}/${what}`, steps, width, width)
  ) as [Layer, Layer, Layer];
  const output = perStep(variables, `${name}/output`, steps, width, width);
  const split = (x: tf.Tensor) => tf.transpose(tf.reshape(x, [-1, steps, heads, part]), [0, 2, 1, 3]);
  return (x) => {
    const scores = tf.mul(tf.matMul(split(query(x)), split(key(x)), false, true), 1 / Math.sqrt(part));
    const seen = tf.matMul(tf.softmax(scores), split(value(x)));
    return output(tf.reshape(tf.transpose(seen, [0, 2, 1, 3]), [-1, steps, width]));
  };
}

/** Blocks of attention and two dense layers, each added to what it reads, normalised before (Xiong et al., 2020). */
function transformer(variables: Variables, name: string, steps: number, options: Options): Layer {
  const { width, blocks } = options;
  const all = Array.from({ length: blocks }, (_, i) => {
    const block = `${name}/block${i + 1}`;
    const before = normalise(variables, `${block}/norm1`, width);
    const look = attention(variables, block, steps, options);
    const between = normalise(variables, `${block}/norm2`, width);
    const widen = perStep(variables, `${block}/dense1`, steps, width, 2 * width);
    const narrow = perStep(variables, `${block}/dense2`, steps, 2 * width, width);
    return (x: tf.Tensor) => {
      const seen = tf.add(x, look(before(x)));
      return tf.add(seen, narrow(tf.relu(widen(between(seen)))));
    };
  });
  return (x) => all.reduce((value, block) => block(value), x);
}

/** What tells steps apart: a learned row for each. */
function positions(variables: Variables, name: string, steps: number, width: number): Layer {
  const rows = variables.kernel(`${name}/positions`, [steps, width], width, width);
  return (x) => tf.add(x, rows);
}

export function createEncoder(variables: Variables, { options }: Model, [steps, ...rest]: Shape): Encoder {
  const { width } = options;
  const columns = sizeOf(rest);
  const embed = perStep(variables, "encoder/embedding", steps!, columns, width);
  const place = positions(variables, "encoder", steps!, width);
  const blocks = transformer(variables, "encoder", steps!, options);
  return {
    hidden: (x) => tf.mean(blocks(place(embed(tf.reshape(x, [-1, steps!, columns])))), 1),
    width,
  };
}

export function createDecoder(variables: Variables, model: Model, [steps, ...rest]: Shape): Decoder {
  const { latentSize, options } = model;
  const { width } = options;
  const columns = sizeOf(rest);
  const spread = dense(variables, "decoder/code", latentSize, width);
  const place = positions(variables, "decoder", steps!, width);
  const blocks = transformer(variables, "decoder", steps!, options);
  const output = perStep(variables, "decoder/output", steps!, width, columns);
  return {
    decode(z) {
      const everywhere = tf.tile(tf.reshape(spread(z), [-1, 1, width]), [1, steps!, 1]);
      return tf.reshape(output(blocks(place(everywhere))), [-1, steps! * columns]);
    },
  };
}
