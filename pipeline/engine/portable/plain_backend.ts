import { tf } from "../tfjs.ts";

/** Turns on tfjs's fastest plain backend for eager operations: `wasm`, or `cpu` where that does not load. */
export async function startPlainBackend(): Promise<"wasm" | "cpu"> {
  // Not before it is wanted: the import alone makes it the default backend, which tensors would wait for.
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm")).pathname);
  const name = await tf.setBackend("wasm").catch(() => false) ? "wasm" : "cpu";
  await tf.setBackend(name);
  correct(name);
  return name;
}

const corrected = new Set<string>();

/** Gradients that tfjs 4.22 leaves out or gets wrong; `tests/engine/` shows them right by finite differences. */
function correct(backend: "wasm" | "cpu"): void {
  if (corrected.has(backend)) return;
  corrected.add(backend);
  // Wrong where a window is partly padding: the mean forwards counts pixels, the gradient the whole window.
  const averageGradient = tf.getKernel(tf.AvgPoolGrad, backend).kernelFunc;
  replace(tf.AvgPoolGrad, backend, (params) => {
    const dy = shareOfPixels(params.inputs, params.attrs as unknown as tf.AvgPoolGradAttrs);
    return averageGradient({ ...params, inputs: { ...params.inputs, dy } });
  });
  if (backend === "cpu") return;
  replace(tf.Conv2DBackpropFilter, backend, filterGradient); // missing
  replace(tf.MaxPoolGrad, backend, onCpu(tf.MaxPoolGrad)); // wrong for negative maxima
  const convolve = tf.getKernel(tf.Conv2D, backend).kernelFunc, convolveOnCpu = onCpu(tf.Conv2D);
  replace(tf.Conv2D, backend, (params) => stridesOver(params) ? convolveOnCpu(params) : convolve(params)); // all 0
}

function replace(kernelName: string, backendName: string, kernelFunc: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc });
}

/** dy over the share of each window that is pixels and not padding: an average pool of ones with zeros around. */
function shareOfPixels({ dy, input }: tf.NamedTensorInfoMap, attrs: tf.AvgPoolGradAttrs): tf.TensorInfo {
  return tf.tidy(() => {
    const [, height, width, channels] = (input as tf.TensorInfo).shape as [number, number, number, number];
    const { padInfo } = tf.backend_util.computePool2DInfo(
      [1, height, width, channels],
      attrs.filterSize,
      attrs.strides,
      1,
      attrs.pad as "same" | "valid" | number,
    );
    const framed = tf.pad(tf.ones([1, height, width, 1]), [
      [0, 0],
      [padInfo.top, padInfo.bottom],
      [padInfo.left, padInfo.right],
      [0, 0],
    ]) as tf.Tensor4D;
    const share = tf.avgPool(framed, attrs.filterSize, attrs.strides, "valid");
    return tf.div(asTensor(dy as tf.TensorInfo), share);
  });
}

/** Whether a convolution passes over pixels between its windows. */
function stridesOver({ inputs, attrs }: Parameters<tf.KernelFunc>[0]): boolean {
  const [height, width] = (inputs.filter as tf.TensorInfo).shape as [number, number];
  const strides = (attrs as unknown as tf.Conv2DAttrs).strides;
  const [down, right] = Array.isArray(strides) ? strides as [number, number] : [strides, strides];
  return down > height || right > width;
}

/** Runs the `cpu` backend's kernel on copies. */
function onCpu(kernelName: string): tf.KernelFunc {
  return ({ inputs, attrs = {}, backend }) => {
    const cpu = tf.engine().findBackend("cpu");
    const copies = Object.fromEntries(
      Object.entries(inputs).map(([name, tensor]) => {
        const { dataId, shape, dtype } = tensor as tf.TensorInfo;
        const values = (backend as tf.KernelBackend).readSync(dataId) as tf.TypedArray;
        return [name, { dataId: cpu.write(values, shape, dtype), shape, dtype }];
      }),
    );
    const result = tf.getKernel(kernelName, "cpu").kernelFunc({
      inputs: copies,
      attrs,
      backend: cpu,
    }) as tf.TensorInfo;
    const { shape, dtype } = result;
    const values = cpu.readSync(result.dataId);
    for (const { dataId } of [result, ...Object.values(copies)]) cpu.disposeData(dataId);
    return { dataId: (backend as tf.KernelBackend).write(values, shape, dtype), shape, dtype };
  };
}

/**
 * The filter's gradient: for each of its places, the product of the strided picture below with the output's gradient.
 */
function filterGradient({ inputs, attrs }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo {
  const { strides, pad, dimRoundingMode, filterShape } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
  return tf.tidy(() => {
    const x = asTensor(inputs.x as tf.TensorInfo) as tf.Tensor4D;
    const info = tf.backend_util.computeConv2DInfo(
      x.shape,
      filterShape,
      strides,
      1,
      pad as "same" | "valid" | number,
      dimRoundingMode as "floor",
    );
    const { filterHeight, filterWidth, strideHeight, strideWidth, outHeight, outWidth, padInfo } = info;
    const rows = info.batchSize * outHeight * outWidth;
    const dy = tf.reshape(asTensor(inputs.dy as tf.TensorInfo), [rows, info.outChannels]) as tf.Tensor2D;
    // The padding at the end also covers strides that step past it.
    const padded = tf.pad(x, [
      [0, 0],
      [padInfo.top, padInfo.bottom + strideHeight],
      [padInfo.left, padInfo.right + strideWidth],
      [0, 0],
    ]) as tf.Tensor4D;
    const parts: tf.Tensor[] = [];
    for (let i = 0; i < filterHeight; i++) {
      for (let j = 0; j < filterWidth; j++) {
        const below = tf.stridedSlice(
          padded,
          [0, i, j, 0],
          [info.batchSize, i + outHeight * strideHeight, j + outWidth * strideWidth, info.inChannels],
          [1, strideHeight, strideWidth, 1],
        );
        parts.push(tf.matMul(tf.reshape(below, [rows, info.inChannels]) as tf.Tensor2D, dy, true, false));
      }
    }
    return tf.reshape(tf.stack(parts), filterShape);
  });
}

/** A second tensor over the same data, so that a tidy that ends it does not free what the caller still needs. */
function asTensor(info: tf.TensorInfo): tf.Tensor {
  (tf.backend() as tf.KernelBackend).incRef(info.dataId);
  return tf.engine().makeTensorFromTensorInfo(info, tf.backend());
}
