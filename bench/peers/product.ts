import * as ort from "onnxruntime-node";
import { encodeModel } from "../../pipeline/engine/onnx/encode.ts";
import { productChain } from "../flops.ts";
import { serve } from "./serve.ts";

/**
 * The machine's limit as a contestant: a step is a chain of matrix products by ONNX Runtime on two threads, so
 * long that calling it and copying its one result do not count.
 */
const { products, side } = productChain;

await serve(async () => {
  const shape = [side, side];
  const model = encodeModel({
    nodes: Array.from({ length: products }, (_, i) => ({
      op: "MatMul",
      inputs: [i === 0 ? "x" : `y${i - 1}`, "w"],
      outputs: [`y${i}`],
      attributes: {},
    })),
    // A rotation by blocks of two: the numbers keep their size through the chain.
    initialisers: [{ name: "w", shape, dtype: "float32", data: rotation() }],
    inputs: [{ name: "x", shape, dtype: "float32" }],
    outputs: [{ name: `y${products - 1}`, shape, dtype: "float32" }],
  });
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: 2,
    extra: { session: { force_spinning_stop: "1" } },
  });
  const x = new ort.Tensor(
    "float32",
    Float32Array.from({ length: side * side }, (_, i) => (i % 7) - 3),
    shape,
  );
  return {
    version: `ONNX Runtime ${ort.env.versions.node ?? ort.env.versions.common}`,
    async train(steps) {
      for (let i = 0; i < steps; i++) await session.run({ x });
    },
    check() {
      throw new Error("A matrix product has nothing to check");
    },
  };
});

function rotation(): Float32Array {
  const values = new Float32Array(side * side);
  const [cosine, sine] = [Math.cos(1), Math.sin(1)];
  for (let i = 0; i < side; i += 2) {
    values[i * side + i] = values[(i + 1) * side + i + 1] = cosine;
    values[i * side + i + 1] = -sine;
    values[(i + 1) * side + i] = sine;
  }
  return values;
}
