import { checkFunction, type Owned } from "../definition.ts";
import type { CompiledFunction, FunctionDefinition } from "../engine.ts";
import { sizeOf } from "../../base/shape.ts";
import { inputName, parameterName, traceFunction } from "../trace/trace.ts";
import { compileGraph, DispatchList, IN_PARAMETERS, IN_PROGRAM, placeTensors } from "./compile.ts";
import { type BufferNumber, STAGED_HEAD } from "./device/messages.ts";
import type { GpuThread } from "./device/thread.ts";
import { GpuParameters, refuseLarge } from "./parameters.ts";
import type { Profile } from "./profile.ts";
import { loadKernel } from "./wgsl/step.ts";

/** A function on the GPU. */
export class GpuFunction implements CompiledFunction {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly #owner: Owned;
  readonly #thread: GpuThread;
  readonly #parameters: GpuParameters;
  readonly #program: BufferNumber;
  readonly #given: Float32Array<SharedArrayBuffer>;
  readonly #results: Float32Array<SharedArrayBuffer>;
  readonly #resultsAt: number;
  readonly #named: Readonly<Record<string, Float32Array>>;
  #disposed = false;

  constructor(definition: FunctionDefinition, thread: GpuThread, profile: Profile, owner: Owned) {
    this.#owner = owner;
    this.#thread = thread;
    checkFunction(definition);
    const parameters = this.#parameters = GpuParameters.of(definition.parameters);
    const { graph, results } = traceFunction(parameters, definition.inputs, definition.fn);
    const values = graph.floats(results);
    const inputs = placeTensors(definition.inputs, 0);
    const outputs = placeTensors(
      Object.fromEntries(Object.entries(values).map(([name, { shape }]) => [name, shape])),
      inputs.end,
    );
    const list = new DispatchList();
    const load = loadKernel(
      [{ from: 0, to: 0, size: inputs.end / 4 }],
      [],
      inputs.end / 4,
      profile.width,
    );
    list.dispatchPerStep(load.code, load.groups, 1);
    const prefix = parameterName("");
    const { entries, constants } = compileGraph(
      list,
      graph,
      Object.values(values),
      {
        input: (name) =>
          name.startsWith(prefix)
            ? { memory: IN_PARAMETERS, address: parameters.at(name.slice(prefix.length)) * 4, stride: 0 }
            : { memory: IN_PROGRAM, address: inputs.places[name.slice(inputName("").length)]!, stride: 0 },
        outputs: Object.keys(values).map((name) => ({
          memory: IN_PROGRAM,
          address: outputs.places[name]!,
          stride: 0,
        })),
      },
      1,
      outputs.end,
      profile,
    );
    refuseLarge(entries * 4, thread.adapter.largestBuffer, "the function's tensors");
    this.#program = thread.program({
      ...list.finish(),
      entries,
      constants,
      parameters: parameters.buffer,
      staged: inputs.end / 4,
      results: 1,
      mostSteps: 1,
      mostResults: 1,
      examples: undefined,
    });
    this.#given = new Float32Array(new SharedArrayBuffer(STAGED_HEAD * 4 + inputs.end));
    this.#resultsAt = inputs.end / 4;
    this.#results = new Float32Array(new SharedArrayBuffer(outputs.end - inputs.end));
    const view = (whole: Float32Array, at: number, shape: readonly number[]) =>
      whole.subarray(at, at + sizeOf(shape));
    this.inputs = Object.freeze(Object.fromEntries(
      Object.entries(definition.inputs).map((
        [name, shape],
      ) => [name, view(this.#given, STAGED_HEAD + inputs.places[name]! / 4, shape)]),
    ));
    this.#named = Object.fromEntries(
      Object.entries(values).map((
        [name, { shape }],
      ) => [name, view(this.#results, outputs.places[name]! / 4 - this.#resultsAt, shape)]),
    );
  }

  run(): Readonly<Record<string, Float32Array>> {
    if (this.#disposed) throw new Error("Cannot run a program after it was disposed of");
    this.#parameters.assertAlive();
    this.#parameters.settle();
    this.#thread.call(this.#program, this.#given, this.#resultsAt, this.#results);
    return this.#named;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#owner.delete(this);
    this.#thread.release(this.#program);
  }
}
