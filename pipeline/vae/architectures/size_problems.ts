import type { Problem } from "../../base/problem.ts";
import type { LayerShape } from "./architecture.ts";

/** The most weights of a model: 256 MiB of float32, a gigabyte with gradients and Adam's moments. */
const MOST_PARAMETERS = 2 ** 26;

/** Why a model of these layers is too large. */
export function sizeProblems(layers: readonly LayerShape[]): Problem[] {
  const total = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  if (total <= MOST_PARAMETERS) return [];
  const widest = layers.reduce((a, b) => a.parameters >= b.parameters ? a : b);
  return [{
    path: ["model"],
    message: `model would learn ${number(total)} parameters: at most ${number(MOST_PARAMETERS)} are possible`,
    notes: [`Most of them are in ${widest.name}: ${number(widest.parameters)}.`],
  }];
}

function number(value: number): string {
  return value.toLocaleString("en");
}
