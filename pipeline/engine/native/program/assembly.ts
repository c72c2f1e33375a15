import { Graph } from "../../graph/graph.ts";
import type { Value } from "../../graph/value.ts";
import { buildModel } from "../../onnx/build.ts";
import { encodeModel } from "../../onnx/encode.ts";
import { type Binding, BoundCall, InferenceSession } from "../ort/session.ts";
import { assemble, type WasmFunction } from "../wasm/assembler.ts";
import { type Loop, loopFunction } from "./loop.ts";
import type { Invocation } from "./run.ts";
import { sparseFunction, type SparseLoop } from "./sparse_loop.ts";
import { isGivenConstant } from "./storage.ts";

/** The memory of an operand or a result of a call. */
export type Bytes = Uint8Array<ArrayBufferLike>;

/** Makes invocations over memories: equal loops are one function, equal calls one session of ONNX Runtime. */
export class Assembly {
  readonly #functions = new Map<string, WasmFunction>();
  readonly #sessions = new Map<string, InferenceSession>();
  readonly #calls: BoundCall[] = [];

  constructor(readonly memories: readonly WebAssembly.Memory[]) {}

  /** @param addresses bytes at which the loop's operands begin, then its results */
  loop(loop: Loop, addresses: readonly number[]): Invocation {
    return this.#invocation(loop, (name) => loopFunction(name, loop), addresses);
  }

  /** @param addresses bytes at which the matrix, the source and the target begin */
  sparse(loop: SparseLoop, addresses: readonly [number, number, number]): Invocation {
    return this.#invocation(loop, (name) => sparseFunction(name, loop), addresses);
  }

  #invocation(
    loop: Loop | SparseLoop,
    make: (name: string) => WasmFunction,
    addresses: readonly number[],
  ): Invocation {
    const key = keyOf(loop);
    let known = this.#functions.get(key);
    if (!known) this.#functions.set(key, known = make(`loop${this.#functions.size}`));
    return { loop: known.name, addresses };
  }

  /**
   * @param value an operator; its constants are told to the library once
   * @param operands where each of its other operands lies
   */
  call(value: Value, operands: ReadonlyMap<Value, Bytes>, result: Bytes): Invocation {
    const given = [...operands.keys()];
    const inputs = given.map((operand, i) => bind(`x${i}`, operand, operands.get(operand)!));
    const call = new BoundCall(this.#session(value, given), inputs, [bind("y", value, result)]);
    this.#calls.push(call);
    return { call: call.addresses() };
  }

  #session(value: Value, given: readonly Value[]): InferenceSession {
    const key = JSON.stringify([
      value.op,
      value.attributes,
      value.shape,
      value.operands.map((operand) =>
        isGivenConstant(operand) ? operand.id : [operand.shape, operand.dtype, given.indexOf(operand)]
      ),
    ]);
    let session = this.#sessions.get(key);
    if (!session) {
      const graph = new Graph();
      const inputs = given.map((operand, i) => graph.input(`x${i}`, operand.shape, operand.dtype));
      const operands = value.operands.map((operand) =>
        isGivenConstant(operand) ? graph.adopt(operand) : inputs[given.indexOf(operand)]!
      );
      const y = graph.node(value.op, operands, value.shape, value.dtype, value.attributes);
      session = new InferenceSession(encodeModel(buildModel(graph, { y })), { threads: 1, nodes: 1 });
      this.#sessions.set(key, session);
    }
    return session;
  }

  /** The functions of all loops so far. */
  module(): WebAssembly.Module {
    return new WebAssembly.Module(assemble([...this.#functions.values()], this.memories));
  }

  dispose(): void {
    for (const call of this.#calls) call.dispose();
    for (const session of this.#sessions.values()) session.dispose();
  }
}

function bind(name: string, { shape, dtype }: Value, data: Bytes): Binding {
  return { name, shape, dtype, data: data as Uint8Array<ArrayBuffer> };
}

/** Equal for equal loops only; JSON alone has no -0, NaN and infinity. */
function keyOf(loop: Loop | SparseLoop): string {
  const isOdd = (value: unknown) =>
    typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0));
  return JSON.stringify(loop, (_, value) => isOdd(value) ? `${1 / value} ${value}` : value);
}
