import { OPERATORS, sizeOf } from "./operators.js";

/**
 * A network in the page, as `pack.ts` writes it.
 *
 * @typedef {object} PackedNetwork
 * @property {[name: string, shape: (number | string)[]][]} inputs
 * @property {string[]} outputs
 * @property {[op: string, inputs: string[], outputs: string[], attributes?: object][]} nodes
 * @property {[name: string, shape: number[], values: number[] | number, float?: 1][]} tensors Few numbers as they are,
 *   whole ones where `float` does not say otherwise; of large float32 tensors the place of the first among the weights.
 * @property {string} weights Base64 of all float entries, as float16, one tensor after the other.
 */

/** Runs a network for inputs of fixed shapes. What depends on no input is computed once, here. */
export class Network {
  #inputs = new Map();
  #steps = [];
  #values = new Map();
  #outputs;

  /**
   * @param {PackedNetwork} packed
   * @param {number} batch what lengths that the caller chooses are
   */
  constructor(packed, batch = 1) {
    const weights = weightsOf(packed);
    const known = new Map(packed.tensors.map(([name, shape, values, float]) => [
      name,
      typeof values === "number"
        ? { shape, data: weights.subarray(values, values + sizeOf(shape)) }
        : { shape, data: float ? Float32Array.from(values) : Int32Array.from(values) },
    ]));
    for (const [name, sides] of packed.inputs) {
      const shape = sides.map((side) => typeof side === "number" ? side : batch);
      const tensor = { shape, data: new Float32Array(sizeOf(shape)) };
      this.#inputs.set(name, tensor);
      this.#values.set(name, tensor);
    }
    for (const [op, inputs, outputs, attributes = {}] of packed.nodes) {
      const operator = OPERATORS[op];
      if (inputs.every((name) => known.has(name)) || op === "Shape" && this.#inputs.has(inputs[0])) {
        const operands = inputs.map((name) => known.get(name) ?? this.#inputs.get(name));
        [operator(operands, attributes)].flat().forEach((result, i) => known.set(outputs[i], result));
      } else {
        this.#steps.push({ operator, inputs, outputs, attributes });
      }
    }
    for (const [name, tensor] of known) this.#values.set(name, tensor);
    this.#outputs = packed.outputs;
  }

  /** What the input is read from: fill it before `run`. @param {string} name */
  input(name) {
    return this.#inputs.get(name).data;
  }

  /** Computes all outputs; what it gives is its own until the next run. */
  run() {
    const values = this.#values;
    for (const { operator, inputs, outputs, attributes } of this.#steps) {
      const result = operator(inputs.map((name) => values.get(name)), attributes);
      if (outputs.length === 1) values.set(outputs[0], Array.isArray(result) ? result[0] : result);
      else result.forEach((tensor, i) => values.set(outputs[i], tensor));
    }
    return Object.fromEntries(this.#outputs.map((name) => [name, values.get(name).data]));
  }
}

/** A network's weights, unpacked once however many sizes of batch it is run for. */
const unpacked = new WeakMap();

/** @param {PackedNetwork} packed */
function weightsOf(packed) {
  if (!unpacked.has(packed)) unpacked.set(packed, fromFloat16(bytesOf(packed.weights)));
  return unpacked.get(packed);
}

/** @param {string} base64 */
export function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** @type {Float32Array | undefined} */
let table;

/** Numbers of 16 bits (IEEE 754 binary16), little-endian, as float32. @param {Uint8Array} bytes */
export function fromFloat16(bytes) {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
    const sign = bits >> 15 ? -1 : 1, exponent = bits >> 10 & 31, fraction = bits & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
  const result = new Float32Array(bytes.length / 2);
  for (let i = 0; i < result.length; i++) result[i] = table[bytes[2 * i] | bytes[2 * i + 1] << 8];
  return result;
}
