import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { adam as settings, batches } from "../case.ts";
import { benchModel } from "../models.ts";
import { randomStream } from "../../pipeline/base/random.ts";
import { type Configuration, serve, type Tensors, type Trainer } from "./serve.ts";

/**
 * tfjs's wasm backend has no kernel for the weight gradient of a 2-D convolution and so cannot train one. The
 * same gradient of a 3-D convolution is there: with a depth of 1 it is the same sum. For strides above 1 that
 * kernel (tfjs 4.22) forgets the first or last row and column of `dy` for some places of the filter, so `dy`
 * gets a border of zeros, and `x` as much more.
 */
function registerFilterGradient(): void {
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, dy } = inputs as Record<"x" | "dy", tf.TensorInfo>;
      const { strides, pad, filterShape } = attrs as unknown as {
        strides: number | [number, number];
        pad: "same" | "valid";
        filterShape: Shape4D;
      };
      const bordered = (value: tf.TensorInfo, rows: number[], columns: number[]) => {
        const { dataId, shape: [examples, ...map], dtype } = tf.getKernel("PadV2", "wasm").kernelFunc({
          inputs: { x: value },
          attrs: { paddings: [[0, 0], rows, columns, [0, 0]], constantValue: 0 },
          backend,
        }) as tf.TensorInfo;
        return { dataId, shape: [examples!, 1, ...map], dtype };
      };
      const size = tf.backend_util.computeConv2DInfo(x.shape as Shape4D, filterShape, strides, 1, pad);
      const around = (before: number, length: number, filter: number, stride: number, out: number) => {
        return [before + stride, stride * (out + 1) + filter - length - before - stride];
      };
      const { padInfo: { top, left }, inHeight, inWidth, outHeight, outWidth } = size;
      const wideX = bordered(
        x,
        around(top, inHeight, filterShape[0], size.strideHeight, outHeight),
        around(left, inWidth, filterShape[1], size.strideWidth, outWidth),
      );
      const wideDy = bordered(dy, [1, 1], [1, 1]);
      const gradient = tf.getKernel("Conv3DBackpropFilterV2", "wasm").kernelFunc({
        inputs: { x: wideX, dy: wideDy },
        attrs: {
          strides: [1, size.strideHeight, size.strideWidth],
          pad: "valid",
          filterShape: [1, ...filterShape],
        },
        backend,
      }) as tf.TensorInfo;
      for (const { dataId } of [wideX, wideDy]) tf.backend().disposeData(dataId);
      return { ...gradient, shape: filterShape };
    },
  });
}

type Shape4D = [number, number, number, number];

async function make(
  { model, batch, learningRate }: Configuration,
  data: Tensors,
): Promise<Trainer> {
  const file = "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm";
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve(file))}/`);
  registerFilterGradient();
  if (!await tf.setBackend("wasm")) throw new Error("the wasm backend does not start");
  const { variables, inputs, step } = benchModel(model, batch);
  const [, dimensions] = inputs.x.shape as [number, number];
  const noiseShape = inputs.noise.shape as [number, number];
  const x = data["x"]!.data;
  const noise = new Float32Array(batch * noiseShape[1]);
  const random = randomStream(3, "noise");

  const adam = () => tf.train.adam(learningRate, settings.beta1, settings.beta2, settings.epsilon);
  let updates = adam();
  const gradients = (batchX: Float32Array, batchNoise: Float32Array) => {
    const tensors = {
      x: tf.tensor2d(batchX, [batch, dimensions]),
      noise: tf.tensor2d(batchNoise, noiseShape),
    };
    const { value, grads } = tf.variableGrads(() => step(tensors).loss, [...variables]);
    tf.dispose(tensors);
    const loss = value.dataSync()[0]!;
    value.dispose();
    return { loss, grads: Object.entries(grads).map(([name, tensor]) => ({ name, tensor })) };
  };

  return {
    version: `tfjs ${tf.version.tfjs} wasm`,
    train(steps) {
      for (let i = 0; i < steps; i++) {
        const start = (i % batches) * batch * dimensions;
        random.fillNormal(noise);
        const { grads } = gradients(x.subarray(start, start + batch * dimensions), noise);
        updates.applyGradients(grads);
        tf.dispose(grads.map(({ tensor }) => tensor));
      }
    },
    check(weights, batchX, batchNoise) {
      for (const variable of variables) {
        tf.tidy(() => variable.assign(tf.tensor(weights[variable.name]!.data, variable.shape)));
      }
      updates.dispose();
      updates = adam();
      const { loss, grads } = gradients(batchX, batchNoise);
      const losses = [loss];
      const copies = grads.map(({ name, tensor }) => {
        return [name, { shape: tensor.shape, data: tensor.dataSync<"float32">().slice() }];
      });
      updates.applyGradients(grads);
      for (let update = 1; update <= 3; update++) {
        const next = gradients(batchX, batchNoise);
        losses.push(next.loss);
        updates.applyGradients(next.grads);
      }
      return { gradients: Object.fromEntries(copies), losses };
    },
  };
}

await serve(make);
