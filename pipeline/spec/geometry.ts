import type { Path, Problem } from "../base/problem.ts";
import { sizeOf } from "../base/shape.ts";
import type { ConvLayer, ConvModel, DenseModel, LstmModel, ModelSpec } from "./schema.ts";

/** One layer with weights. Shapes are of one example, without the batch axis. */
export interface LayerShape {
  /** Unique, and the start of its weights' names: `encoder/conv1`. */
  readonly name: string;
  readonly kind: "dense" | "conv" | "transposed-conv" | "lstm";
  /** [values], [height, width, channels] or [time steps, values]; a dense layer flattens what it reads. */
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** How many numbers it learns. */
  readonly parameters: number;
}

/**
 * The layers of a model in the order in which data flows through them: encoder, the posterior's mean and log
 * variance (which both read the encoder's last layer), decoder.
 *
 * @param inputShape [height, width] of an image, [steps, columns] of a piano roll; an LSTM reads its rows as
 * time steps.
 */
export function describeLayers(model: ModelSpec, inputShape: readonly number[]): LayerShape[] {
  switch (model.architecture) {
    case "dense":
      return denseLayers(model, inputShape);
    case "conv":
      return convLayers(model, inputShape);
    case "lstm":
      return lstmLayers(model, inputShape);
  }
}

function denseLayers(model: DenseModel, image: readonly number[]): LayerShape[] {
  const encoder = denseStack("encoder", [sizeOf(image)], model.encoder.units);
  const decoder = denseStack("decoder", [model.latentSize], model.decoder.units);
  return [
    ...encoder,
    ...heads(encoder.at(-1)!.output, model.latentSize),
    ...decoder,
    dense("decoder/output", decoder.at(-1)!.output, [sizeOf(image)]),
  ];
}

function convLayers(model: ConvModel, image: readonly number[]): LayerShape[] {
  let shape = withChannels(model, image);
  const convolutions = model.encoder.conv.map((layer, i): LayerShape => {
    const input = shape;
    shape = [convolved(input[0]!, layer), convolved(input[1]!, layer), layer.filters];
    return {
      name: `encoder/conv${i + 1}`,
      kind: "conv",
      input,
      output: shape,
      parameters: layer.filters * (layer.kernel ** 2 * input[2]! + 1),
    };
  });
  const encoderDense = denseStack("encoder", shape, model.encoder.dense);
  const posteriorInput = encoderDense.at(-1)?.output ?? shape;

  const decoderDense = denseStack("decoder", [model.latentSize], model.decoder.dense);
  const beforeReshape = decoderDense.at(-1)?.output ?? [model.latentSize];
  shape = model.decoder.reshape;
  const transposed = model.decoder.conv.map((layer, i): LayerShape => {
    const input = shape;
    shape = [transposeConvolved(input[0]!, layer), transposeConvolved(input[1]!, layer), layer.filters];
    return {
      name: `decoder/conv${i + 1}`,
      kind: "transposed-conv",
      input,
      output: shape,
      parameters: layer.filters * (layer.kernel ** 2 * input[2]! + 1),
    };
  });
  return [
    ...convolutions,
    ...encoderDense,
    ...heads(posteriorInput, model.latentSize),
    ...decoderDense,
    dense("decoder/features", beforeReshape, model.decoder.reshape),
    ...transposed,
  ];
}

function lstmLayers(model: LstmModel, image: readonly number[]): LayerShape[] {
  const [steps, size] = [image[0]!, sizeOf(image.slice(1))];
  const { encoder, decoder, latentSize } = model;
  const directions = encoder.direction === "bidirectional" ? 2 : 1;
  const stack = (part: string, inputSize: number, units: number, layers: number, directions: number) =>
    Array.from({ length: layers }, (_, i): LayerShape => {
      const input = i === 0 ? inputSize : units * directions;
      const last = part === "encoder" && i === layers - 1; // only its final state goes on
      return {
        name: `${part}/lstm${i + 1}`,
        kind: "lstm",
        input: [steps, input],
        output: last ? [units * directions] : [steps, units * directions],
        parameters: directions * 4 * units * (input + units + 1),
      };
    });
  const reading = stack("encoder", size, encoder.units, encoder.layers, directions);
  const written = latentSize + (decoder.autoregressive ? size : 0);
  const writing = stack("decoder", written, decoder.units, decoder.layers, 1);
  return [
    ...reading,
    ...heads([encoder.units * directions], latentSize),
    ...writing,
    {
      name: "decoder/output",
      kind: "dense",
      input: [steps, decoder.units],
      output: [steps, size],
      parameters: size * (decoder.units + 1),
    },
  ];
}

