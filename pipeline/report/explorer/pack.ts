import { deflateSync } from "node:zlib";
import { decodeOnnx, type OnnxModel, type OnnxTensor } from "../../formats/onnx.ts";
import { OPERATORS } from "./operators.js";

/** A network as the page holds it: its operators as lists, its weights as float16. */
export interface PackedNetwork {
  readonly inputs: readonly (readonly [name: string, shape: readonly (number | string)[]])[];
  readonly outputs: readonly string[];
  readonly nodes: readonly (readonly [
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes?: object,
  ])[];
  /**
   * Whole numbers as they are, and so the few numbers of a small float32 tensor, marked by `float`: an epsilon has no
   * float16. JSON has no infinity: it is a string. Of a large one the place of its first entry among the weights.
   */
  readonly tensors: readonly PackedTensor[];
  /** How many weights there are. */
  readonly count: number;
  /**
   * Base64 of all float32 entries, rounded to float16, deflated: all low bytes, then all high ones, which hold sign and
   * exponent and repeat themselves.
   */
  readonly weights: string;
}

type PackedTensor = readonly [
  name: string,
  shape: readonly number[],
  values: readonly (number | string)[] | number,
  float?: 1,
];

/** Float32 tensors of no more entries are kept exactly. */
const SMALL = 16;

/** A network that the page cannot hold or run, and why, in a sentence. */
export interface Unpackable {
  readonly reason: string;
}

/**
 * An ONNX file for the page to run.
 *
 * @param file its name, for messages
 * @param most weights that it may have
 * @param isWanted which of its outputs the page asks for
 * @throws {FormatError} where the bytes are no such file
 */
export function packNetwork(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  most: number,
  isWanted: (output: string) => boolean = () => true,
): PackedNetwork | Unpackable {
  const network = decodeOnnx(bytes, file);
  const { inputs } = network, outputs = network.outputs.filter(({ name }) => isWanted(name));
  const { nodes, tensors } = needed(network, outputs.map(({ name }) => name));
  const unknown = nodes.find(({ op }) => !Object.hasOwn(OPERATORS, op));
  if (unknown) return { reason: `Pages do not know the operator ${unknown.op} of ${file}.` };
  const isLarge = ({ type, bytes }: OnnxTensor) => type === "float32" && bytes.length / 4 > SMALL;
  const count = tensors.filter(isLarge).reduce((sum, { bytes }) => sum + bytes.length / 4, 0);
  if (count > most) {
    return {
      reason: `${file} has ${count.toLocaleString("en")} weights, more than the ${
        most.toLocaleString("en")
      } that a page holds.`,
    };
  }
  const short = shortNames();
  const weights = new Float16Array(count);
  let at = 0;
  const packed = tensors.map((tensor): PackedTensor => {
    const name = short(tensor.name), numbers = numbersOf(tensor), { shape } = tensor;
    if (!isLarge(tensor)) {
      return tensor.type === "float32"
        ? [name, shape, Array.from(numbers, (x) => Number.isFinite(x) ? x : String(x)), 1]
        : [name, shape, Array.from(numbers)];
    }
    const from = at;
    weights.set(numbers, from);
    at += numbers.length;
    return [name, shape, from];
  });
  if (!weights.every(Number.isFinite)) return { reason: `${file} has weights that float16 cannot hold.` };
  const names = new Set([...inputs, ...outputs].map(({ name }) => name));
  const named = (list: readonly string[]) => list.map((name) => names.has(name) ? name : short(name));
  return {
    inputs: inputs.map(({ name, shape }) => [name, shape]),
    outputs: outputs.map(({ name }) => name),
    nodes: nodes.map(({ op, inputs, outputs, attributes }) =>
      Object.keys(attributes).length === 0
        ? [op, named(inputs), named(outputs)] as const
        : [op, named(inputs), named(outputs), attributes] as const
    ),
    tensors: packed,
    count,
    weights: deflateSync(bytePlanes(weights)).toString("base64"),
  };
}

/** What of a network some of its outputs are computed from. */
function needed(
  { nodes, tensors }: OnnxModel,
  outputs: readonly string[],
): Pick<OnnxModel, "nodes" | "tensors"> {
  const read = new Set(outputs);
  const kept = nodes.toReversed().filter((node) => {
    const isRead = node.outputs.some((name) => read.has(name));
    if (isRead) node.inputs.forEach((name) => read.add(name));
    return isRead;
  });
  return { nodes: kept.reverse(), tensors: tensors.filter(({ name }) => read.has(name)) };
}

function numbersOf({ type, bytes }: OnnxTensor): ArrayLike<number> {
  const { buffer } = bytes.slice(); // such a view must begin at a multiple of its entries' size
  switch (type) {
    case "float32":
      return new Float32Array(buffer);
    case "int32":
      return new Int32Array(buffer);
    case "int64":
      return Array.from(new BigInt64Array(buffer), Number);
    case "bool":
      return bytes;
  }
}

/** The low bytes of numbers of 16 bits, then the high ones. */
function bytePlanes({ buffer, length }: Float16Array<ArrayBuffer>): Uint8Array {
  const bytes = new Uint8Array(buffer);
  return Uint8Array.from(bytes, (_, i) => bytes[i < length ? 2 * i : 2 * (i - length) + 1]!);
}

/** Names of as few letters as will do: an LSTM of 100 steps has thousands of values. */
function shortNames(): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    let short = known.get(name);
    if (short === undefined) known.set(name, short = `.${known.size.toString(36)}`);
    return short;
  };
}
