/** Fields of ONNX's messages (onnx.proto). */
const GRAPH = 7;
const INPUT = 11;
const OUTPUT = 12;
const NAME = 1;
/** Wire types of protocol buffers: a number, eight bytes, a length and so many bytes, four bytes. */
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];

/** Names of what an ONNX model takes and gives. @throws {RangeError} where the bytes are no such model */
export function networkInterface(bytes: Uint8Array): {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
} {
  const [graph] = fields(bytes, GRAPH);
  if (!graph) throw new RangeError("it is no ONNX model");
  const names = (field: number) =>
    fields(graph, field).map((value) => new TextDecoder().decode(fields(value, NAME)[0]));
  return { inputs: names(INPUT), outputs: names(OUTPUT) };
}

/** All values of a field of a message that have a length. */
function fields(message: Uint8Array, wanted: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  let at = 0;
  const number = () => {
    let value = 0;
    for (let scale = 1;; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined || scale > 2 ** 49) throw new RangeError("it is no ONNX model");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = number();
    const [field, type] = [Math.floor(tag / 8), tag % 8];
    if (type === VARINT) number();
    else {
      const length = type === BYTES ? number() : type === FIXED64 ? 8 : type === FIXED32 ? 4 : Infinity;
      if (at + length > message.length) throw new RangeError("it is no ONNX model");
      if (type === BYTES && field === wanted) found.push(message.subarray(at, at + length));
      at += length;
    }
  }
  return found;
}
