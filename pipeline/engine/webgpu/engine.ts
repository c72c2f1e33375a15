import { Owned } from "../definition.ts";
import type {
  CompiledFunction,
  Engine,
  FunctionDefinition,
  Parameters,
  StepDefinition,
  TrainingStep,
} from "../engine.ts";
import { tf } from "../tfjs.ts";
import type { Optimiser } from "../update/rule.ts";
import type { GpuThread } from "./device/thread.ts";
import { GpuFunction } from "./function.ts";
import { GpuParameters } from "./parameters.ts";
import { HARDWARE, type Profile, SOFTWARE } from "./profile.ts";
import { GpuStep } from "./step.ts";

/** How many times as many examples as others take a function takes at most, and numbers of all of them. */
const MOST_TIMES = 16, MOST_VALUES = 2 ** 22;

/**
 * The engine that traces a step, forward and backward, and compiles it into WGSL kernels, which run on the GPU many
 * steps to a submission. Weights and what a step computes stay there.
 */
export class GpuEngine implements Engine {
  readonly name = "webgpu";
  readonly version: string;
  readonly #thread: GpuThread;
  readonly #profile: Profile;
  readonly #owned = new Owned();

  /** @param profile what kernels are made for: what the adapter is */
  constructor(thread: GpuThread, profile: Profile = thread.adapter.isSoftware ? SOFTWARE : HARDWARE) {
    this.#thread = thread;
    this.version = `tfjs ${tf.version.tfjs} in WebGPU on ${thread.adapter.name}`;
    this.#profile = profile;
  }

  parameters(variables: readonly tf.Variable[], optimiser?: Optimiser): Parameters {
    return this.#owned.add(new GpuParameters(variables, optimiser, this.#thread));
  }

  compileStep(definition: StepDefinition): TrainingStep {
    return this.#owned.add(new GpuStep(definition, this.#thread, this.#profile, this.#owned));
  }

  compileFunction(definition: FunctionDefinition): CompiledFunction {
    return this.#owned.add(new GpuFunction(definition, this.#thread, this.#profile, this.#owned));
  }

  /** Each call waits for an answer, so calls are few and large; a software adapter gains nothing by that. */
  examplesAtOnce(enough: number, values: number): number {
    if (this.#thread.adapter.isSoftware) return enough;
    return enough * Math.max(1, Math.min(MOST_TIMES, Math.floor(MOST_VALUES / (enough * values))));
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
