import { sizeOf } from "../../base/shape.ts";
import { Graph } from "../graph/graph.ts";
import type { DType, Value } from "../graph/value.ts";
import { tf } from "../tfjs.ts";

/** The name of this backend for tfjs. */
export const BACKEND = "trace";

/** What the backend keeps of a tfjs tensor. */
interface TensorRecord {
  value: Value;
  /** The graph that the value belongs to: ids mean nothing in another. */
  graph: Graph;
  references: number;
  /** Entries of a tensor that came from another backend, to go back there or into the next graph. */
  read?: (() => tf.backend_util.BackendValues) | undefined;
}

/** What stands for a variable in the graph, and its present values for eager use outside. */
export interface Parameter {
  readonly value: Value;
  readonly read: () => Float32Array;
}

/** A tfjs backend whose tensors are values of a graph: its kernels record what they are asked to compute. */
class TraceBackend extends tf.KernelBackend {
  /** The graph under construction. */
  graph = new Graph();
  /** What stands for a variable, by its data id. Its values are an engine's: tfjs's own copy is let go. */
  readonly parameters = new Map<object, Parameter>();
  readonly #records = new tf.DataStorage<TensorRecord>(this, tf.engine());

  /** The tfjs tensor of a value. */
  tensor(value: Value): tf.TensorInfo {
    const dataId = {};
    this.#records.set(dataId, { value, graph: this.graph, references: 1 });
    return { dataId, shape: [...value.shape], dtype: value.dtype as tf.DataType };
  }

  value({ dataId }: { dataId: object }): Value {
    const record = this.#records.get(dataId);
    if (record.graph !== this.graph) {
      // A variable or constant that an earlier trace brought here.
      const { read, value: { shape, dtype } } = record;
      if (!read) throw new Error("Cannot compile: a symbol of another compiled step is used");
      Object.assign(record, this.#enter(dataId, read, shape, dtype as tf.DataType));
    }
    return record.value;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    return this.tensor(this.#constant(values, shape, dtype)).dataId;
  }

  /** Called where a traced operation uses a tensor that was made outside of the trace. */
  override move(
    dataId: object,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    this.#records.set(dataId, { ...this.#enter(dataId, () => values, shape, dtype), references });
  }

  /** A parameter of the present graph, or else a constant. */
  #enter(
    dataId: object,
    read: () => tf.backend_util.BackendValues,
    shape: readonly number[],
    dtype: tf.DataType,
  ): Omit<TensorRecord, "references"> {
    const parameter = this.parameters.get(dataId) ?? { value: this.#constant(read(), shape, dtype), read };
    return { ...parameter, graph: this.graph };
  }

  #constant(values: tf.backend_util.BackendValues, shape: readonly number[], dtype: tf.DataType): Value {
    if (dtype !== "float32" && dtype !== "int32" && dtype !== "bool") {
      throw new TypeError(`Cannot compile: a constant has the type ${dtype}`);
    }
    return this.graph.constant(values as tf.TypedArray, shape, dtype as DType);
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const { read, value } = this.#records.get(dataId);
    if (read) return read();
    const length = sizeOf(value.shape);
    if (value.op === "Fill") return new Float32Array(length).fill(value.data![0]!);
    if (value.op === "Constant") return Float32Array.from(value.data!);
    throw new Error(
      "Cannot compile: the values of a tensor were read inside the step, where they are symbols",
    );
  }

  override read(dataId: object): Promise<tf.backend_util.BackendValues> {
    return Promise.resolve().then(() => this.readSync(dataId));
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.#records.has(dataId)) return true;
    const record = this.#records.get(dataId);
    record.references--;
    if (!force && record.references > 0) return false;
    this.#records.delete(dataId);
    return true;
  }

  override refCount(dataId: object): number {
    return this.#records.has(dataId) ? this.#records.get(dataId).references : 0;
  }

  override incRef(dataId: object): void {
    this.#records.get(dataId).references++;
  }

  override numDataIds(): number {
    return this.#records.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {}
}

/** The one instance, registered with tfjs. */
export const backend = new TraceBackend();
tf.registerBackend(BACKEND, () => backend, 0);

/**
 * Records what a kernel computes. Operands go by tfjs's names, or by their numbers where the kernel takes a list;
 * optional ones may be missing.
 */
// deno-lint-ignore no-explicit-any -- tfjs describes each kernel's attributes with a type of its own
export type Kernel<Attributes = any> = (
  graph: Graph,
  operands: { readonly [name: string]: Value },
  attributes: Attributes,
) => Value | readonly Value[];

/** Teaches the tracer a tfjs kernel. */
// deno-lint-ignore no-explicit-any -- as above
export function kernel<Attributes = any>(name: string, record: Kernel<Attributes>): void {
  tf.registerKernel({
    kernelName: name,
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      const operands: Record<string, Value> = {};
      for (const [key, tensor] of Object.entries(inputs)) {
        if (tensor) operands[key] = backend.value(tensor);
      }
      const result = record(backend.graph, operands, attrs as Attributes);
      return Array.isArray(result)
        ? result.map((value) => backend.tensor(value))
        : backend.tensor(result as Value);
    },
  });
}
