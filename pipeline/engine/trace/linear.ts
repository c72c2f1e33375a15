import { kernel } from "./backend.ts";
import { activate } from "./elementwise.ts";

/** Matrix products, and normalisation by given statistics. */

kernel(
  "BatchMatMul",
  (graph, { a, b }, { transposeA, transposeB }) => graph.matMul(a!, b!, transposeA, transposeB),
);
kernel("_FusedMatMul", (graph, { a, b, bias }, { transposeA, transposeB, activation, leakyreluAlpha }) => {
  const product = graph.matMul(a!, b!, transposeA, transposeB);
  return activate(graph, bias ? graph.add(product, bias) : product, activation, leakyreluAlpha);
});

/** (x - mean) / sqrt(variance + epsilon) * scale + offset (Ioffe and Szegedy, 2015). */
kernel("FusedBatchNorm", (graph, { x, mean, variance, scale, offset }, { varianceEpsilon }) => {
  const deviation = graph.unary("Sqrt", graph.add(variance!, graph.fill(varianceEpsilon, [])), Math.sqrt);
  const inverse = graph.unary("Reciprocal", deviation, (value) => 1 / value);
  const factor = scale ? graph.multiply(inverse, scale) : inverse;
  const normal = graph.multiply(graph.subtract(x!, mean!), factor);
  return offset ? graph.add(normal, offset) : normal;
});
