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
import { Arena } from "./arena.ts";
import { NativeFunction } from "./function.ts";
import { openLibrary } from "./ort/library.ts";
import { NativeStep } from "./step.ts";
import { secondThread } from "./thread/second_thread.ts";

/**
 * The engine that traces a step, forward and backward, and compiles it into a program of WebAssembly loops and calls
 * of ONNX Runtime. Weights, gradients, inputs and outputs stay where they are, and nothing is copied.
 */
export class NativeEngine implements Engine {
  readonly name = "native";
  readonly version: string;
  readonly #thread = secondThread();
  readonly #owned = new Owned();

  /** Throws where the library does not load. */
  constructor() {
    this.version = `tfjs ${tf.version.tfjs} in ONNX Runtime ${openLibrary().version}`;
  }

  parameters(variables: readonly tf.Variable[], optimiser?: Optimiser): Parameters {
    return this.#owned.add(new Arena(variables, optimiser));
  }

  compileStep(definition: StepDefinition): TrainingStep {
    return this.#owned.add(new NativeStep(definition, this.#thread, this.#owned));
  }

  compileFunction(definition: FunctionDefinition): CompiledFunction {
    return this.#owned.add(new NativeFunction(definition, this.#owned));
  }

  /** Whether trainings have their second thread by now: it changes no byte. */
  get usesSecondThread(): boolean {
    return this.#thread.ready;
  }

  examplesAtOnce(enough: number): number {
    return enough;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
