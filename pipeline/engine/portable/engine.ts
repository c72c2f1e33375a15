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
import { PortableFunction } from "./function.ts";
import { PortableParameters } from "./parameters.ts";
import { PortableStep } from "./step.ts";

/** The engine that needs no native library: every operation is run by tfjs as it is called. */
export class PortableEngine implements Engine {
  readonly name: string = "portable";
  readonly version: string;
  readonly #owned = new Owned();

  constructor(backend: string) {
    this.version = `tfjs ${tf.version.tfjs} ${backend}`;
  }

  parameters(variables: readonly tf.Variable[], optimiser?: Optimiser): Parameters {
    return this.#owned.add(new PortableParameters(variables, optimiser));
  }

  compileStep(definition: StepDefinition): TrainingStep {
    return this.#owned.add(new PortableStep(definition, this.#owned));
  }

  compileFunction(definition: FunctionDefinition): CompiledFunction {
    return this.#owned.add(new PortableFunction(definition, this.#owned));
  }

  examplesAtOnce(enough: number): number {
    return enough;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
