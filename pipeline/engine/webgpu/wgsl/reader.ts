import { rowMajor, type Value } from "../../graph/value.ts";
import { sizeOf } from "../../../base/shape.ts";
import { aliasOf, ownerOf } from "../../program/storage.ts";
import { entriesRead, isInlined } from "../rules.ts";
import { TensorPlace } from "./tensor_place.ts";
import { OPERATIONS } from "./operations.ts";
import { float, plus, type Source, times } from "./source.ts";

/** What a kernel's reader must be told of tensors in memory. */
export interface Tensors {
  /** An expression for the number at which a tensor, or a part of one, begins in its memory, in entries. */
  address(value: Value): string;
  /** How far behind the beginning of what it lies in a part begins, in entries, which differs from kernel to kernel. */
  offset(part: Value, entries: number): string;
  /** The memory that it lies in. */
  memory(owner: Value): "m" | "p";
  /** How many pieces are to be added up for one entry: tensors of the owner's size one behind the other. */
  pieces(owner: Value): number;
}

/** The most pieces that are added up without a loop. */
const FEW_PIECES = 128;

/** Writes expressions for entries of values: what is inlined is followed to where its entries lie. */
export class Reader {
  readonly #source: Source;
  readonly #tensors: Tensors;
  /** What this kernel has computed for the entry that it is at. */
  readonly computed = new Map<Value, string>();

  constructor(source: Source, tensors: Tensors) {
    this.#source = source;
    this.#tensors = tensors;
  }

  /** The entry of a value at a place of its own. */
  read(value: Value, at: TensorPlace): string {
    if (value.op === "Fill") return float(value.data![0]!);
    return isInlined(value) ? this.#moved(value, at) : this.#load(value, at);
  }

  /** The entry of an operator's operand at the place of its result, the operand being repeated to fill it. */
  operand(value: Value, at: TensorPlace): string {
    return this.computed.get(value) ?? this.read(value, at.broadcast(value.shape));
  }

  /** The entry of an elementwise operator at a place. */
  compute(value: Value, at: TensorPlace): string {
    const { op, attributes, dtype } = value;
    const read = entriesRead(value), operands = read.map((operand) => this.operand(operand, at));
    // (a + b) - b is the rounding error of a sum, and must not be taken for a.
    if (op === "Sub" && read[0]!.op === "Add" && read[0]!.operands.includes(read[1]!)) {
      operands[0] = `as_it_is(${operands[0]})`;
    }
    const told = op === "Cast" ? { to: dtype === "bool" ? 1 : dtype === "float32" ? 0 : 2 } : attributes;
    return this.#source.let(OPERATIONS[op]!(operands, told, dtype === "int32" || dtype === "int64"), "x");
  }

  #load(value: Value, at: TensorPlace): string {
    const { of } = ownerOf(value), memory = this.#tensors.memory(of);
    const index = plus(this.#tensors.address(value), at.linear);
    const count = this.#tensors.pieces(of), size = sizeOf(of.shape);
    if (count > FEW_PIECES) {
      const [sum, piece] = [this.#source.name("sum"), this.#source.name("piece")];
      this.#source.add(`var ${sum} = 0f;`);
      this.#source.add(
        `for (var ${piece} = 0u; ${piece} < ${count}u; ${piece}++) { ${sum} += ${memory}[${index} + ${piece} * ${size}u]; }`,
      );
      return sum;
    }
    const terms = Array.from(
      { length: count },
      (_, piece) => `${memory}[${plus(index, `${piece * size}u`)}]`,
    );
    return this.#source.let(terms.reduce((a, b) => `(${a} + ${b})`), "x");
  }

