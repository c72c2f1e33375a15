import { concatenated } from "../../base/arrays.ts";
import { type Attributes, type DType } from "../graph/value.ts";
import { sizeOf } from "../../base/shape.ts";
import {
  ELEMENT_TYPES,
  type Initialiser,
  type Model,
  type ModelNode,
  type TensorDeclaration,
} from "./model.ts";

/** The bytes of an ONNX file: IR version 8, operator set 17. */
export function encodeModel(model: Model): Uint8Array<ArrayBuffer> {
  const graph = message(
    ...model.nodes.map((node) => field(1, encodeNode(node))),
    text(2, "reparam"),
    ...model.initialisers.map((tensor) => field(5, encodeTensor(tensor))),
    ...model.inputs.map((tensor) => field(11, encodeDeclaration(tensor))),
    ...model.outputs.map((tensor) => field(12, encodeDeclaration(tensor))),
  );
  return new Uint8Array(
    message(integer(1, 8), text(2, "reparam"), field(7, graph), field(8, integer(2, 17))),
  );
}

function encodeNode({ op, inputs, outputs, attributes }: ModelNode): Uint8Array<ArrayBuffer> {
  return message(
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => field(5, encodeAttribute(name, value))),
  );
}

function encodeAttribute(name: string, value: Attributes[string]): Uint8Array<ArrayBuffer> {
  const type = (number: number) => integer(20, number);
  if (typeof value === "number") return message(text(1, name), integer(3, value), type(2));
  if (typeof value === "string") return message(text(1, name), text(4, value), type(3));
  if ("float" in value) return message(text(1, name), float(2, value.float), type(1));
  return message(text(1, name), ...value.map((entry) => integer(8, entry)), type(7));
}

function encodeTensor({ name, shape, dtype, data }: Initialiser): Uint8Array<ArrayBuffer> {
  if (data.length !== sizeOf(shape)) {
    throw new Error(`Tensor "${name}" has ${data.length} values for [${shape}]`);
  }
  return message(
    ...shape.map((side) => integer(1, side)),
    integer(2, ELEMENT_TYPES[dtype]),
    text(8, name),
    field(9, encodeEntries(data, dtype)),
  );
}

/** The bytes of a tensor with these entries. */
export function encodeEntries(data: ArrayLike<number>, dtype: DType): Uint8Array<ArrayBuffer> {
  const entries = {
    float32: () => Float32Array.from(data),
    int32: () => Int32Array.from(data),
    int64: () => BigInt64Array.from(Array.from(data, BigInt)),
    bool: () => Uint8Array.from(data),
  }[dtype]();
  return new Uint8Array(entries.buffer);
}

function encodeDeclaration({ name, shape, dtype }: TensorDeclaration): Uint8Array<ArrayBuffer> {
  const sides = shape.map((side) => field(1, typeof side === "number" ? integer(1, side) : text(2, side)));
  const tensor = message(integer(1, ELEMENT_TYPES[dtype]), field(2, message(...sides)));
  return message(text(1, name), field(2, field(1, tensor)));
}

// Protocol Buffers: https://protobuf.dev/programming-guides/encoding/

function message(...fields: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  return concatenated<Uint8Array<ArrayBuffer>>(Uint8Array, fields);
}

/** A number in base 128, seven bits a byte, the lowest first; negative ones as 64-bit two's complement. */
function varint(number: number): number[] {
  const bytes: number[] = [];
  if (number < 0) {
    let rest = BigInt.asUintN(64, BigInt(number));
    for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    return [...bytes, Number(rest)];
  }
  for (; number > 127; number = Math.floor(number / 128)) bytes.push(number % 128 | 128);
  return [...bytes, number];
}

function integer(key: number, value: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...varint(key << 3), ...varint(value)]);
}

function float(key: number, value: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...varint(key << 3 | 5), ...new Uint8Array(Float32Array.of(value).buffer)]);
}

function field(key: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = [...varint(key << 3 | 2), ...varint(bytes.length)];
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return whole;
}

function text(key: number, value: string): Uint8Array<ArrayBuffer> {
  return field(key, encoder.encode(value));
}

const encoder = new TextEncoder();
