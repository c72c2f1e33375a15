import * as tf from "@tensorflow/tfjs";
import { open } from "../../pipeline/engine/native/open.ts";
import { updateRule as adamRule } from "../../pipeline/engine/update/optimisers/adam.ts";
import { updateRule as sgdRule } from "../../pipeline/engine/update/optimisers/sgd.ts";
import type { UpdateRule } from "../../pipeline/engine/update/rule.ts";
import { randomStream } from "../../pipeline/base/random.ts";
import { adam, batches } from "../case.ts";
import { benchModel } from "../models.ts";
import { type Configuration, serve, type Tensors, type Trainer } from "./serve.ts";

/** Reparam's native engine as a contestant, through the interface that the train stage uses. */
async function make({ model, batch, density, learningRate }: Configuration, data: Tensors): Promise<Trainer> {
  await tf.setBackend("cpu");
  const { variables, inputs: { x: examples, noise }, step } = benchModel(model, batch);
  const inputs = { x: { ...examples, density }, noise }; // as the train stage says it of its data
  const begin = performance.now();
  const engine = await open();
  const parameters = engine.parameters(variables, {
    rule: adamRule({ name: "adam", ...adam }),
    weightDecay: 0,
  });
  const training = engine.compileStep({ parameters, inputs, step });
  const compileMs = performance.now() - begin;
  const x = data["x"]!.data;
  const size = training.inputs["x"]!.length;
  const random = randomStream(3, "noise");

  return {
    version: engine.version,
    compileMs,
    train(steps) {
      for (let i = 0; i < steps; i++) {
        const first = (i % batches) * size;
        training.inputs["x"]!.set(x.subarray(first, first + size));
        random.fillNormal(training.inputs["noise"]!);
        training.run(learningRate);
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

await serve(make);
