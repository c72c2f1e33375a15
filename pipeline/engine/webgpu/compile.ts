import type { Shape } from "../../base/shape.ts";
import { sizeOf } from "../../base/shape.ts";
import type { Graph } from "../graph/graph.ts";
import { mergeSums } from "../graph/merge_sums.ts";
import { countUses, transform } from "../graph/transform.ts";
import { sameShape, type Value } from "../graph/value.ts";
import { type Instruction, schedule } from "../program/fuse.ts";
import { type FixedPlacements, layOut, type Placement } from "../program/layout.ts";
import { aliasOf, isAssembled, isGiven, ownerOf, separate } from "../program/storage.ts";
import type { DispatchMessage, ProgramMessage } from "./device/messages.ts";
import type { Profile } from "./profile.ts";
import { finishProducts } from "./finish.ts";
import { roundsOf } from "./rounds.ts";
import { GPU_LAYOUT, GPU_RULES, isInlined, isReduction } from "./rules.ts";
import { dispatchesOf, type GpuKernel } from "./wgsl/kernel.ts";
import { RECORD, told } from "./wgsl/record.ts";
import { loopKernel, type Memories, reductionPieces } from "./wgsl/loop.ts";
import { productKernel } from "./wgsl/product.ts";
import { isProduct, productPieces, productShape } from "./wgsl/tiling.ts";
import { OPERATIONS } from "./wgsl/operations.ts";
import { isSerial, serialKernel } from "./wgsl/serial.ts";

/** The memories of a program: its own, and that of the parameters. */
export const IN_PROGRAM = 0, IN_PARAMETERS = 1;

/** A dispatch whose kernel has no number yet. */
interface Wanted {
  readonly code: string;
  readonly groups: readonly [number, number, number];
  readonly record: readonly number[];
  /** For how many steps of a submission there is a record. */
  readonly steps: number;
}

/** Kernels and dispatches under construction. */
export class DispatchList {
  readonly #wanted: Wanted[] = [];

  /** @param record what the kernel is told */
  dispatch(code: string, groups: readonly [number, number, number], record: readonly number[]): void {
    this.#wanted.push({ code, groups, record, steps: 0 });
  }

  /** A dispatch that is told the number of the step in its submission. @param steps of a submission, at most */
  dispatchPerStep(code: string, groups: readonly [number, number, number], steps: number): void {
    this.#wanted.push({ code, groups, record: [], steps });
  }

  /**
   * Kernels, what they are told, and their dispatches. Equal kernels are one; what a kernel that is dispatched once is
   * told stands in its code, since to tell it takes as long as to dispatch it.
   */
  finish(): Pick<ProgramMessage, "kernels" | "dispatches" | "records"> {
    const uses = Map.groupBy(this.#wanted, ({ code }) => code);
    const numbers = new Map<string, number>();
    const records: (readonly number[])[] = [];
    const dispatches = this.#wanted.map(({ code, groups, record, steps }): DispatchMessage => {
      const isTold = steps > 0 || uses.get(code)!.length > 1;
      const own = isTold ? code : withNumbers(code, record);
      if (!numbers.has(own)) numbers.set(own, numbers.size);
      const row = isTold ? records.length : undefined;
      if (steps > 0) { for (let step = 0; step < steps; step++) records.push([step]); }
      else if (isTold) records.push(record);
      return { kernel: numbers.get(own)!, groups, record: row, perStep: steps > 0 };
    });
    const rows = new Uint32Array(records.length * RECORD);
    records.forEach((record, row) => rows.set(record, row * RECORD));
    return { kernels: [...numbers.keys()], dispatches, records: rows };
  }
}

/** The kernel with what it is told written into it. */
function withNumbers(code: string, record: readonly number[]): string {
  return record.reduce((text, number, i) => text.replaceAll(`= ${told(i)};`, `= ${number}u;`), code);
}

/** What a graph becomes, beside its dispatches. */
export interface CompiledGraph {
  /** Entries of the program's memory. */
  readonly entries: number;
  readonly constants: readonly { readonly at: number; readonly data: Float32Array }[];
}

/**
 * Adds the dispatches that compute the outputs.
 *
 * @param placements where inputs and outputs lie, in bytes
 * @param start the first free byte of the program's own memory
 */
