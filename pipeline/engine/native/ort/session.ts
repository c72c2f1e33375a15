import { BYTES, type DType } from "../../graph/value.ts";
import { sizeOf } from "../../../base/shape.ts";
import { ELEMENT_TYPES } from "../../onnx/model.ts";
import { type CallAddresses, cString, openLibrary, runAt } from "./library.ts";

/** How a session is to run. */
export interface InferenceSessionOptions {
  readonly threads: 1 | 2;
  /** Nodes of the graph: very large ones cost too much memory with a plan of all allocations. */
  readonly nodes: number;
}

/** A tensor's name in the graph, its shape and the memory that it reads or writes in place. */
export interface Binding {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: Float32Array | Uint8Array;
}

/** Severity from which the library writes to stderr: 3, errors. Its warnings are advice to the developer. */
const LOG_LEVEL = 3;
/** Nodes up to which the library plans all allocations ahead: beyond, the plan costs more memory than it saves. */
const MEMORY_PATTERN_NODES = 6000;
/** Microseconds for which a thread looks for work before it sleeps: longer costs more than waking it up does. */
const LOOKING = 20;

let environment: { env: Deno.PointerObject; memory: Deno.PointerObject } | undefined;

/** The library's environment, one per process, as it asks for. */
function openEnvironment() {
  const { api, check } = openLibrary();
  return environment ??= {
    env: result((out) => check(api.CreateEnv(LOG_LEVEL, cString("reparam"), out))),
    memory: result((out) => check(api.CreateCpuMemoryInfo(1, 0, out))),
  };
}

/** The pointer that a C function writes through its last parameter. */
function result(call: (out: BigUint64Array<ArrayBuffer>) => void): Deno.PointerObject {
  const out = new BigUint64Array(1);
  call(out);
  return Deno.UnsafePointer.create(out[0]!)!;
}

/** A graph that is ready to run. Bound calls of it must be disposed of before it is. */
export class InferenceSession {
  #pointer: Deno.PointerObject | undefined;

  constructor(model: Uint8Array<ArrayBuffer>, { threads, nodes }: InferenceSessionOptions) {
    const { api, check } = openLibrary();
    const { env } = openEnvironment();
    const options = result((out) => check(api.CreateSessionOptions(out)));
    try {
      check(api.SetIntraOpNumThreads(options, threads));
      check(api.SetInterOpNumThreads(options, 1));
      // The tracer has done what the library's optimiser would do; on large graphs that one takes seconds.
      check(api.SetSessionGraphOptimizationLevel(options, 0));
      if (nodes > MEMORY_PATTERN_NODES) check(api.DisableMemPattern(options));
      // An idle pool that spins would steal the cores from the update between two runs.
      check(api.AddSessionConfigEntry(options, cString("session.force_spinning_stop"), cString("1")));
      // Nor do its threads get anything done that spin while another operation, or another process, has the cores.
      check(api.AddSessionConfigEntry(
        options,
        cString("session.intra_op.spin_duration_us"),
        cString(String(LOOKING)),
      ));
      this.#pointer = result((out) =>
        check(api.CreateSessionFromArray(env, model, BigInt(model.length), options, out))
      );
    } finally {
      api.ReleaseSessionOptions(options);
    }
  }

  get pointer(): Deno.PointerObject {
    if (this.#pointer === undefined) throw new Error("Cannot use a session after it was disposed of");
    return this.#pointer;
  }

  dispose(): void {
    if (this.#pointer !== undefined) openLibrary().api.ReleaseSession(this.#pointer);
    this.#pointer = undefined;
  }
}

/**
 * One run of a session over fixed memory. It holds on to everything that the library reads through pointers
 * (names, values, the tensors' memory), which must not be collected while a run is under way.
 */
export class BoundCall {
  readonly #values: bigint[] = [];
  readonly #keep: unknown[] = [];
  readonly #session: InferenceSession;
  readonly #inputNames: BigUint64Array<ArrayBuffer>;
  readonly #inputs: BigUint64Array<ArrayBuffer>;
  readonly #outputNames: BigUint64Array<ArrayBuffer>;
  readonly #outputs: BigUint64Array<ArrayBuffer>;
  #disposed = false;

  constructor(session: InferenceSession, inputs: readonly Binding[], outputs: readonly Binding[]) {
    this.#session = session;
    this.#inputNames = this.#names(inputs);
    this.#inputs = this.#tensors(inputs);
    this.#outputNames = this.#names(outputs);
    this.#outputs = this.#tensors(outputs);
  }

  #names(bindings: readonly Binding[]): BigUint64Array<ArrayBuffer> {
    const names = bindings.map(({ name }) => cString(name));
    this.#keep.push(names);
    return BigUint64Array.from(names, address);
  }

  #tensors(bindings: readonly Binding[]): BigUint64Array<ArrayBuffer> {
    const { api, check } = openLibrary();
    const { memory } = openEnvironment();
    return BigUint64Array.from(bindings, ({ name, shape, dtype, data }) => {
      const size = sizeOf(shape);
      if (data.byteLength !== size * BYTES[dtype]) {
        throw new RangeError(
          `Cannot bind "${name}": [${shape}] needs ${size} values, its memory has ${
            data.byteLength / BYTES[dtype]
          }`,
        );
      }
      const dimensions = BigInt64Array.from(shape, BigInt);
      const value = Deno.UnsafePointer.value(result((out) =>
        check(api.CreateTensorWithDataAsOrtValue(
          memory,
          data as Uint8Array<ArrayBuffer>,
          BigInt(data.byteLength),
          dimensions,
          BigInt(shape.length),
          ELEMENT_TYPES[dtype],
          out,
        ))
      ));
      this.#values.push(BigInt(value));
      this.#keep.push(data);
      return BigInt(value);
    });
  }

  run(): void {
    runAt(this.addresses());
  }

  /** The call's arguments as numbers, for another thread of this process to make it with `runAt`. */
  addresses(): CallAddresses {
    if (this.#disposed) throw new Error("Cannot run a call after it was disposed of");
    return [
      BigInt(Deno.UnsafePointer.value(this.#session.pointer)),
      0n, // no options of this run alone
      address(this.#inputNames),
      address(this.#inputs),
      BigInt(this.#inputs.length),
      address(this.#outputNames),
      BigInt(this.#outputs.length),
      address(this.#outputs),
    ];
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const { api } = openLibrary();
    for (const value of this.#values) api.ReleaseValue(Deno.UnsafePointer.create(value));
  }
}

function address(view: Uint8Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>): bigint {
  return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(view)));
}
