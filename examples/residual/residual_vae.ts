import * as tf from "@tensorflow/tfjs";
import {
  chain,
  type Decoder,
  dense,
  type Encoder,
  type Layer,
  type OwnModel,
  reshape,
  type Shape,
  sizeOf,
  type Variables,
} from "reparam";
import { z } from "zod";

/** A residual network on each side (He et al., 2016): every block adds to what it reads. */

export const options = z.strictObject({
  filters: z.int().min(1).default(16).describe(
    "Channels at full size; each halving of the size doubles them.",
  ),
  halvings: z.int().min(0).max(5).default(2).describe("How often the encoder halves height and width."),
  blocks: z.int().min(0).max(10).default(1).describe("Residual blocks at each size."),
});

type Model = OwnModel<z.output<typeof options>>;

/** A convolution with a kernel of 3 x 3: [n, h, w, inputs] -> [n, h / stride, w / stride, outputs]. */
function convolution(
  variables: Variables,
  name: string,
  inputs: number,
  outputs: number,
  stride: 1 | 2,
): Layer {
  const kernel = variables.kernel(`${name}/kernel`, [3, 3, inputs, outputs], 9 * inputs, 9 * outputs);
  const bias = variables.bias(`${name}/bias`, outputs, 9 * inputs);
  return (x) => tf.add(tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, stride, "same"), bias);
}

/** x + convolution(ReLU(convolution(ReLU(x)))): pre-activation (He et al., 2016b). */
function residual(variables: Variables, name: string, channels: number): Layer {
  const first = convolution(variables, `${name}a`, channels, channels, 1);
  const second = convolution(variables, `${name}b`, channels, channels, 1);
  return (x) => tf.add(x, second(tf.relu(first(tf.relu(x)))));
}

/** Twice the height and width, each pixel four times; then a convolution. */
function enlarge(variables: Variables, name: string, [h, w, inputs]: Shape, outputs: number): Layer {
  const smooth = convolution(variables, name, inputs!, outputs, 1);
  return (x) => {
    const n = x.shape[0]!;
    const spread = tf.tile(tf.reshape(x, [n * h!, w!, 1, inputs!]), [1, 1, 2, 1]);
    const rows = tf.tile(tf.reshape(spread, [n, h!, 1, 2 * w! * inputs!]), [1, 1, 2, 1]);
    return smooth(tf.reshape(rows, [n, 2 * h!, 2 * w!, inputs!]));
  };
}

/** Height, width and channels of an example, and of the smallest feature map. */
function sizes({ options: { filters, halvings } }: Model, [height, width, channels = 1]: Shape) {
  const part = 2 ** halvings;
  if (height! % part > 0 || width! % part > 0) {
    throw new RangeError(`Pictures of ${height} x ${width} cannot be halved ${halvings} times`);
  }
  return { picture: [height!, width!, channels], smallest: [height! / part, width! / part, filters * part] };
}

export function createEncoder(variables: Variables, model: Model, inputShape: Shape): Encoder {
  const { filters, halvings, blocks } = model.options;
  const { picture, smallest } = sizes(model, inputShape);
  const layers = [reshape(picture), convolution(variables, "encoder/stem", picture[2]!, filters, 1)];
  for (let level = 0; level <= halvings; level++) {
    const channels = filters * 2 ** level;
    if (level > 0) layers.push(convolution(variables, `encoder/halve${level}`, channels / 2, channels, 2));
    for (let block = 1; block <= blocks; block++) {
      layers.push(residual(variables, `encoder/level${level}block${block}`, channels));
    }
  }
  return {
    hidden: chain([...layers, (x) => tf.relu(x), reshape([sizeOf(smallest)])]),
    width: sizeOf(smallest),
  };
}

export function createDecoder(variables: Variables, model: Model, inputShape: Shape): Decoder {
  const { filters, halvings, blocks } = model.options;
  const { picture, smallest } = sizes(model, inputShape);
  const layers = [
    dense(variables, "decoder/features", model.latentSize, sizeOf(smallest)),
    reshape(smallest),
  ];
  for (let level = halvings; level >= 0; level--) {
    const channels = filters * 2 ** level;
    for (let block = 1; block <= blocks; block++) {
      layers.push(residual(variables, `decoder/level${level}block${block}`, channels));
    }
    if (level === 0) continue;
    const map = [picture[0]! / 2 ** level, picture[1]! / 2 ** level, channels];
    layers.push(enlarge(variables, `decoder/double${level}`, map, channels / 2));
  }
  const output = convolution(variables, "decoder/output", filters, picture[2]!, 1);
  return { decode: chain([...layers, (x) => tf.relu(x), output, reshape([sizeOf(picture)])]) };
}