export function compileGraph(
  list: DispatchList,
  graph: Graph,
  outputs: readonly Value[],
  placements: FixedPlacements,
  parts: number,
  start: number,
  profile: Profile,
): CompiledGraph {
  const prepared = prepare(graph, outputs, profile);
  const pieces = (value: Value) => piecesOf(value, profile);
  const rounds = roundsOf(finishProducts(schedule(prepared, GPU_RULES), prepared, pieces));
  const layout = layOut(rounds, prepared, [], placements, parts, start, {
    ...GPU_LAYOUT,
    copies: pieces,
  });
  const memories: Memories = {
    memory: (owner) => layout.placement(owner).memory === IN_PARAMETERS ? "p" : "m",
    pieces,
  };
  const dispatches = rounds.flatMap((round) =>
    dispatchesOf(round.map((one) => kernelOf(one, memories, profile)), profile)
  );
  const entry = ({ address, stride }: Placement, part: number) => (address + part * stride) / 4;
  for (let part = 0; part < parts; part++) {
    for (const { code, groups, record } of dispatches) {
      list.dispatch(
        code,
        groups,
        record.map((value) => typeof value === "number" ? value : entry(layout.placement(value), part)),
      );
    }
  }
  return {
    entries: Math.ceil(layout.bytes / 4),
    constants: layout.constants.map((value) => ({
      at: layout.placement(value).address / 4,
      data: Float32Array.from(value.data!),
    })),
  };
}

function kernelOf(instruction: Instruction, memories: Memories, profile: Profile): GpuKernel {
  if (instruction.kind === "loop") return loopKernel(instruction, memories, profile);
  const { value, finish } = instruction;
  if (isProduct(value)) return productKernel(value, finish, memories, profile);
  if (isSerial(value)) return serialKernel(value, memories, profile);
  throw new Error(`Cannot compile: the webgpu engine has no kernel for ${value.op}`);
}

/** How many pieces a value is computed in. */
function piecesOf(value: Value, profile: Profile): number {
  if (isProduct(value)) return productPieces(value, profile);
  return isReduction(value) ? reductionPieces(value, profile) : 1;
}

/** The graph as kernels can compute it. */
function prepare(graph: Graph, outputs: readonly Value[], profile: Profile): Value[] {
  const merged = pushReshapes(graph, mergeSums(graph, outputs));
  const spelt = transform(graph, merged, (value, rebuilt) => spell(graph, value, rebuilt));
  const summed = addUpPieces(graph, spelt, profile);
  return separate(graph, summed, [], { isInlined }).outputs;
}

/**
 * A reshape of an elementwise operator that nobody else reads, as the operator on reshaped operands, where a loop reads
 * it: so both become one.
 */
function pushReshapes(graph: Graph, outputs: readonly Value[]): Value[] {
  const uses = countUses(outputs);
  const inLoops = new Set(
    [...uses.keys()].filter((value) => OPERATIONS[value.op] !== undefined || isReduction(value))
      .flatMap(({ operands }) => operands),
  );
  const pushed = (value: Value, shape: readonly number[], isSole: boolean): Value => {
    const inner = isSole && OPERATIONS[value.op] !== undefined
      ? value.operands.map((operand) => operandIn(operand, value, shape))
      : [];
    if (inner.length === 0 || inner.includes(undefined)) return graph.reshape(value, shape);
    return graph.node(value.op, inner as Value[], shape, value.dtype, value.attributes);
  };
  const operandIn = (operand: Value, value: Value, shape: readonly number[]): Value | undefined => {
    if (sizeOf(operand.shape) === 1) return graph.reshape(operand, []);
    if (sameShape(operand.shape, value.shape)) return pushed(operand, shape, uses.get(operand) === 1);
    const side = operand.shape[0]; // a bias
    const isLast = operand.shape.length === 1 && side === value.shape.at(-1) && side === shape.at(-1);
    return isLast ? operand : undefined;
  };
  return transform(graph, outputs, (value, rebuilt) => {
    if (value.op !== "Reshape" || sizeOf(value.shape) === 1 || !inLoops.has(value)) return undefined;
    return pushed(rebuilt(value.operands[0]!), value.shape, uses.get(value.operands[0]!) === 1);
  });
}

/** The most operands of a concatenation that are told apart by comparing; of more, a transpose is made. */
const FEW_OPERANDS = 4;

