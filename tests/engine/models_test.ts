import assert from "node:assert/strict";
import { type BackendName, DEFAULT_BACKEND } from "../../pipeline/engine/backends.ts";
import { tf } from "../../pipeline/engine/tfjs.ts";
import { openEngine, optimiser, testEngine } from "./engines.ts";
import { fillInputs, SMALL_MODELS, smallModel, type SmallModelName } from "./small_models.ts";

const ADAM = optimiser({ name: "adam", epsilon: 1e-6, weightDecay: 1e-3, clipNorm: 5 });
const STEPS = 50;

async function train(engineName: BackendName, model: SmallModelName, parts?: 1) {
  const engine = await openEngine(engineName);
  const { variables, definition } = smallModel(model, 6);
  const parameters = engine.parameters(variables, ADAM);
  const step = engine.compileStep({ parameters, ...definition, ...(parts ? { parts } : {}) });
  for (let i = 0; i < STEPS; i++) {
    fillInputs(step.inputs, i);
    step.enqueue(0.005);
  }
  const losses = step.collect();
  const weights = parameters.names.map((name) => parameters.get(name));
  engine.dispose();
  tf.dispose(variables);
  return { losses, weights };
}

/** @param parts as the other engine does it: statistics of a batch are not those of its halves */
function agrees(other: BackendName, model: SmallModelName, tolerance: number, parts?: 1) {
  testEngine(
    other,
    `${STEPS} steps of a ${model} autoencoder are the same in the ${other} engine, up to rounding`,
    async () => {
      const native = await train(DEFAULT_BACKEND, model, parts), found = await train(other, model, parts);
      assert.ok(native.losses.at(-1)!.loss! < native.losses[0]!.loss! - 1);
      native.losses.forEach((scalars, i) => {
        for (const [name, value] of Object.entries(scalars)) {
          const own = found.losses[i]![name]!;
          assert.ok(
            Math.abs(value - own) < tolerance * Math.max(1, Math.abs(own)),
            `step ${i}, ${name}: ${value}, ${own}`,
          );
        }
      });
      native.weights.forEach((weight, i) =>
        weight.forEach((value, j) =>
          assert.ok(Math.abs(value - found.weights[i]![j]!) < 2e-3, `weight ${i}[${j}]`)
        )
      );
    },
  );
}

for (const model of SMALL_MODELS) {
  agrees("portable", model, 1e-3);
  // Zeros are the native engine's to skip; without that the sparse network is a dense one, and a large one.
  if (model !== "sparse") agrees("webgpu", model, 1e-4, 1);
}
