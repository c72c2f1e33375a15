import { type Shape, sizeOf } from "../../base/shape.ts";
import { type Activation, ACTIVATION_NAMES } from "../activation_names.ts";
import type { LayerShape } from "./architecture.ts";

/** Layers that several architectures have, as `LayerShape`s. */

/** How a dense layer's weights lie in their file (`ArchitectureSpec.weightLayouts`). */
export const DENSE_LAYOUT = "Matrices are [in, out]: a layer is x @ kernel + bias (PyTorch has kernel.T).";

/**
 * A dense layer, x W + b over all values of what it reads.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { denseLayer } from "reparam";
 *
 * const layer = denseLayer("encoder/dense1", "relu", [28, 28], [64]);
 * assert.equal(layer.title, "dense, ReLU");
 * assert.equal(layer.parameters, 28 * 28 * 64 + 64);
 * ```
 */
export function denseLayer(name: string, activation: Activation, input: Shape, output: Shape): LayerShape {
  return {
    name,
    kind: "dense",
    title: `dense, ${ACTIVATION_NAMES[activation]}`,
    input,
    output,
    parameters: (sizeOf(input) + 1) * sizeOf(output),
  };
}

/**
 * Dense layers one after the other: `<part>/dense1`, `<part>/dense2`, ...
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { denseLayers } from "reparam";
 *
 * const layers = denseLayers("encoder", "relu", [784], [64, 32]);
 * assert.deepEqual(layers.map(({ name, output }) => [name, output]), [
 *   ["encoder/dense1", [64]],
 *   ["encoder/dense2", [32]],
 * ]);
 * ```
 */
export function denseLayers(
  part: "encoder" | "decoder",
  activation: Activation,
  input: Shape,
  units: readonly number[],
): LayerShape[] {
  return units.map((width, i) =>
    denseLayer(`${part}/dense${i + 1}`, activation, i === 0 ? input : [units[i - 1]!], [width])
  );
}

/**
 * The two layers that give the posterior's mean and log variance.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { posteriorLayers } from "reparam";
 *
 * const names = posteriorLayers([32], 2).map(({ name }) => name);
 * assert.deepEqual(names, ["encoder/mean", "encoder/logVariance"]);
 * ```
 */
export function posteriorLayers(input: Shape, latentSize: number): LayerShape[] {
  return [
    denseLayer("encoder/mean", "linear", input, [latentSize]),
    denseLayer("encoder/logVariance", "linear", input, [latentSize]),
  ];
}
