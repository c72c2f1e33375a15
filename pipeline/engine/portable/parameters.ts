import type { Parameters } from "../engine.ts";
import { ParameterStore } from "../parameters.ts";
import { tf } from "../tfjs.ts";
import type { Optimiser } from "../update/rule.ts";

/** Weights and what the optimiser keeps of them, as arrays of their own. */
export class PortableParameters extends ParameterStore {
  readonly #arrays: ReadonlyMap<string, Readonly<Record<string, Float32Array>>>;

  constructor(variables: readonly tf.Variable[], optimiser: Optimiser | undefined) {
    super(variables, optimiser);
    this.#arrays = new Map(variables.map(({ name, size }) => [
      name,
      Object.fromEntries(this.sections.map((section) => [section, new Float32Array(size)])),
    ]));
    for (const variable of variables) this.write("values", variable.name, variable.dataSync<"float32">());
  }

  /** The engine's own parameters. */
  static of(parameters: Parameters): PortableParameters {
    if (!(parameters instanceof PortableParameters)) {
      throw new TypeError("Cannot compile: these parameters are not this engine's");
    }
    parameters.assertAlive();
    return parameters;
  }

  /** The entries themselves, for the update to change. */
  entries(section: string, name: string): Float32Array {
    return this.#arrays.get(name)![section]!;
  }

  /** Copies the values into the tfjs variables, which steps and functions read. */
  load(): void {
    this.assertAlive();
    tf.tidy(() => {
      for (const variable of this.variables) {
        variable.assign(tf.tensor(this.get(variable.name), variable.shape));
      }
    });
  }

  protected override read(section: string, name: string): Float32Array {
    return this.entries(section, name).slice();
  }

  protected override write(section: string, name: string, entries: Float32Array): void {
    this.entries(section, name).set(entries);
  }
}
