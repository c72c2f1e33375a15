import * as tf from "@tensorflow/tfjs";

// The one place that silences tfjs's advice to install its Node.js binding. It is printed with the first
// tensor, so whoever makes tensors with the engine imports `tf` through this module or after it.
tf.enableProdMode();

export { tf };

/** Turns on tfjs's fastest plain backend for eager operations: `wasm`, or `cpu` where that does not load. */
export async function startPlainBackend(): Promise<"wasm" | "cpu"> {
  // Not before it is wanted: the import alone makes it the default backend, which tensors would wait for.
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm")).pathname);
  if (await tf.setBackend("wasm").catch(() => false)) {
    addMissingWasmKernels();
    return "wasm";
  }
  await tf.setBackend("cpu");
  return "cpu";
}

/** tfjs 4.22 leaves the filter gradient of a convolution out of its wasm backend. */
function addMissingWasmKernels(): void {
  if (tf.getKernel(tf.Conv2DBackpropFilter, "wasm")) return;
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) =>
      filterGradient(
        inputs.x as unknown as tf.Tensor4D,
        inputs.dy as unknown as tf.Tensor4D,
        attrs as unknown as tf.Conv2DBackpropFilterAttrs,
      ),
  });
}

/** For each place in the filter, the product of the strided picture below it with the output's gradient. */
function filterGradient(
  xInfo: tf.TensorInfo,
  dyInfo: tf.TensorInfo,
  attrs: tf.Conv2DBackpropFilterAttrs,
): tf.TensorInfo {
  return tf.engine().tidy(() => {
    const x = asTensor(xInfo) as tf.Tensor4D;
    const info = tf.backend_util.computeConv2DInfo(
      x.shape,
      attrs.filterShape,
      attrs.strides,
      1,
      attrs.pad as "same" | "valid" | number,
      attrs.dimRoundingMode as "floor" | "round" | "ceil",
      false,
      "channelsLast",
    );
    const { filterHeight, filterWidth, strideHeight, strideWidth, outHeight, outWidth, padInfo } = info;
    const rows = info.batchSize * outHeight * outWidth;
    const dy = tf.reshape(asTensor(dyInfo), [rows, info.outChannels]) as tf.Tensor2D;
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
    return tf.reshape(tf.stack(parts), attrs.filterShape);
  });
}

function asTensor(info: tf.TensorInfo): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(info, tf.backend());
}
