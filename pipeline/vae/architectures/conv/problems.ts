import type { Path, Problem } from "../../../base/problem.ts";
import type { Shape } from "../../../base/shape.ts";
import { plural } from "../../../base/words.ts";
import { convolved, featureMapOf, transposeConvolved } from "./layers.ts";
import type { ConvLayer, ConvModel } from "./schema.ts";

/** Why these convolutions do not lead from an image to z and back. */
export function convProblems(model: ConvModel, image: Shape, outputs: number): Problem[] {
  const { channels = 1 } = model;
  if (image[1]! % channels > 0) {
    return [{
      path: ["model", "channels"],
      message: `A row of ${image[1]} values cannot be divided into ${channels} channels`,
      notes: [`Allowed: a divisor of ${image[1]}.`],
    }];
  }
  const wanted = featureMapOf(model, image);
  const problems = [
    ...strideProblems(model.encoder.conv, ["model", "encoder", "conv"]),
    ...strideProblems(model.decoder.conv, ["model", "decoder", "conv"]),
  ];
  if (problems.length > 0) return problems;
  return [...encoderProblems(model, wanted), ...decoderProblems(model, wanted, outputs)];
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

function decoderProblems(model: ConvModel, image: readonly number[], outputs: number): Problem[] {
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
  const channels = image[2]!;
  if (made[2] !== outputs * channels) {
    const why = outputs === 1
      ? `as many filters as an image has channels, ${channels}`
      : `${
        outputs * channels
      } filters, since the likelihood wants ${outputs} numbers for each value and an ` +
        `image has ${plural(channels, "channel")}`;
    problems.push({
      path: ["model", "decoder", "conv", last, "filters"],
      message: `The last layer must have ${why}: it has ${made[2]}`,
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
