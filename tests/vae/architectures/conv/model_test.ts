import { normal } from "../../support.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { convolution, transposedConvolution } from "../../../../pipeline/vae/architectures/conv/model.ts";
import { buildVae } from "../../modules.ts";
import { Variables } from "../../../../pipeline/vae/variables.ts";
import type { ConvLayer } from "../../../../pipeline/vae/architectures/conv/schema.ts";
import type { ConvModel } from "../../../../pipeline/vae/architectures/conv/schema.ts";

type FeatureMap = readonly [number, number, number];

const LAYERS: readonly ConvLayer[] = [
  { filters: 2, kernel: 3, stride: 1, padding: "same" },
  { filters: 3, kernel: 4, stride: 2, padding: "same" },
  { filters: 2, kernel: 3, stride: 2, padding: "valid" },
  { filters: 2, kernel: 2, stride: 3, padding: "same" },
  { filters: 1, kernel: 5, stride: 1, padding: "valid" },
];

/** How far "same" padding shifts the kernel (TensorFlow's rule: the smaller half comes first). */
function paddingBefore(side: number, { kernel, stride, padding }: ConvLayer): number {
  if (padding === "valid") return 0;
  return Math.floor(Math.max(0, (Math.ceil(side / stride) - 1) * stride + kernel - side) / 2);
}

/** Calls back for every pair of small-map and large-map positions that one entry of the kernel joins. */
function forEachPair(
  large: FeatureMap,
  small: FeatureMap,
  layer: ConvLayer,
  visit: (largeAt: number, smallAt: number, kernelAt: number) => void,
): void {
  const [top, left] = [paddingBefore(large[0], layer), paddingBefore(large[1], layer)];
  for (let y = 0; y < small[0]; y++) {
    for (let x = 0; x < small[1]; x++) {
      for (let i = 0; i < layer.kernel; i++) {
        for (let j = 0; j < layer.kernel; j++) {
          const [row, column] = [y * layer.stride + i - top, x * layer.stride + j - left];
          if (row < 0 || column < 0 || row >= large[0] || column >= large[1]) continue;
          visit(row * large[1] + column, y * small[1] + x, i * layer.kernel + j);
        }
      }
    }
  }
}

for (const layer of LAYERS) {
  const { filters, kernel, stride, padding } = layer;
  Deno.test(`a ${kernel} x ${kernel} convolution, stride ${stride}, ${padding}, is the sum by definition`, () => {
    tf.tidy(() => {
      const input: FeatureMap = [7, 8, 2];
      const variables = new Variables(1);
      const values = normal("image", 7 * 8 * 2);
      const output = convolution(variables, "test", input, layer)(tf.tensor(values, [1, ...input]));
      const shape = output.shape.slice(1) as [number, number, number];
      const weights = variables.list[0]!.dataSync();
      const expected = new Float64Array(tf.util.sizeFromShape(shape));
      forEachPair(input, shape, layer, (largeAt, smallAt, kernelAt) => {
        for (let c = 0; c < 2; c++) {
          for (let f = 0; f < filters; f++) {
            expected[smallAt * filters + f]! += values[largeAt * 2 + c]! *
              weights[(kernelAt * 2 + c) * filters + f]!;
          }
        }
      });
      assert.equal(output.size, expected.length);
      output.dataSync().forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-4));
      tf.dispose(variables.list);
    });
  });

  Deno.test(`its transpose spreads each value over the pixels that the convolution read`, () => {
    tf.tidy(() => {
      const input: FeatureMap = [3, 4, 2];
      const variables = new Variables(1);
      const values = normal("map", 3 * 4 * 2);
      const grow = (side: number) => padding === "same" ? side * stride : (side - 1) * stride + kernel;
      const shape: FeatureMap = [grow(3), grow(4), filters];
      const transposed = transposedConvolution(variables, "test", input, shape, layer);
      const output = transposed(tf.tensor(values, [1, ...input]));
      assert.deepEqual(output.shape, [1, ...shape]);
      const weights = variables.list[0]!.dataSync();
      const expected = new Float64Array(output.size);
      forEachPair(shape, input, layer, (largeAt, smallAt, kernelAt) => {
        for (let c = 0; c < 2; c++) {
          for (let f = 0; f < filters; f++) {
            expected[largeAt * filters + f]! += values[smallAt * 2 + c]! *
              weights[(kernelAt * filters + f) * 2 + c]!;
          }
        }
      });
      output.dataSync().forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-4));
      tf.dispose(variables.list);
    });
  });
}

Deno.test("a pixel's channels are those of its place, in the encoder and in the decoder", () => {
  const one = { kernel: 1, stride: 1, padding: "same" } as const;
  const model: ConvModel = {
    architecture: "conv",
    latentSize: 2,
    likelihood: { family: "bernoulli" },
    encoder: { conv: [{ filters: 1, ...one }], dense: [], activation: "relu" },
    decoder: { dense: [], reshape: [2, 4, 2], conv: [{ filters: 3, ...one }], activation: "relu" },
  };
  const example = [2, 4, 3];
  const vae = buildVae(model, example, 1);
  tf.tidy(() => {
    const named = (name: string) => vae.variables.find((variable) => variable.name === name)!.dataSync();
    // Through a kernel of one pixel a colour reaches the unit of its pixel and no other.
    const weights = named("encoder/conv1/kernel");
    const bias = named("encoder/conv1/bias")[0]!;
    const head = named("encoder/mean/kernel");
    const shift = named("encoder/mean/bias");
    const values = normal("colours", 24);
    const hidden = Array.from({ length: 8 }, (_, pixel) => {
      const sum = [0, 1, 2].reduce(
        (total, channel) => total + values[3 * pixel + channel]! * weights[channel]!,
        bias,
      );
      return Math.max(0, sum);
    });
    const mean = vae.encode(tf.tensor(values, [1, 24])).mean.dataSync();
    for (const j of [0, 1]) {
      const expected = hidden.reduce((total, unit, i) => total + unit * head[2 * i + j]!, shift[j]!);
      assert(Math.abs(mean[j]! - expected) < 1e-5);
    }
    const features = named("decoder/features/kernel");
    const spread = named("decoder/conv1/kernel");
    const decoded = vae.decode(tf.tensor([0.5, -0.3], [1, 2]));
    const maps = Array.from(
      { length: 16 },
      (_, i) =>
        Math.max(0, 0.5 * features[i]! - 0.3 * features[16 + i]! + named("decoder/features/bias")[i]!),
    );
    decoded.dataSync().forEach((value, i) => {
      const [pixel, channel] = [Math.floor(i / 3), i % 3];
      const expected = [0, 1].reduce(
        (total, f) => total + maps[2 * pixel + f]! * spread[2 * channel + f]!,
        named("decoder/conv1/bias")[channel]!,
      );
      assert(Math.abs(value - expected) < 1e-5, `${i}: ${value} ${expected}`);
    });
  });
  vae.dispose();
});

Deno.test("a decoder whose image is not the input's size is refused before any step", () => {
  const model: ConvModel = {
    architecture: "conv",
    latentSize: 2,
    likelihood: { family: "bernoulli" },
    encoder: {
      conv: [{ filters: 2, kernel: 3, stride: 2, padding: "same" }],
      dense: [],
      activation: "relu",
    },
    decoder: {
      dense: [],
      reshape: [3, 3, 2],
      conv: [{ filters: 1, kernel: 3, stride: 2, padding: "same" }],
      activation: "relu",
    },
  };
  assert.throws(() => buildVae(model, [8, 8], 1), /ends in \[6,6,1\], an input is \[8,8,1\]/);
});
