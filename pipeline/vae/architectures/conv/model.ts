import * as tf from "@tensorflow/tfjs";
import { type Shape, sizeOf } from "../../../base/shape.ts";
import { ACTIVATIONS, chain, dense, denseStack, type Layer, reshape } from "../../layer.ts";
import type { Variables } from "../../variables.ts";
import type { Decoder, Encoder, LayerShape } from "../architecture.ts";
import { describeConvLayers } from "./layers.ts";
import type { ConvLayer, ConvModel } from "./schema.ts";

export { describeConvLayers as describeLayers };

/** Height, width, channels of one example (tfjs's NHWC order without the N). */
type FeatureMap = Shape;

/** A convolution: [n, h, w, c] -> [n, h', w', filters]. */
export function convolution(
  variables: Variables,
  name: string,
  input: FeatureMap,
  { filters, kernel, stride, padding }: ConvLayer,
): Layer {
  const channels = input[2]!;
  const area = kernel * kernel;
  const shape = [kernel, kernel, channels, filters];
  const weight = variables.kernel(`${name}/kernel`, shape, area * channels, area * filters);
  const bias = variables.bias(`${name}/bias`, filters, area * channels);
  return (x) => tf.add(tf.conv2d(x as tf.Tensor4D, weight as tf.Tensor4D, stride, padding), bias);
}

/**
 * The transpose of the convolution with the same layer: [n, h, w, c] -> [n, h', w', filters].
 *
 * @param output its shape, which strides alone would leave open
 */
export function transposedConvolution(
  variables: Variables,
  name: string,
  input: FeatureMap,
  output: FeatureMap,
  { filters, kernel, stride, padding }: ConvLayer,
): Layer {
  const channels = input[2]!;
  const area = kernel * kernel;
  const shape = [kernel, kernel, filters, channels];
  const weight = variables.kernel(`${name}/kernel`, shape, area * channels, area * filters);
  const bias = variables.bias(`${name}/bias`, filters, area * channels);
  return (x) => {
    const wanted = [x.shape[0], ...output] as [number, number, number, number];
    const spread = tf.conv2dTranspose(x as tf.Tensor4D, weight as tf.Tensor4D, wanted, stride, padding);
    return tf.add(spread, bias);
  };
}

/** Convolutions, then dense layers. */
export function createEncoder(variables: Variables, model: ConvModel, inputShape: Shape): Encoder {
  const shapes = layerShapes(model, inputShape);
  const activation = ACTIVATIONS[model.encoder.activation];
  const { conv, dense: units } = model.encoder;
  const convolutions = conv.flatMap((layer, i) => {
    const name = `encoder/conv${i + 1}`;
    return [convolution(variables, name, shapes.get(name)!.input, layer), activation];
  });
  const flat = sizeOf(shapes.get(`encoder/conv${conv.length}`)!.output);
  return {
    hidden: chain([
      toFeatureMap(shapes.get("encoder/conv1")!.input, inputShape),
      ...convolutions,
      reshape([flat]),
      denseStack(variables, "encoder", flat, units, activation),
    ]),
    width: units.at(-1) ?? flat,
  };
}

/** Dense layers, then transposed convolutions; the last one has no activation. */
export function createDecoder(
  variables: Variables,
  model: ConvModel,
  inputShape: Shape,
  outputs: number,
): Decoder {
  const shapes = layerShapes(model, inputShape);
  const activation = ACTIVATIONS[model.decoder.activation];
  const { dense: units, reshape: firstMap, conv } = model.decoder;
  const toFirstMap = [
    denseStack(variables, "decoder", model.latentSize, units, activation),
    dense(variables, "decoder/features", units.at(-1) ?? model.latentSize, sizeOf(firstMap)),
    reshape(firstMap),
  ];
  const convolutions = conv.flatMap((layer, i) => {
    const name = `decoder/conv${i + 1}`;
    const { input, output } = shapes.get(name)!;
    return [activation, transposedConvolution(variables, name, input, output, layer)];
  });
  const made = shapes.get(`decoder/conv${conv.length}`)!.output;
  const [height, width, channels] = shapes.get("encoder/conv1")!.input as [number, number, number];
  const wanted = [height, width, outputs * channels];
  if (made.some((side, axis) => side !== wanted[axis])) {
    const each = outputs === 1 ? "" : `, with ${outputs} numbers for each value`;
    throw new RangeError(
      `Cannot build the decoder: it ends in [${made}], an input is [${height},${width},${channels}]${each}`,
    );
  }
  const examples = fromFeatureMap([height, width, channels], inputShape);
  // The filters are the channels of the first numbers, then those of the second ones.
  const blocks = (maps: tf.Tensor) => tf.concat(tf.split(maps, outputs, 3).map(examples), 1);
  return { decode: chain([...toFirstMap, ...convolutions, outputs === 1 ? examples : blocks]) };
}

/**
 * Flat examples to feature maps, [n, h, w, channels]. Where examples have no axis of channels, these lie side by side in
 * each row, [n, h, channels, w], as the play and articulate cells of a piano roll do.
 */
function toFeatureMap(map: FeatureMap, example: Shape): Layer {
  const [height, width, channels] = map;
  if (!liesInRows(map, example)) return reshape(map);
  return (x) =>
    tf.transpose(tf.reshape(x, [x.shape[0]!, height!, channels!, width!]) as tf.Tensor4D, [0, 1, 3, 2]);
}

/** The inverse of `toFeatureMap`. */
function fromFeatureMap(map: FeatureMap, example: Shape): Layer {
  const flatten = reshape([sizeOf(map)]);
  return liesInRows(map, example) ? (x) => flatten(tf.transpose(x, [0, 1, 3, 2])) : flatten;
}

function liesInRows(map: FeatureMap, example: Shape): boolean {
  return example.length === 2 && map[2]! > 1;
}

function layerShapes(model: ConvModel, inputShape: Shape): Map<string, LayerShape> {
  return new Map(describeConvLayers(model, inputShape).map((layer) => [layer.name, layer]));
}