  #moved(value: Value, at: TensorPlace): string {
    const alias = aliasOf(value);
    if (alias) {
      return alias.offset === 0 && sizeOf(alias.of.shape) === sizeOf(value.shape)
        ? this.read(alias.of, at.reshape(alias.of.shape))
        : this.read(
          alias.of,
          at.numbered(alias.of.shape, plus(at.linear, this.#tensors.offset(value, alias.offset))),
        );
    }
    const { op, operands: [x, ...rest], attributes } = value;
    const lists = rest.map(({ data }) => Array.from(data ?? []));
    switch (op) {
      case "Expand":
        return this.read(x!, at.broadcast(x!.shape));
      case "Transpose": {
        const perm = attributes.perm as readonly number[];
        return this.read(x!, at.at(x!.shape, x!.shape.map((_, axis) => at.axis(perm.indexOf(axis)))));
      }
      case "Tile":
        return this.read(
          x!,
          at.at(x!.shape, x!.shape.map((side, axis) => side === 1 ? "0u" : `${at.axis(axis)} % ${side}u`)),
        );
      case "Slice": {
        const [starts, , axes, steps] = lists;
        const places = at.axes;
        axes!.forEach((axis, i) => {
          const step = steps?.[i] ?? 1;
          const [start, place] = [`${starts![i]}u`, times(places[axis]!, Math.abs(step))];
          places[axis] = step < 0 ? `(${start} - ${place})` : plus(start, place);
        });
        return this.read(x!, at.at(x!.shape, places));
      }
      case "Output": {
        const { operands: [source, sizes], attributes: { axis } } = x!;
        const before = Array.from(sizes!.data!).slice(0, attributes.index as number).reduce(
          (a, b) => a + b,
          0,
        );
        const places = at.axes.with(axis as number, plus(at.axis(axis as number), `${before}u`));
        return this.read(source!, at.at(source!.shape, places));
      }
      case "Pad":
        return this.#padded(x!, lists[0]!, float(rest[1]!.data![0]!), at);
      case "Gather": {
        const axis = attributes.axis as number, [indices] = rest as [Value];
        const rank = indices.shape.length;
        const chosen = this.read(indices, at.at(indices.shape, at.axes.slice(axis, axis + rank)));
        const from = `u32(select(${chosen}, ${chosen} + ${float(x!.shape[axis]!)}, ${chosen} < 0f))`;
        return this.read(
          x!,
          at.at(x!.shape, [...at.axes.slice(0, axis), from, ...at.axes.slice(axis + rank)]),
        );
      }
      case "Concat":
        return this.#joined(value, at);
      case "Strided":
        return this.#strided(x!, attributes.strides as readonly number[], attributes.offset as number, at);
      default:
        throw new Error(`Cannot compile: a kernel cannot read along ${op}`);
    }
  }

  #padded(x: Value, amounts: readonly number[], padding: string, at: TensorPlace): string {
    const conditions: string[] = [];
    const places = x.shape.map((side, axis) => {
      const before = amounts[axis]!, after = amounts[x.shape.length + axis]!;
      // Whole numbers wrap around: what lies before the first entry comes out as a very large number.
      const place = before > 0
        ? this.#source.let(`${at.axis(axis)} - ${before}u`, "c")
        : plus(at.axis(axis), `${-before}u`);
      if (before > 0 || after > 0) conditions.push(`${this.#source.let(place, "c")} < ${side}u`);
      return place;
    });
    // Reads past the end are safe in WGSL, and what they give is not chosen.
    const entry = this.read(x, at.at(x.shape, places));
    if (conditions.length === 0) return entry;
    return this.#source.let(`select(${padding}, ${entry}, ${conditions.join(" && ")})`, "x");
  }

  #joined({ operands, attributes }: Value, at: TensorPlace): string {
    const axis = attributes.axis as number;
    let before = 0;
    const pieces = operands.map((piece) => {
      const place = before === 0 ? at.axis(axis) : `(${at.axis(axis)} - ${before}u)`;
      before += piece.shape[axis]!;
      return { entry: this.read(piece, at.at(piece.shape, at.axes.with(axis, place))), end: before };
    });
    const last = pieces.at(-1)!.entry;
    return this.#source.let(
      pieces.slice(0, -1).reduceRight(
        (otherwise, { entry, end }) => `select(${otherwise}, ${entry}, ${at.axis(axis)} < ${end}u)`,
        last,
      ),
      "x",
    );
  }

  #strided(x: Value, strides: readonly number[], offset: number, at: TensorPlace): string {
    const moves = strides.map((stride, axis) => ({ stride, side: at.shape[axis]!, place: at.axis(axis) }))
      .filter(({ side }) => side > 1);
    const axes = isInlined(x) ? placesAlong(x.shape, moves, offset) : undefined;
    if (axes) return this.read(x, at.at(x.shape, axes));
    const linear = moves.reduce(
      (sum, { stride, place }) =>
        stride < 0 ? `(${sum} - ${times(place, -stride)})` : plus(sum, times(place, stride)),
      `${offset}u`,
    );
    return this.read(x, at.numbered(x.shape, linear));
  }
}

/**
 * The places along the axes of a tensor that steps of some strides lead to, if no step leads over the end of an axis:
 * then nothing must be divided.
 */
function placesAlong(
  shape: readonly number[],
  moves: readonly { readonly stride: number; readonly side: number; readonly place: string }[],
  offset: number,
): string[] | undefined {
  const own = rowMajor(shape);
  const places: string[] = [];
  let rest = offset;
  let left = moves.map(({ stride }) => Math.abs(stride));
  for (let axis = 0; axis < shape.length; axis++) {
    const start = Math.floor(rest / own[axis]!);
    rest -= start * own[axis]!;
    let [least, most, sum] = [start, start, `${start}u`];
    left = left.map((stride, i) => {
      const { side, place, stride: signed } = moves[i]!;
      const count = Math.floor(stride / own[axis]!);
      if (count === 0) return stride;
      if (signed < 0) {
        least -= count * (side - 1);
        sum = `(${sum} - ${times(place, count)})`;
      } else {
        most += count * (side - 1);
        sum = plus(sum, times(place, count));
      }
      return stride - count * own[axis]!;
    });
    if (least < 0 || most >= shape[axis]!) return undefined;
    places.push(sum);
  }
  return places;
}
