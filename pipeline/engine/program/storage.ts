import type { Graph } from "../graph/graph.ts";
import { transform, unchanged } from "../graph/transform.ts";
import type { Value } from "../graph/value.ts";
import { sizeOf } from "../../base/shape.ts";
import type { FusionRules } from "./rules.ts";

/**
 * Which values share memory. A reshape is its operand; the pieces of a tensor that lie one behind the other in it
 * (splits, slices and concatenations along the first axis that is longer than 1) are parts of it, and cost nothing.
 */

/** The tensor in whose memory a value lies, and where in it the value begins, in entries. */
export interface Alias {
  readonly of: Value;
  readonly offset: number;
}

/** Where in its operand a value lies that has no memory of its own. */
export function aliasOf(value: Value): Alias | undefined {
  const [x] = value.operands;
  switch (value.op) {
    case "Reshape":
      return { of: x!, offset: 0 };
    case "Output": {
      const { operands: [source, sizes], attributes: { axis } } = x!;
      if (!isOutermost(source!.shape, axis as number)) return undefined;
      return {
        of: source!,
        offset: startOf(value, sizes!) * sizeOf(source!.shape.slice(axis as number + 1)),
      };
    }
    case "Slice": {
      const [, starts, , axes, steps] = value.operands;
      const [axis] = axes!.data! as number[];
      if (steps || axes!.data!.length !== 1 || !isOutermost(x!.shape, axis!)) return undefined;
      return { of: x!, offset: starts!.data![0]! * sizeOf(x!.shape.slice(axis! + 1)) };
    }
    default:
      return undefined;
  }
}

/** Where along its axis a piece of a split begins. */
function startOf(piece: Value, sizes: Value): number {
  return Array.from(sizes.data!).slice(0, piece.attributes.index as number).reduce((a, b) => a + b, 0);
}

/** Whether the value is a concatenation whose operands lie in it one behind the other. */
export function isAssembled(value: Value): boolean {
  return value.op === "Concat" && value.dtype === "float32" &&
    isOutermost(value.shape, value.attributes.axis as number);
}

function isOutermost(shape: readonly number[], axis: number): boolean {
  return shape.slice(0, axis).every((side) => side === 1);
}

/** The value itself at 0, or the tensor that it lies in; an alias of an alias included. */
export function ownerOf(value: Value): Alias {
  const alias = aliasOf(value);
  if (alias === undefined) return { of: value, offset: 0 };
  const outer = ownerOf(alias.of);
  return { of: outer.of, offset: outer.offset + alias.offset };
}

/** Whether no instruction computes the value. */
export function isGiven({ op }: Value): boolean {
  return op === "Input" || op === "Constant" || op === "Fill";
}

/** Whether ONNX Runtime is told the value once, and not at every call. */
export function isGivenConstant(value: Value): boolean {
  return isGiven(value) && value.op !== "Input";
}

/** A piece of a split as a slice. */
function sliced(graph: Graph, { operands: [x, sizes], attributes: { axis } }: Value, piece: Value): Value {
  const begin = x!.shape.map((_, i) => i === axis ? startOf(piece, sizes!) : 0);
  return graph.slice(x!, begin, piece.shape);
}

/**
 * Copies what cannot be computed right where it is wanted, as an output or a piece of a concatenation: because it is
 * wanted in two places, or given, or never stored, or only a part of something. What is only `kept` may lie anywhere.
 *
 * @param spell gives what stands for a value that the back end has no code for
 */
export function separate(
  graph: Graph,
  outputs: readonly Value[],
  kept: readonly Value[],
  { isInlined }: Pick<FusionRules, "isInlined">,
  spell: (value: Value, rebuilt: (operand: Value) => Value) => Value | undefined = () => undefined,
): { outputs: Value[]; kept: Value[] } {
  const claimed = new Set<Value>();
  const claim = (value: Value): Value => {
    const { of } = ownerOf(value);
    if (!isGiven(of) && !isInlined(of) && sizeOf(of.shape) === sizeOf(value.shape) && !claimed.has(of)) {
      claimed.add(of);
      return value;
    }
    return claim(graph.node("Identity", [value], value.shape, value.dtype));
  };
  const separated = transform(graph, [...outputs, ...kept], (value, rebuilt) => {
    const spelt = spell(value, rebuilt);
    if (spelt) return spelt;
    if (value.op === "Output" && !aliasOf(value)) return sliced(graph, rebuilt(value.operands[0]!), value);
    if (!isAssembled(value)) return undefined;
    const pieces = value.operands.map((operand) => claim(rebuilt(operand)));
    return graph.node("Concat", pieces, value.shape, value.dtype, value.attributes);
  }, unchanged);
  return { outputs: separated.slice(0, outputs.length).map(claim), kept: separated.slice(outputs.length) };
}
