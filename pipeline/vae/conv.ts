import * as tf from "@tensorflow/tfjs";
import type { ConvLayer, ConvModel } from "../spec/schema.ts";
import { dense, denseStack } from "./dense.ts";
import { ACTIVATIONS, chain, type Encoder, type Layer, reshape, sizeOf } from "./layer.ts";
import type { Variables } from "./variables.ts";

/** Height, width, channels of one example (tfjs's NHWC order without the N). */
export type FeatureMap = readonly [number, number, number];

/** An image's shape as a feature map: a shape without channels is one channel. */
export function featureMap(inputShape: readonly number[]): FeatureMap {
  const [height, width, channels = 1, ...rest] = inputShape;
  if (height === undefined || width === undefined || rest.length > 0) {
    throw new RangeError(`Cannot convolve: an image has 2 or 3 axes: the shape is [${inputShape}]`);
  }
  return [height, width, channels];
}

/** The side of a convolution's output. */
function convolvedSide(side: number, { kernel, stride, padding }: ConvLayer): number {
  return padding === "same" ? Math.ceil(side / stride) : Math.floor((side - kernel) / stride) + 1;
}

/** The side of a transposed convolution's output. */
function transposedSide(side: number, { kernel, stride, padding }: ConvLayer): number {
  return padding === "same" ? side * stride : (side - 1) * stride + kernel;
}

/** [n, h, w, c] -> [n, h', w', filters]. */
export function convolution(variables: Variables, name: string, input: FeatureMap, layer: ConvLayer): Layer {
  const { filters, kernel, stride, padding } = layer;
  const area = kernel * kernel;
  const weight = variables.glorotUniform(
    `${name}/kernel`,
    [kernel, kernel, input[2], filters],
    area * input[2],
    area * filters,
  );
  const bias = variables.zeros(`${name}/bias`, [filters]);
  return (x) => tf.add(tf.conv2d(x as tf.Tensor4D, weight as tf.Tensor4D, stride, padding), bias);
}

/** [n, h, w, c] -> [n, h', w', filters], the transpose of the convolution with the same layer. */
export function transposedConvolution(
  variables: Variables,
  name: string,
  input: FeatureMap,
  layer: ConvLayer,
): Layer {
  const { filters, kernel, stride, padding } = layer;
  const area = kernel * kernel;
  const weight = variables.glorotUniform(
    `${name}/kernel`,
    [kernel, kernel, filters, input[2]],
    area * input[2],
    area * filters,
  );
  const bias = variables.zeros(`${name}/bias`, [filters]);
  const height = transposedSide(input[0], layer);
  const width = transposedSide(input[1], layer);
  return (x) =>
    tf.add(
      tf.conv2dTranspose(
        x as tf.Tensor4D,
        weight as tf.Tensor4D,
        [x.shape[0]!, height, width, filters],
        stride,
        padding,
      ),
      bias,
    );
}

/** Convolutions, then dense layers. */
export function convEncoder(variables: Variables, model: ConvModel, inputShape: readonly number[]): Encoder {
  const activation = ACTIVATIONS[model.encoder.activation];
  let map = featureMap(inputShape);
  const layers = [reshape(map)];
  model.encoder.conv.forEach((layer, i) => {
    layers.push(convolution(variables, `encoder/conv${i + 1}`, map, layer), activation);
    map = [convolvedSide(map[0], layer), convolvedSide(map[1], layer), layer.filters];
  });
  const flat = sizeOf(map);
  const { dense: units } = model.encoder;
  layers.push(reshape([flat]), denseStack(variables, "encoder", flat, units, activation));
  return { hidden: chain(layers), width: units.at(-1) ?? flat };
}

/** Dense layers, then transposed convolutions; the last one has no activation. */
export function convDecoder(variables: Variables, model: ConvModel, inputShape: readonly number[]): Layer {
  const { dense: units, reshape: firstMap, conv } = model.decoder;
  const activation = ACTIVATIONS[model.decoder.activation];
  const layers = [
    denseStack(variables, "decoder", model.latentSize, units, activation),
    dense(variables, "decoder/features", units.at(-1) ?? model.latentSize, sizeOf(firstMap)),
    activation,
    reshape(firstMap),
  ];
  let map: FeatureMap = firstMap;
  conv.forEach((layer, i) => {
    if (i > 0) layers.push(activation);
    layers.push(transposedConvolution(variables, `decoder/conv${i + 1}`, map, layer));
    map = [transposedSide(map[0], layer), transposedSide(map[1], layer), layer.filters];
  });
  const wanted = featureMap(inputShape);
  if (map.some((side, axis) => side !== wanted[axis])) {
    throw new RangeError(`Cannot build the decoder: it ends in [${map}], an input is [${wanted}]`);
  }
  return chain([...layers, reshape([sizeOf(map)])]);
}
