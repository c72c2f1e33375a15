import { FormatError } from "./format_error.ts";

/** What an ONNX file says, as far as the files go that Reparam writes: one graph of operators, its tensors inside. */
export interface OnnxModel {
  /** Each after those whose outputs it reads. */
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
  readonly inputs: readonly OnnxDeclaration[];
  readonly outputs: readonly OnnxDeclaration[];
}

/** An operator, by ONNX's names. */
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, number | string | readonly number[]>>;
}

/** A tensor whose entries are in the file. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: "float32" | "int32" | "int64" | "bool";
  /** The entries as they lie in the file, little-endian. */
  readonly bytes: Uint8Array;
}

/** What a model is given or gives. */
export interface OnnxDeclaration {
  readonly name: string;
  /** A string is a length that the caller chooses. */
  readonly shape: readonly (number | string)[];
}

const TYPES: Readonly<Record<number, OnnxTensor["type"]>> = {
  1: "float32",
  6: "int32",
  7: "int64",
  9: "bool",
};
/** Wire types of protocol buffers: a number, eight bytes, a length and so many bytes, four bytes. */
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];

/**
 * Reads an ONNX file (onnx.proto). Tensors are views of its bytes: nothing is copied.
 *
 * @param file its name, for messages
 * @throws {FormatError} where the bytes are no such file, or hold tensors of another type
 */
export function decodeOnnx(bytes: Uint8Array<ArrayBuffer>, file: string): OnnxModel {
  const graph = new Message(bytes, file).message(7);
  if (!graph) throw new FormatError(file, 0, "it is no ONNX model");
  return {
    nodes: graph.messages(1).map((node) => ({
      op: node.text(4),
      inputs: node.texts(1),
      outputs: node.texts(2),
      attributes: Object.fromEntries(node.messages(5).map((entry) => [entry.text(1), attributeOf(entry)])),
    })),
    tensors: graph.messages(5).map((tensor) => {
      const type = TYPES[tensor.number(2)];
      if (!type) throw new FormatError(file, tensor.start, `a tensor has the data type ${tensor.number(2)}`);
      return { name: tensor.text(8), shape: tensor.numbers(1), type, bytes: tensor.bytes(9) };
    }),
    inputs: graph.messages(11).map(declarationOf),
    outputs: graph.messages(12).map(declarationOf),
  };
}

function attributeOf(entry: Message): number | string | readonly number[] {
  switch (entry.number(20)) {
    case 1:
      return entry.float(2);
    case 2:
      return entry.number(3);
    case 3:
      return entry.text(4);
    default:
      return entry.numbers(8);
  }
}

function declarationOf(declaration: Message): OnnxDeclaration {
  const shape = declaration.message(2)?.message(1)?.message(2);
  const sides = shape?.messages(1) ?? [];
  return {
    name: declaration.text(1),
    shape: sides.map((side) => side.has(2) ? side.text(2) : side.number(1)),
  };
}

/** One field of a message, as it lies there. */
interface Field {
  readonly field: number;
  readonly wire: number;
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

/** A message of protocol buffers, whose fields are known by their numbers. */
class Message {
  readonly #fields: Field[] = [];

  constructor(
    readonly all: Uint8Array<ArrayBuffer>,
    readonly file: string,
    readonly start = 0,
    readonly end = all.length,
  ) {
    let at = start;
    const fault = () => new FormatError(file, at, "it is no ONNX model");
    const varint = () => {
      let low = 0, high = 0;
      for (let shift = 0;; shift += 7) {
        const byte = all[at++];
        if (byte === undefined || at > end || shift > 63) throw fault();
        if (shift < 28) low += (byte & 127) * 2 ** shift;
        else high += (byte & 127) * 2 ** (shift - 28);
        if (byte < 128) break;
      }
      // Negative numbers are 64-bit two's complement.
      const value = high * 2 ** 28 + low;
      return high >= 2 ** 35 ? (high - 2 ** 36) * 2 ** 28 + low : value;
    };
    while (at < end) {
      const tag = varint();
      const [field, wire] = [Math.floor(tag / 8), tag % 8];
      const value = wire === VARINT || wire === BYTES ? varint() : 0;
      const length = wire === VARINT
        ? 0
        : wire === BYTES
        ? value
        : wire === FIXED64
        ? 8
        : wire === FIXED32
        ? 4
        : -1;
      if (length < 0 || at + length > end) throw fault();
      this.#fields.push({ field, wire, value, from: at, to: at + length });
      at += length;
    }
  }

  #of(field: number, wire: number): Field[] {
    return this.#fields.filter((entry) => entry.field === field && entry.wire === wire);
  }

  has(field: number): boolean {
    return this.#fields.some((entry) => entry.field === field);
  }

  message(field: number): Message | undefined {
    return this.messages(field)[0];
  }

  messages(field: number): Message[] {
    return this.#of(field, BYTES!).map(({ from, to }) => new Message(this.all, this.file, from, to));
  }

  bytes(field: number): Uint8Array<ArrayBuffer> {
    const [found] = this.#of(field, BYTES!);
    return found ? this.all.subarray(found.from, found.to) : new Uint8Array();
  }

  texts(field: number): string[] {
    return this.#of(field, BYTES!).map(({ from, to }) =>
      new TextDecoder().decode(this.all.subarray(from, to))
    );
  }

  text(field: number): string {
    return this.texts(field)[0] ?? "";
  }

  numbers(field: number): number[] {
    return this.#of(field, VARINT!).map(({ value }) => value);
  }

  number(field: number): number {
    return this.numbers(field)[0] ?? 0;
  }

  float(field: number): number {
    const [found] = this.#of(field, FIXED32!);
    return found ? new DataView(this.all.buffer, this.all.byteOffset).getFloat32(found.from, true) : 0;
  }
}
