import type { Shape } from "../../base/shape.ts";
import { checkScalars } from "../definition.ts";
import type { NamedTensors } from "../engine.ts";
import { withoutRandomness } from "../guard.ts";
import type { TracedVariables } from "./trace.ts";
import { tf } from "../tfjs.ts";

/** Calls a function once with zeros, computed by tfjs: where an operation has no symbol. */
export function callWithZeros(
  inputs: Readonly<Record<string, Shape>>,
  fn: (inputs: NamedTensors) => unknown,
): void {
  tf.tidy(() => {
    const zeros = Object.entries(inputs).map(([name, shape]) => [name, tf.zeros([...shape])]);
    withoutRandomness(() => fn(Object.fromEntries(zeros)));
  });
}

/** Calls a step once with zeros, its gradients included. */
export function stepWithZeros(
  { variables }: TracedVariables,
  inputs: Readonly<Record<string, Shape>>,
  step: (inputs: NamedTensors) => NamedTensors,
): void {
  callWithZeros(inputs, (zeros) => {
    tf.variableGrads(() => {
      const results = step(zeros);
      checkScalars(results, []);
      return results.loss!;
    }, [...variables]);
  });
}
