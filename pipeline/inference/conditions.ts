import type { Shape } from "../base/shape.ts";
import type { Vae } from "../vae/vae.ts";

/** The input of a function by which a conditional model is told the class of each row; none of any other model. */
export function classInput({ classes }: Pick<Vae, "classes">, rows: number): Readonly<Record<string, Shape>> {
  return classes > 0 ? { y: [rows, classes] } : {};
}

/**
 * Tells a conditional model the classes of the first rows, one-hot; any other model has no such input.
 *
 * @param y [rows, classes]; the other rows become 0
 * @param labels of what the rows are taken from
 * @param indices which of the labels each row has
 */
export function tellClasses(
  y: Float32Array | undefined,
  classes: number,
  labels: ArrayLike<number> | undefined,
  indices: Iterable<number>,
): void {
  if (!y) return;
  if (!labels) throw new TypeError("A conditional model has to be told the class of each example");
  y.fill(0);
  let row = 0;
  for (const index of indices) y[row++ * classes + labels[index]!] = 1;
}

/** The whole numbers from `from` up to `to`. */
export function* range(from: number, to: number): Generator<number> {
  for (let i = from; i < to; i++) yield i;
}

/** Labels in which the classes come in turn. */
export function classesInTurn(classes: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i % classes);
}
