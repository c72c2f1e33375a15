import { UserError } from "../../base/errors.ts";
import type { Engine } from "../engine.ts";
import { NativeEngine } from "./engine.ts";
import { openPortableEngine } from "../portable/engine.ts";
import { tf } from "../tfjs.ts";

/**
 * Opens the engine of that name.
 *
 * @throws {UserError} where the native one does not load or fails its self-test
 */
export async function openEngine(name: Engine["name"]): Promise<Engine> {
  if (name === "portable") return openPortableEngine();
  try {
    return await openNativeEngine();
  } catch (error) {
    throw new UserError(`Cannot use the native engine: ${(error as Error).message}`, {
      notes: ["`--engine portable` is slower and needs nothing native."],
      cause: error,
    });
  }
}

async function openNativeEngine(): Promise<Engine> {
  await tf.setBackend("cpu");
  const engine = new NativeEngine();
  selfTest(engine);
  return engine;
}

/** One step whose result is known: the loss (3 w)^2 at w = 2 is 36, its slope 36, and 2 - 36/8 = -2.5. */
function selfTest(engine: Engine): void {
  const variable = tf.variable(tf.tensor1d([2]));
  const parameters = engine.parameters([variable]);
  const step = engine.compileStep({
    parameters,
    inputs: { x: { shape: [2, 1], batched: true } },
    step: ({ x }) => ({ loss: tf.mean(tf.square(tf.mul(x!, variable))) as tf.Scalar }),
    optimiser: { name: "sgd", momentum: 0, weightDecay: 0 },
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
