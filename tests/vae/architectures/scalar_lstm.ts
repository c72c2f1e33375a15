import type { Vae } from "../../../pipeline/vae/vae.ts";

/** One layer in one direction, one number at a time, by the equations of Gers et al. (2000). */
export function scalarLstm(
  weights: Weights,
  name: string,
  sequence: number[][],
  backwards = false,
): number[][] {
  const kernel = weights[`${name}/kernel`]!;
  const recurrent = weights[`${name}/recurrentKernel`]!;
  const bias = weights[`${name}/bias`]!;
  const units = bias.length / 4;
  const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
  let h = new Array<number>(units).fill(0);
  let c = new Array<number>(units).fill(0);
  const states: number[][] = [];
  for (let step = 0; step < sequence.length; step++) {
    const t = backwards ? sequence.length - 1 - step : step;
    const gate = (g: number, u: number) => {
      const column = g * units + u;
      let sum = bias[column]!;
      sequence[t]!.forEach((value, i) => sum += value * kernel[i * 4 * units + column]!);
      h.forEach((value, i) => sum += value * recurrent[i * 4 * units + column]!);
      return sum;
    };
    const memory = c.map((old, u) => sigmoid(gate(1, u)) * old + sigmoid(gate(0, u)) * Math.tanh(gate(2, u)));
    h = memory.map((value, u) => sigmoid(gate(3, u)) * Math.tanh(value));
    c = memory;
    states[t] = h;
  }
  return states;
}

/** Values of weights by their names. */
export type Weights = Readonly<Record<string, ArrayLike<number>>>;

export function weightsOf(vae: Vae): Weights {
  return Object.fromEntries(vae.variables.map((variable) => [variable.name, variable.dataSync()]));
}

export function scalarDense(weights: Weights, name: string, x: number[]): number[] {
  const bias = Array.from(weights[`${name}/bias`]!);
  const kernel = weights[`${name}/kernel`]!;
  return bias.map((b, j) => x.reduce((sum, value, i) => sum + value * kernel[i * bias.length + j]!, b));
}

export function rows(flat: ArrayLike<number>, width: number): number[][] {
  return Array.from(
    { length: flat.length / width },
    (_, i) => Array.from({ length: width }, (_, j) => flat[i * width + j]!),
  );
}