/** Writes out in others the operators that there is no kernel for. */
function spell(graph: Graph, value: Value, rebuilt: (operand: Value) => Value): Value | undefined {
  const axis = value.attributes.axis as number;
  switch (value.op) {
    case "Softmax": {
      const x = rebuilt(value.operands[0]!);
      const power = graph.unary("Exp", graph.subtract(x, graph.reduce("ReduceMax", x, [axis], true)));
      return graph.binary("Div", power, graph.sum(power, [axis], true));
    }
    case "LogSoftmax": {
      const x = rebuilt(value.operands[0]!);
      const shifted = graph.subtract(x, graph.reduce("ReduceMax", x, [axis], true));
      return graph.subtract(
        shifted,
        graph.unary("Log", graph.sum(graph.unary("Exp", shifted), [axis], true)),
      );
    }
    case "Gemm":
      return isThin(value) ? thinProduct(graph, value, value.operands.map(rebuilt)) : undefined;
    case "Concat": {
      const operands = value.operands.map(rebuilt);
      const [first] = operands as [Value, ...Value[]];
      if (isAssembled(value) || operands.length <= FEW_OPERANDS) return undefined;
      if (operands.some(({ shape }) => shape[axis] !== first.shape[axis])) return undefined;
      // [pieces, outer, inner], one piece behind the other, with the pieces moved inwards.
      const outer = sizeOf(first.shape.slice(0, axis)), inner = sizeOf(first.shape.slice(axis));
      const rows = operands.map((piece) => graph.reshape(piece, [outer, inner]));
      const stacked = graph.reshape(graph.concat(rows, 0), [operands.length, outer, inner]);
      return graph.reshape(graph.transpose(stacked, [1, 0, 2]), value.shape);
    }
    default:
      return undefined;
  }
}

/** Rows, columns or terms up to which a product is no product of tiles. */
const THIN = 4;

function isThin(value: Value): boolean {
  const { rows, columns, terms } = productShape(value);
  return Math.min(rows, columns, terms) <= THIN;
}

/**
 * The product as sums of its terms. Few terms are written out, so that the loop that reads the product has them. Of
 * more, [rows, columns, terms] or [terms, rows, columns] is added up: the larger operand is read as it lies in memory,
 * and sums over the same entries are one kernel, so the heads of an encoder are computed at once.
 */
function thinProduct(graph: Graph, value: Value, [a, b]: readonly Value[]): Value {
  const { rows, columns, terms } = productShape(value);
  const transA = value.attributes.transA === 1, transB = value.attributes.transB === 1;
  const byRow = transA ? graph.transpose(a!, [1, 0]) : a!; // [rows, terms]
  const byColumn = transB ? b! : graph.transpose(b!, [1, 0]); // [columns, terms]
  if (terms <= THIN) {
    return Array.from({ length: terms }, (_, term) =>
      graph.multiply(
        graph.slice(byRow, [0, term], [rows, 1]),
        graph.reshape(graph.slice(byColumn, [0, term], [columns, 1]), [1, columns]),
      )).reduce((sum, product) => graph.add(sum, product));
  }
  const isLast = rows >= columns ? !transA : transB;
  if (isLast) {
    const products = graph.multiply(
      graph.reshape(byRow, [rows, 1, terms]),
      graph.reshape(byColumn, [1, columns, terms]),
    );
    return graph.sum(products, [2]);
  }
  const products = graph.multiply(
    graph.reshape(graph.transpose(byRow, [1, 0]), [terms, rows, 1]),
    graph.reshape(graph.transpose(byColumn, [1, 0]), [terms, 1, columns]),
  );
  return graph.sum(products, [0]);
}

/**
 * What is computed in pieces is added up by the loop that reads it, and by no other: an `Identity` stands for the sum,
 * which becomes part of that loop. A reshape or a piece of the whole is read in pieces too.
 */
function addUpPieces(graph: Graph, outputs: readonly Value[], profile: Profile): Value[] {
  const sum = (value: Value) =>
    !isGiven(value) && piecesOf(ownerOf(value).of, profile) > 1
      ? graph.node("Identity", [value], value.shape, value.dtype)
      : value;
  return transform(graph, outputs, (value, rebuilt) => {
    if (aliasOf(value) || value.op === "Split") return undefined;
    const operands = value.operands.map((operand) => sum(rebuilt(operand)));
    if (operands.every((operand, i) => operand === rebuilt(value.operands[i]!))) return undefined;
    return graph.node(value.op, operands, value.shape, value.dtype, value.attributes);
  }).map(sum);
}

/** Places one behind the other for float32 tensors of these shapes, in bytes, from `start` on. */
export function placeTensors(
  shapes: Readonly<Record<string, Shape>>,
  start: number,
): { readonly places: Readonly<Record<string, number>>; readonly end: number } {
  let end = start;
  const places: Record<string, number> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    places[name] = end;
    end += Math.ceil(sizeOf(shape) / 16) * 64;
  }
  return { places, end };
}
