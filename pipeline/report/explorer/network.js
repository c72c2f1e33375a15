import { fromFloat16, inflated } from "./bytes.js";
import { OPERATORS } from "./operators.js";
import { sizeOf } from "./tensors.js";

/** @typedef {Omit<import("./pack.ts").PackedNetwork, "weights"> & { weights: Float32Array }} UnpackedNetwork */

/** Runs a network for inputs of fixed shapes. What depends on no input is computed once, here. */
export class Network {
  #inputs = new Map();
  #steps = [];
  #values = new Map();
  #outputs;

  /**
   * @param {UnpackedNetwork} packed
   * @param {number} batch what lengths that the caller chooses are
   */
  constructor(packed, batch = 1) {
    /** @type {Map<string, import("./tensors.js").Tensor>} */
    const known = new Map(packed.tensors.map(([name, shape, values, float]) => [
      name,
      typeof values === "number"
        ? { shape, data: packed.weights.subarray(values, values + sizeOf(shape)) }
        : { shape, data: float ? Float32Array.from(values, Number) : Int32Array.from(values, Number) },
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

  /** Whether it reads an input of this name. @param {string} name */
  reads(name) {
    return this.#inputs.has(name);
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

/** @param {import("./pack.ts").PackedNetwork} packed @returns {Promise<UnpackedNetwork>} */
export async function unpackNetwork(packed) {
  const planes = await inflated(packed.weights);
  const bytes = new Uint8Array(planes.length), count = planes.length / 2;
  for (let i = 0; i < count; i++) {
    bytes[2 * i] = planes[i];
    bytes[2 * i + 1] = planes[count + i];
  }
  return { ...packed, weights: fromFloat16(bytes) };
}
