import * as tf from "@tensorflow/tfjs";
import type { EngineModule } from "../../pipeline/engine/engine.ts";
import { updateRule as adamRule } from "../../pipeline/engine/update/optimisers/adam.ts";
import { updateRule as sgdRule } from "../../pipeline/engine/update/optimisers/sgd.ts";
import type { UpdateRule } from "../../pipeline/engine/update/rule.ts";
import { randomStream } from "../../pipeline/base/random.ts";
import { adam, batches } from "../case.ts";
import { benchModel } from "../models.ts";
import type { Configuration, Tensors, Trainer } from "./serve.ts";

/** An engine of Reparam's as a contestant, through the interface that the train stage uses. */
export async function trainerOf(
  open: EngineModule["open"],
  { model, batch, density, learningRate }: Configuration,
  data: Tensors,
): Promise<Trainer> {
  await tf.setBackend("cpu");
  const { variables, inputs: { x: whole, noise }, step } = benchModel(model, batch);
  const inputs = { x: { ...whole, density }, noise }; // as the train stage says it of its data
  const begin = performance.now();
  const engine = await open();
  const parameters = engine.parameters(variables, {
    rule: adamRule({ name: "adam", ...adam }),
    weightDecay: 0,
  });
  const { shape } = inputs["x"];
  // The four batches lie where the engine wants them, a byte for each number, as a dataset does.
  const examples = { bytes: Uint8Array.from(data["x"]!.data), scale: 1 };
  const training = engine.compileStep({
    parameters,
    inputs: { ...inputs, x: { ...inputs.x, examples } },
    step,
  });
  const compileMs = performance.now() - begin;
  const random = randomStream(3, "noise");

  return {
    version: engine.version,
    compileMs,
    train(steps) {
      for (let i = 0; i < steps; i++) {
        const first = (i % batches) * shape[0]!;
        training.inputs["x"]!.forEach((_, row, rows) => rows[row] = first + row);
        random.fillNormal(training.inputs["noise"]!);
        training.enqueue(learningRate);
        if (!training.isDeferred) training.collect();
      }
      for (const { loss } of training.collect()) {
        if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`);
      }
    },
    check(weights, batchX, noise) {
      const fresh = (rule: UpdateRule) => {
        const parameters = engine.parameters(variables, { rule, weightDecay: 0 });
        for (const name of parameters.names) parameters.set(name, weights[name]!.data);
        const training = engine.compileStep({ parameters, inputs, step });
        training.inputs["x"]!.set(batchX);
        training.inputs["noise"]!.set(noise);
        return { parameters, training };
      };
      // The interface shows no gradients: a plain SGD step of size 1 moves each weight by its own.
      const descent = fresh(sgdRule({ name: "sgd", momentum: 0 }));
      descent.training.run(1);
      const gradients = Object.fromEntries(descent.parameters.names.map((name) => {
        const { shape, data: before } = weights[name]!;
        const after = descent.parameters.get(name);
        return [name, { shape, data: before.map((value, i) => value - after[i]!) }];
      }));
      const { training } = fresh(adamRule({ name: "adam", ...adam }));
      const losses = Array.from({ length: 4 }, () => training.run(learningRate)["loss"]!);
      return { gradients, losses };
    },
  };
}
