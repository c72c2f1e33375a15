import { createHash } from "node:crypto";
import { NativeEngine } from "../../../pipeline/engine/native/engine.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { optimiser } from "../engines.ts";
import { fillInputs, smallModel, type SmallModelName } from "../small_models.ts";

/**
 * Trains each model in 1 part and in 2, and prints a line for each training: the digest of all losses and weights, and
 * whether a second thread took part (`two threads`):
 *
 *     deno run -A train_digest.ts MODEL...
 */
await tf.setBackend("cpu");
for (const model of Deno.args) {
  for (const parts of [1, 2] as const) console.log(await train(model as SmallModelName, parts));
}

async function train(model: SmallModelName, parts: 1 | 2): Promise<string> {
  const engine = new NativeEngine();
  const { variables, definition } = smallModel(model, 32);
  const parameters = engine.parameters(
    variables,
    optimiser({ name: "adam", weightDecay: 0.01, clipNorm: 10 }),
  );
  const step = engine.compileStep({ parameters, ...definition, parts });
  const hash = createHash("sha256");
  for (let i = 0; i < 48; i++) {
    fillInputs(step.inputs, i);
    hash.update(JSON.stringify(step.run(0.003)));
    // The second half of the training has its second thread, if there is to be one: that needs a tenth of a second.
    if (i === 23) await new Promise((resolve) => setTimeout(resolve, 120));
    while (i === 24 && navigator.hardwareConcurrency > 1 && !engine.usesSecondThread) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  for (const name of parameters.names) hash.update(parameters.get(name));
  const threads = engine.usesSecondThread ? "two threads" : "one thread";
  engine.dispose();
  variables.forEach((variable) => variable.dispose());
  return `${hash.digest("hex")} ${threads}`;
}
