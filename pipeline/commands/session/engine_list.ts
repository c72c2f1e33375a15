import type { Backend } from "../../engine/backend.ts";
import { type BackendName, BACKENDS } from "../../engine/backends.ts";
import type { EngineModule } from "../../engine/engine.ts";
import type { UpdateRule } from "../../engine/update/rule.ts";

/** Pixels, units and examples of the step by which engines are compared, and milliseconds that it may take. */
const PIXELS = 784, UNITS = 500, BATCH = 128, PATIENCE_MS = 400;

/**
 * A line for each engine: what it computes on here, or why it cannot.
 *
 * @param measures whether to say how long a training step takes, which takes some seconds
 */
export async function engineList(measures: boolean): Promise<string[]> {
  const lines: string[] = [];
  for (const [name, backend] of Object.entries<Backend>(BACKENDS)) {
    const reason = await backend.usable();
    const what = reason === undefined
      ? await backend.device?.() ?? backend.description
      : `not here: ${reason}`;
    const speed = measures && reason === undefined ? `, ${await stepTime(name as BackendName)} a step` : "";
    lines.push(`${name}: ${what}${speed}`);
  }
  if (measures) {
    lines.push(`The step: an autoencoder of ${PIXELS}, ${UNITS} and ${PIXELS} units, ${BATCH} examples.`);
  }
  return lines;
}

/** Milliseconds of a step, in words. */
async function stepTime(name: BackendName): Promise<string> {
  const { tf } = await import("../../engine/tfjs.ts");
  const { open }: EngineModule = await import(BACKENDS[name].module.href);
  const engine = await open();
  const variable = (shape: [number, number]) => tf.variable(tf.fill(shape, 1e-3), true);
  const [encode, decode] = [variable([PIXELS, UNITS]), variable([UNITS, PIXELS])] as const;
  try {
    const step = engine.compileStep({
      parameters: engine.parameters([encode, decode], { rule: DESCENT, weightDecay: 0 }),
      inputs: { x: { shape: [BATCH, PIXELS], batched: true } },
      step: ({ x }) => ({
        loss: tf.mean(
          tf.square(tf.sub(tf.matMul(tf.tanh(tf.matMul(x as typeof encode, encode)), decode), x!)),
        ) as ReturnType<typeof tf.scalar>,
      }),
    });
    step.inputs.x!.fill(0.5);
    step.run(0); // compiles
    let best = Infinity;
    const end = performance.now() + PATIENCE_MS;
    for (let steps = 1; performance.now() < end; steps = Math.min(2 * steps, 256)) {
      const begin = performance.now();
      for (let i = 0; i < steps; i++) step.enqueue(0);
      step.collect();
      best = Math.min(best, (performance.now() - begin) / steps);
    }
    return `${Number(best.toPrecision(2))} ms`;
  } finally {
    engine.dispose();
    tf.dispose([encode, decode]);
  }
}

const DESCENT = {
  name: "descent",
  slots: [],
  highLearningRate: Infinity,
  numbers: ({ learningRate }: { readonly learningRate: number }) => ({ stepSize: learningRate }),
  update: (build, { value, gradient, numbers }) => ({
    value: build.subtract(value, build.multiply(gradient, numbers.stepSize!)),
    slots: {},
  }),
} satisfies UpdateRule;
