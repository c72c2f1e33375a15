import { rowMajor } from "../../graph/value.ts";
import { sizeOf } from "../../../base/shape.ts";
import { plus, type Source, times } from "./source.ts";

/** A place by its number, by axes, or both. */
type Given =
  | { readonly linear: string; readonly axes?: readonly string[] }
  | { readonly linear?: string; readonly axes: readonly string[] };

/**
 * Where in a tensor a thread is, as WGSL expressions: by axis, or by the number of the entry in C order. Each is
 * worked out of the other only where it is asked for.
 */
export class TensorPlace {
  readonly #source: Source;
  readonly shape: readonly number[];
  #linear: string | undefined;
  readonly #axes: (string | undefined)[];

  constructor(
    source: Source,
    shape: readonly number[],
    given: Given,
  ) {
    this.#source = source;
    this.shape = shape;
    this.#linear = given.linear;
    this.#axes = given.axes ? [...given.axes] : shape.map(() => undefined);
  }

  /** The place along an axis. */
  axis(axis: number): string {
    if (this.shape[axis] === 1) return "0u";
    return this.#axes[axis] ??= this.#source.let(
      part(this.#linear!, this.shape, axis),
      "c",
    );
  }

  get axes(): string[] {
    return this.shape.map((_, axis) => this.axis(axis));
  }

  /** The number of the entry in C order. */
  get linear(): string {
    if (this.#linear === undefined) {
      const strides = rowMajor(this.shape);
      const sum = this.axes.map((axis, i) => times(axis, strides[i]!)).reduce(plus, "0u");
      this.#linear = this.#source.let(sum, "i");
    }
    return this.#linear;
  }

  /** The same entry of a tensor that is repeated to fill this shape. */
  broadcast(shape: readonly number[]): TensorPlace {
    const missing = this.shape.length - shape.length;
    if (missing === 0 && shape.every((side, i) => side === this.shape[i])) return this;
    const size = sizeOf(shape);
    const isEnd = shape.every((side, i) => side === this.shape[missing + i]);
    if (isEnd && this.#linear !== undefined && size > 1) {
      const all = sizeOf(this.shape) === size;
      return this.#at(shape, {
        linear: all ? this.#linear : this.#source.let(`${this.#linear} % ${size}u`, "i"),
      });
    }
    return this.#at(shape, { axes: shape.map((side, i) => side === 1 ? "0u" : this.axis(missing + i)) });
  }

  /**
   * The same entry of the tensor in another shape. Axes that are cut or joined are worked out among themselves: so the
   * rows of a product do not have to be told from its columns again.
   */
  reshape(shape: readonly number[]): TensorPlace {
    if (this.#linear !== undefined) return this.#at(shape, { linear: this.#linear });
    const axes: string[] = [];
    for (let from = 0, to = 0; from < this.shape.length || to < shape.length;) {
      const [fromStart, toStart] = [from, to];
      let before = this.shape[from++] ?? 1, after = shape[to++] ?? 1;
      while (before !== after) {
        if (before < after) before *= this.shape[from++]!;
        else after *= shape[to++]!;
      }
      const group = this.#at(this.shape.slice(fromStart, from), {
        axes: this.axes.slice(fromStart, from),
      });
      const inner = shape.slice(toStart, to);
      if (inner.length > 0) axes.push(...this.#at(inner, { linear: group.linear }).axes);
    }
    return this.#at(shape, { axes: axes.slice(0, shape.length) });
  }

  /** Another place, in a tensor of that shape. */
  at(shape: readonly number[], axes: readonly string[]): TensorPlace {
    return this.#at(shape, { axes: axes.map((axis) => this.#source.let(axis, "c")) });
  }

  /** The entry of that number, in a tensor of that shape. */
  numbered(shape: readonly number[], linear: string): TensorPlace {
    return this.#at(shape, { linear: this.#source.let(linear, "i") });
  }

  #at(shape: readonly number[], given: Given): TensorPlace {
    return new TensorPlace(this.#source, shape, given);
  }
}

/** The place along an axis of the entry of that number. */
function part(linear: string, shape: readonly number[], axis: number): string {
  const stride = rowMajor(shape)[axis]!;
  const divided = stride === 1 ? linear : `${linear} / ${stride}u`;
  const isOutermost = shape.slice(0, axis).every((side) => side === 1);
  return isOutermost
    ? divided
    : stride === 1
    ? `${linear} % ${shape[axis]!}u`
    : `(${divided}) % ${shape[axis]!}u`;
}