function denseStack(part: string, input: readonly number[], units: readonly number[]): LayerShape[] {
  return units.map((width, i) => dense(`${part}/dense${i + 1}`, i === 0 ? input : [units[i - 1]!], [width]));
}

function heads(input: readonly number[], latentSize: number): LayerShape[] {
  return [
    dense("encoder/mean", input, [latentSize]),
    dense("encoder/logVariance", input, [latentSize]),
  ];
}

function dense(name: string, input: readonly number[], output: readonly number[]): LayerShape {
  return { name, kind: "dense", input, output, parameters: (sizeOf(input) + 1) * sizeOf(output) };
}

/** Side of a convolution's output. Only "valid" padding loses the pixels at the border. */
function convolved(side: number, { kernel, stride, padding }: ConvLayer): number {
  return padding === "same" ? Math.ceil(side / stride) : Math.floor((side - kernel) / stride) + 1;
}

/** Side of a transposed convolution's output; `convolved` takes it back to `side`. */
function transposeConvolved(side: number, { kernel, stride, padding }: ConvLayer): number {
  return padding === "same" ? side * stride : (side - 1) * stride + kernel;
}

function withChannels({ channels = 1 }: ConvModel, image: readonly number[]): readonly number[] {
  return image.length === 2 ? [image[0]!, image[1]! / channels, channels] : image;
}

// ---------------------------------------------------------------- problems

/** Float32 weights of 256 MiB; with gradients and Adam's moments a gigabyte. */
const MOST_PARAMETERS = 2 ** 26;

/** Why no such model can be built for examples of this shape. */
export function geometryProblems(model: ModelSpec, inputShape: readonly number[]): Problem[] {
  const problems = model.architecture === "conv" ? convProblems(model, inputShape) : [];
  if (problems.length > 0) return problems;

  const layers = describeLayers(model, inputShape);
  const total = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  if (total <= MOST_PARAMETERS) return [];
  const widest = layers.reduce((a, b) => a.parameters >= b.parameters ? a : b);
  return [{
    path: ["model"],
    message: `model would learn ${number(total)} parameters: at most ${number(MOST_PARAMETERS)} are possible`,
    notes: [`Most of them are in ${widest.name}: ${number(widest.parameters)}.`],
  }];
}

function convProblems(model: ConvModel, image: readonly number[]): Problem[] {
  const { channels = 1 } = model;
  if (image[1]! % channels > 0) {
    return [{
      path: ["model", "channels"],
      message: `A row of ${image[1]} values cannot be divided into ${channels} channels`,
      notes: [`Allowed: a divisor of ${image[1]}.`],
    }];
  }
  const wanted = withChannels(model, image);
  const problems = [
    ...strideProblems(model.encoder.conv, ["model", "encoder", "conv"]),
    ...strideProblems(model.decoder.conv, ["model", "decoder", "conv"]),
  ];
  if (problems.length > 0) return problems;
  return [...encoderProblems(model, wanted), ...decoderProblems(model, wanted)];
}

/** A stride longer than the kernel leaves pixels between the kernels that none of them reads or writes. */
function strideProblems(layers: readonly ConvLayer[], path: Path): Problem[] {
  return layers.flatMap((layer, i) =>
    layer.stride <= layer.kernel ? [] : [{
      path: [...path, i, "stride"],
      message: `The stride does not fit: it is ${layer.stride}, longer than the kernel of ${layer.kernel}, ` +
        "so pixels in between are passed over",
      notes: [`Allowed: a stride of 1 to ${layer.kernel}, or a larger kernel.`],
    }]
  );
}

