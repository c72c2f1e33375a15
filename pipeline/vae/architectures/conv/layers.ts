import type { Shape } from "../../../base/shape.ts";
import { ACTIVATION_NAMES } from "../../activation_names.ts";
import type { LayerShape } from "../architecture.ts";
import { denseLayer, denseLayers, posteriorLayers } from "../layers.ts";
import type { ConvLayer, ConvModel } from "./schema.ts";

/** The layers of a convolutional model (`ArchitectureModule.describeLayers`). */
export function describeConvLayers(model: ConvModel, inputShape: Shape): LayerShape[] {
  const { encoder, decoder, latentSize } = model;
  let shape = featureMapOf(model, inputShape);
  const convolutions = encoder.conv.map((layer, i): LayerShape => {
    const input = shape;
    shape = [convolved(input[0]!, layer), convolved(input[1]!, layer), layer.filters];
    return convLayer(
      "conv",
      `encoder/conv${i + 1}`,
      layer,
      ACTIVATION_NAMES[encoder.activation],
      input,
      shape,
    );
  });
  const encoderDense = denseLayers("encoder", encoder.activation, shape, encoder.dense);
  const posteriorInput = encoderDense.at(-1)?.output ?? shape;

  const decoderDense = denseLayers("decoder", decoder.activation, [latentSize], decoder.dense);
  const beforeReshape = decoderDense.at(-1)?.output ?? [latentSize];
  shape = decoder.reshape;
  const transposed = decoder.conv.map((layer, i): LayerShape => {
    const input = shape;
    shape = [transposeConvolved(input[0]!, layer), transposeConvolved(input[1]!, layer), layer.filters];
    const activation = i === decoder.conv.length - 1 ? "linear" : decoder.activation;
    const name = `decoder/conv${i + 1}`;
    return convLayer("transposed-conv", name, layer, ACTIVATION_NAMES[activation], input, shape);
  });
  return [
    ...convolutions,
    ...encoderDense,
    ...posteriorLayers(posteriorInput, latentSize),
    ...decoderDense,
    denseLayer("decoder/features", decoder.activation, beforeReshape, decoder.reshape),
    ...transposed,
  ];
}

function convLayer(
  kind: "conv" | "transposed-conv",
  name: string,
  { filters, kernel, stride }: ConvLayer,
  activation: string,
  input: Shape,
  output: Shape,
): LayerShape {
  const operation = kind === "conv" ? "conv" : "convᵀ";
  return {
    name,
    kind,
    title: `${operation} ${kernel}×${kernel}${stride > 1 ? ` /${stride}` : ""}, ${activation}`,
    input,
    output,
    parameters: filters * (kernel ** 2 * input[2]! + 1),
  };
}

/** The side of a convolution's output, in pixels. Only "valid" padding loses the pixels at the border. */
export function convolved(side: number, { kernel, stride, padding }: ConvLayer): number {
  return padding === "same" ? Math.ceil(side / stride) : Math.floor((side - kernel) / stride) + 1;
}

/** The side of a transposed convolution's output, in pixels; `convolved` takes it back to `side`. */
export function transposeConvolved(side: number, { kernel, stride, padding }: ConvLayer): number {
  return padding === "same" ? side * stride : (side - 1) * stride + kernel;
}

/** The feature map [height, width, channels] that an example is, whose rows may hold several channels side by side. */
export function featureMapOf({ channels = 1 }: ConvModel, example: Shape): Shape {
  return example.length === 2 ? [example[0]!, example[1]! / channels, channels] : example;
}
