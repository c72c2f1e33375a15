import assert from "node:assert/strict";
import type { BackendName } from "../../pipeline/engine/backends.ts";
import { tf } from "../../pipeline/engine/tfjs.ts";
import { openEngine, optimiser } from "./engines.ts";
import { fillInputs, SMALL_MODELS, smallModel, type SmallModelName } from "./small_models.ts";

const ADAM = optimiser({ name: "adam", epsilon: 1e-6, weightDecay: 1e-3, clipNorm: 5 });

async function train(engineName: BackendName, model: SmallModelName, steps: number) {
  const engine = await openEngine(engineName);
  const { variables, definition } = smallModel(model, 6);
  const parameters = engine.parameters(variables, ADAM);
  const step = engine.compileStep({ parameters, ...definition });
  const losses = Array.from({ length: steps }, (_, i) => {
    fillInputs(step.inputs, i);
    return step.run(0.005);
  });
  const weights = parameters.names.map((name) => parameters.get(name));
  engine.dispose();
  tf.dispose(variables);
  return { losses, weights };
}

for (const model of SMALL_MODELS) {
  Deno.test(`50 steps of a ${model} autoencoder are the same in both engines, up to rounding`, async () => {
    const native = await train("native", model, 50), portable = await train("portable", model, 50);
    assert.ok(native.losses.at(-1)!.loss! < native.losses[0]!.loss! - 1);
    native.losses.forEach((scalars, i) => {
      for (const [name, value] of Object.entries(scalars)) {
        const other = portable.losses[i]![name]!;
        assert.ok(
          Math.abs(value - other) < 1e-3 * Math.max(1, Math.abs(other)),
          `step ${i}, ${name}: ${value}, ${other}`,
        );
      }
    });
    native.weights.forEach((weight, i) =>
      weight.forEach((value, j) =>
        assert.ok(Math.abs(value - portable.weights[i]![j]!) < 2e-3, `weight ${i}[${j}]`)
      )
    );
  });
}
