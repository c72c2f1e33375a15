import {
  checkScalars,
  divideStep,
  ExampleInputs,
  ImmediateStep,
  type Owned,
  trainedBy,
} from "../definition.ts";
import type { NamedTensors, StepDefinition } from "../engine.ts";
import { sizeOf } from "../../base/shape.ts";
import { withoutRandomness } from "../guard.ts";
import { tf } from "../tfjs.ts";
import type { VariableGroup } from "../update/rule.ts";
import { Inputs } from "./inputs.ts";
import { PortableParameters } from "./parameters.ts";
import { PortableUpdate } from "./update.ts";

/** A training step that is called anew, with its gradients, at every run. */
export class PortableStep extends ImmediateStep {
  override readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly #definition: StepDefinition;
  readonly #owner: Owned;
  readonly #parameters: PortableParameters;
  readonly #parts: 1 | 2;
  /** The inputs' shapes in one part of the batch. */
  readonly #shapes: Readonly<Record<string, number[]>>;
  readonly #memory: Inputs;
  readonly #update: PortableUpdate;
  readonly #examples: ExampleInputs;

  constructor(definition: StepDefinition, owner: Owned) {
    super();
    this.#owner = owner;
    this.#definition = definition;
    this.#parameters = PortableParameters.of(definition.parameters);
    ({ parts: this.#parts, shapes: this.#shapes } = divideStep(definition));
    this.#memory = new Inputs(
      Object.fromEntries(Object.entries(definition.inputs).map(([name, { shape }]) => [name, shape])),
    );
    this.#examples = new ExampleInputs(definition, this.#memory.views);
    this.inputs = this.#examples.inputs;
    this.#update = new PortableUpdate(this.#parameters, trainedBy(definition), this.#parts);
  }

  override run(learningRate: number): Record<string, number> {
    this.#memory.assertAlive();
    this.#examples.gather();
    this.#parameters.load();
    const sums: Record<string, number> = {};
    const gradients = new Map<string, Float32Array[]>();
    for (let part = 0; part < this.#parts; part++) {
      for (const [name, value] of Object.entries(this.#runPart(part, gradients))) {
        sums[name] = (sums[name] ?? 0) + value / this.#parts;
      }
    }
    this.#update.run(learningRate, gradients);
    return sums;
  }

  /** Adds the part's gradients to those of the parts before, and returns its scalars. */
  #runPart(part: number, gradients: Map<string, Float32Array[]>): Record<string, number> {
    const { groups } = this.#parameters;
    return Object.assign({}, ...groups.map((group) => this.#runGroup(part, group, gradients)));
  }

  #runGroup(
    part: number,
    { loss, variables }: VariableGroup,
    gradients: Map<string, Float32Array[]>,
  ): Record<string, number> {
    return tf.tidy(() => {
      const inputs: NamedTensors = {};
      for (const [name, shape] of Object.entries(this.#shapes)) {
        const start = this.#definition.inputs[name]!.batched ? part * sizeOf(shape) : 0;
        inputs[name] = tf.tensor(this.#memory.views[name]!.slice(start, start + sizeOf(shape)), shape);
      }
      let scalars: NamedTensors = {};
      const { grads } = tf.variableGrads(() => {
        const results = withoutRandomness(() => this.#definition.step(inputs));
        checkScalars(results, this.#parameters.groups);
        // Otherwise the tape's own scope disposes of everything but the loss.
        scalars = Object.fromEntries(
          Object.entries(results).map(([name, tensor]) => [name, tf.keep(tensor)]),
        );
        return results[loss]!;
      }, this.#parameters.variables.filter(({ name }) => variables.includes(name)));
      for (const [name, gradient] of Object.entries(grads)) {
        if (gradient === null) continue; // the loss does not reach the variable
        gradients.set(name, [...gradients.get(name) ?? [], gradient.dataSync<"float32">().slice()]);
      }
      return Object.fromEntries(
        Object.entries(scalars).map(([name, tensor]) => {
          const value = tensor.dataSync()[0]!;
          tensor.dispose();
          return [name, value];
        }),
      );
    });
  }

  override dispose(): void {
    this.#owner.delete(this);
    this.#memory.dispose();
  }
}
