import { UserError } from "../../base/errors.ts";
import type { Engine } from "../engine.ts";
import { tf } from "../tfjs.ts";
import type { UpdateRule } from "../update/rule.ts";
import { NativeEngine } from "./engine.ts";

/**
 * Opens the native engine.
 *
 * @throws {UserError} where its library does not load or its self-test fails
 */
export async function open(): Promise<Engine> {
  try {
    await tf.setBackend("cpu");
    const engine = new NativeEngine();
    selfTest(engine);
    return engine;
  } catch (error) {
    throw new UserError(`Cannot use the native engine: ${(error as Error).message}`, {
      notes: ["`--engine portable` is slower and needs nothing native."],
      cause: error,
    });
  }
}

/** Gradient descent and nothing else, so that what opens the engine is no optimiser's code. */
const DESCENT: UpdateRule = {
  name: "descent",
  slots: [],
  highLearningRate: Infinity,
  numbers: ({ learningRate }) => ({ stepSize: learningRate }),
  update: (build, { value, gradient, numbers }) => ({
    value: build.subtract(value, build.multiply(gradient, numbers.stepSize!)),
    slots: {},
  }),
};

/** One step whose result is known: the loss (3 w)^2 at w = 2 is 36, its slope 36, and 2 - 36/8 = -2.5. */
function selfTest(engine: Engine): void {
  const variable = tf.variable(tf.tensor1d([2]));
  const parameters = engine.parameters([variable], { rule: DESCENT, weightDecay: 0 });
  const step = engine.compileStep({
    parameters,
    inputs: { x: { shape: [2, 1], batched: true } },
    step: ({ x }) => ({ loss: tf.mean(tf.square(tf.mul(x!, variable))) as tf.Scalar }),
  });
  step.inputs.x!.fill(3);
  const { loss } = step.run(1 / 8);
  const [weight] = parameters.get(variable.name);
  step.dispose();
  variable.dispose();
  if (loss !== 36 || weight !== -2.5) {
    throw new Error(`its self-test gave ${loss} and ${weight}, not 36 and -2.5`);
  }
}