function encoderProblems(model: ConvModel, image: readonly number[]): Problem[] {
  let [height, width] = [image[0]!, image[1]!];
  for (const [i, layer] of model.encoder.conv.entries()) {
    const path = ["model", "encoder", "conv", i];
    const smaller = Math.min(height, width);
    if (layer.padding === "valid" && layer.kernel > smaller) {
      return [{
        path: [...path, "kernel"],
        message: `The kernel does not fit: it is ${layer.kernel} x ${layer.kernel}, ` +
          `and what it reads is ${height} x ${width}`,
        notes: [`Allowed: a kernel of 1 to ${smaller}, or "padding": "same".`],
      }];
    }
    if (layer.stride > smaller) {
      return [{
        path: [...path, "stride"],
        message:
          `The stride does not fit: it is ${layer.stride}, and what it strides over is ${height} x ${width}`,
        notes: [`Allowed: a stride of 1 to ${smaller}.`],
      }];
    }
    const left = Math.max((height - layer.kernel) % layer.stride, (width - layer.kernel) % layer.stride);
    if (layer.padding === "valid" && left > 0) {
      return [{
        path: [...path, "stride"],
        message: `The stride does not fit: steps of ${layer.stride} with a kernel of ${layer.kernel} leave ` +
          `${left} of ${width} pixels at the border unread`,
        notes: [
          `Next: "padding": "same", or a kernel of ${layer.kernel + left}, or a stride that divides ` +
          `${width} - ${layer.kernel} = ${width - layer.kernel}.`,
        ],
      }];
    }
    [height, width] = [convolved(height, layer), convolved(width, layer)];
  }
  return [];
}

function decoderProblems(model: ConvModel, image: readonly number[]): Problem[] {
  const { reshape, conv } = model.decoder;
  const shapes: (readonly number[])[] = [reshape];
  for (const layer of conv) {
    const [height, width] = shapes.at(-1)!;
    shapes.push([transposeConvolved(height!, layer), transposeConvolved(width!, layer), layer.filters]);
  }
  const made = shapes.at(-1)!;
  const last = conv.length - 1;
  const problems: Problem[] = [];
  if (made[0] !== image[0] || made[1] !== image[1]) {
    problems.push({
      path: ["model", "decoder", "reshape"],
      message: `The decoder makes ${size(made.slice(0, 2))} pixels: an image has ${size(image.slice(0, 2))}`,
      notes: [`Layer by layer: ${shapes.map(size).join(" -> ")}.`, fittingReshape(model, image)],
    });
  }
  if (made[2] !== image[2]) {
    problems.push({
      path: ["model", "decoder", "conv", last, "filters"],
      message: `The last layer must have as many filters as an image has channels, ${image[2]}: it has ${
        made[2]
      }`,
    });
  }
  return problems;
}

/** Which first feature map the decoder's strides would lead to the image, found by going backwards. */
function fittingReshape(model: ConvModel, image: readonly number[]): string {
  const backwards = (side: number) =>
    [...model.decoder.conv].reverse().reduce((size, { kernel, stride, padding }) => {
      return padding === "same" ? size / stride : (size - kernel) / stride + 1;
    }, side);
  const [height, width] = [backwards(image[0]!), backwards(image[1]!)];
  const possible = [height, width].every((side) => Number.isInteger(side) && side >= 1);
  if (possible) return `With these layers, "reshape" must be [${height}, ${width}, channels].`;
  return `No "reshape" leads to ${size(image.slice(0, 2))} with these layers: change a stride or a kernel. ` +
    `"same" multiplies the side by the stride; "valid" makes (side - 1) x stride + kernel.`;
}

function size(shape: readonly number[]): string {
  return shape.join(" x ");
}

function number(value: number): string {
  return value.toLocaleString("en");
}
