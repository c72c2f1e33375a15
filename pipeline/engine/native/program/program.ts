import type { Assembly } from "./assembly.ts";
import { bindToThread, type Phase, type Runnable } from "./run.ts";

/** Phases of invocations, ready to run. */
export class Program {
  readonly module: WebAssembly.Module;
  readonly memories: readonly WebAssembly.Memory[];
  /** What each thread does in each phase, bound to the main thread, which may have to do both. */
  readonly runnable: readonly (readonly [Runnable, Runnable])[];
  readonly #assembly: Assembly;

  /** Takes over what the assembly has made. */
  constructor(assembly: Assembly, readonly phases: readonly Phase[]) {
    this.#assembly = assembly;
    this.memories = assembly.memories;
    this.module = assembly.module();
    const lists = bindToThread(phases.flat(), this.module, this.memories);
    this.runnable = phases.map((_, i) => [lists[2 * i]!, lists[2 * i + 1]!]);
  }

  dispose(): void {
    this.#assembly.dispose();
  }
}
