import { checkFunction, type Owned } from "../definition.ts";
import type { CompiledFunction, FunctionDefinition } from "../engine.ts";
import { withoutRandomness } from "../guard.ts";
import { tf } from "../tfjs.ts";
import { Inputs } from "./inputs.ts";
import { PortableParameters } from "./parameters.ts";

/** A function that is called anew at every run. */
export class PortableFunction implements CompiledFunction {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly #definition: FunctionDefinition;
  readonly #owner: Owned;
  readonly #parameters: PortableParameters;
  readonly #memory: Inputs;

  constructor(definition: FunctionDefinition, owner: Owned) {
    this.#owner = owner;
    checkFunction(definition);
    this.#definition = definition;
    this.#parameters = PortableParameters.of(definition.parameters);
    this.#memory = new Inputs(definition.inputs);
    this.inputs = this.#memory.views;
  }

  run(): Record<string, Float32Array> {
    this.#memory.assertAlive();
    this.#parameters.load();
    // Not what `tidy` returns: it would look for tensors among all the entries of the arrays.
    let results: Record<string, Float32Array> = {};
    tf.tidy(() => {
      const inputs = Object.fromEntries(
        Object.entries(this.#definition.inputs).map((
          [name, shape],
        ) => [name, tf.tensor(this.inputs[name]!.slice(), [...shape])]),
      );
      const outputs = withoutRandomness(() => this.#definition.fn(inputs));
      results = Object.fromEntries(
        Object.entries(outputs).map(([name, tensor]) => [name, Float32Array.from(tensor.dataSync())]),
      );
    });
    return results;
  }

  dispose(): void {
    this.#owner.delete(this);
    this.#memory.dispose();
  }
}
