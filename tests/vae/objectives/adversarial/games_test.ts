import { assertGradients, normal, randomise, SMALL_MODELS, uniform, withVae } from "../../support.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { elboTerms, gameOf, trainingLoss } from "../../../../pipeline/vae/elbo.ts";
import { discriminatorLoss, standing } from "../../../../pipeline/vae/objectives/adversarial/losses.ts";
import type {
  Discriminator,
  ObjectiveBase,
  ObjectiveTerms,
} from "../../../../pipeline/vae/objectives/objective.ts";
import { playersOf } from "../../../../pipeline/stages/training/players.ts";
import type { ModelSpec } from "../../../../pipeline/spec/schema.ts";
import type { Vae } from "../../../../pipeline/vae/vae.ts";
import { assertNear } from "../../../support/assert_near.ts";
import { buildObjective, modulesOf } from "../../modules.ts";
import { GAMES } from "./games.ts";

const SHAPE = [6, 4];
const EXAMPLES = 5;
// Smooth, so that differences are derivatives, and one of the activations that the gradient penalty knows.
const smooth = (model: ModelSpec) =>
  JSON.parse(JSON.stringify(model).replaceAll(/"(tanh|elu)"/g, '"softplus"')) as ModelSpec;
const DENSE = smooth(SMALL_MODELS.dense!), CONV = smooth(SMALL_MODELS.conv!);

/** A model with a discriminator beside it, all with random values. */
function play(model: ModelSpec, spec: ObjectiveBase, body: (game: Played) => void): void {
  withVae(model, SHAPE, (vae) => {
    const objective = buildObjective(spec);
    const discriminator = objective.adversary!.createDiscriminator({
      seed: 3,
      model,
      inputShape: SHAPE,
      architecture: modulesOf(model).architecture,
    });
    randomise(vae);
    randomise(discriminator);
    const x = tf.tensor(uniform("examples", EXAMPLES * 24), [EXAMPLES, 24]);
    const noise = tf.tensor(normal("noise", EXAMPLES * vae.latentSize), [EXAMPLES, vae.latentSize]);
    const priorCodes = tf.tensor(normal("prior", EXAMPLES * vae.latentSize), [EXAMPLES, vae.latentSize]);
    const terms = (): ObjectiveTerms => {
      const ofElbo = elboTerms(vae, x, noise);
      const game = gameOf(vae, discriminator, { x, z: ofElbo.z, priorCodes });
      return { ...ofElbo, priorCodes, game, klWeight: tf.scalar(0.8), freeBits: 0, trainingExamples: 40 };
    };
    try {
      body({ vae, discriminator, x, priorCodes, terms, scalars: () => trainingLoss(objective, terms()) });
    } finally {
      tf.dispose([...discriminator.variables]);
    }
  });
}

interface Played {
  readonly vae: Vae;
  readonly discriminator: Discriminator;
  readonly x: tf.Tensor;
  readonly priorCodes: tf.Tensor;
  readonly terms: () => ObjectiveTerms;
  readonly scalars: () => ReturnType<typeof trainingLoss>;
}

for (const [name, spec] of Object.entries(GAMES)) {
  for (const [architecture, model] of Object.entries({ dense: DENSE, conv: CONV })) {
    Deno.test(`each player's gradients in a ${name} of a ${architecture} model agree with finite differences`, () => {
      play(model, spec, ({ vae, discriminator, scalars }) => {
        const all = [...vae.variables, ...discriminator.variables];
        for (const { loss, variables } of playersOf(vae, discriminator, { rate: 1 })) {
          const own = all.filter((variable) => variables.includes(variable.name));
          assert.ok(own.length > 1, loss);
          assertGradients({ variables: own }, () => scalars()[loss as "loss" | "decoder" | "discriminator"]!);
        }
      });
    });
  }
}

Deno.test("the players are all of the variables, each once, and a discriminator is no copy of the encoder", () => {
  play(DENSE, GAMES.gan!, ({ vae, discriminator }) => {
    const players = playersOf(vae, discriminator, { rate: 2 });
    const names = [...vae.variables, ...discriminator.variables].map(({ name }) => name);
    assert.deepEqual(players.flatMap(({ variables }) => variables).sort(), names.sort());
    assert.deepEqual(players.map(({ loss, rate }) => [loss, rate ?? 1]), [
      ["loss", 1],
      ["decoder", 1],
      ["discriminator", 2],
    ]);
    assert.ok(discriminator.variables.every(({ name }) => name.startsWith("discriminator/")));
  });
  withVae(DENSE, SHAPE, (vae) => {
    const { variables } = buildObjective(GAMES.gan!).adversary!.createDiscriminator({
      seed: 3,
      model: DENSE,
      inputShape: SHAPE,
      architecture: modulesOf(DENSE).architecture,
    });
    const [own, twin] = ["discriminator/dense1/kernel", "encoder/dense1/kernel"].map((name) =>
      [...variables, ...vae.variables].find((variable) => variable.name === name)!.dataSync()
    );
    assert.notDeepEqual(own, twin);
    tf.dispose([...variables]);
  });
});

Deno.test("the discriminator's loss is its cross entropies, and half the squared slope at real examples", () => {
  tf.tidy(() => {
    const weights = [0.5, -2, 1];
    const judge = (examples: tf.Tensor) => {
      const features = tf.mul(examples, tf.tensor1d(weights)) as tf.Tensor2D;
      return { features, logits: tf.sum(features, 1) as tf.Tensor1D };
    };
    const real = [[0.1, 0.9, 0.3], [0.4, 0.2, 0.8]], made = [[0.7, 0.1, 0.5]];
    const probabilities = (rows: number[][]) =>
      rows.map((row) => 1 / (1 + Math.exp(-row.reduce((sum, value, i) => sum + value * weights[i]!, 0))));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
    const x = tf.tensor2d(real);
    const loss = discriminatorLoss({ x, judge }, judge(x), [judge(tf.tensor2d(made))], 3);
    const expected = mean(probabilities(real).map((p) => -Math.log(p))) +
      mean(probabilities(made).map((p) => -Math.log(1 - p))) +
      3 * (0.25 + 4 + 1) / 2;
    assertNear(loss.dataSync()[0]!, expected, { relative: 1e-5 });
    const generated = tf.tensor2d([[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]);
    const stands = standing({ x }, judge(x), generated, judge(generated));
    assertNear(stands.realScore.dataSync()[0]!, mean(probabilities(real)), { relative: 1e-5 });
    assertNear(stands.generatedScore.dataSync()[0]!, probabilities([[0.5, 0.5, 0.5]])[0]!, {
      relative: 1e-5,
    });
    assertNear(stands.variety.dataSync()[0]!, 0, { absolute: 1e-9 });
    assertNear(standing({ x }, judge(x), x, judge(x)).variety.dataSync()[0]!, 1, { relative: 1e-5 });
  });
});

Deno.test("a VAE-GAN's encoder minimises the KL and half the squared error of features, a GAN's -log q(z|G(z))", () => {
  play(DENSE, GAMES["vae-gan"]!, ({ terms, scalars }) => {
    const { game, kl } = terms();
    const rows = (tensor: tf.Tensor) => tensor.arraySync() as number[][];
    const [real, made] = [game!.x, game!.reconstructions()].map((examples) =>
      rows(game!.judge(examples).features)
    );
    const error = real!.flatMap((row, i) =>
      row.map((value, j) => (value - made![i]![j]!) ** 2 / 2 / EXAMPLES)
    )
      .reduce((sum, value) => sum + value, 0);
    const ofKl = 0.8 * rows(kl).flat().reduce((sum, value) => sum + value / EXAMPLES, 0);
    assertNear(scalars().loss.dataSync()[0]!, error + ofKl, { relative: 1e-4 });
  });
  play(DENSE, GAMES.gan!, ({ vae, priorCodes, terms, scalars }) => {
    const { mean, logVariance } = vae.encode(terms().game!.generated());
    const [codes, means, variances] = [priorCodes, mean, logVariance].map((tensor) =>
      Array.from(tensor.dataSync())
    );
    const expected = codes!.reduce((sum, value, i) => {
      const square = (value - means![i]!) ** 2 / Math.exp(variances![i]!);
      return sum + (square + variances![i]! + Math.log(2 * Math.PI)) / 2 / EXAMPLES;
    }, 0);
    assertNear(scalars().loss.dataSync()[0]!, expected, { relative: 1e-4 });
  });
});
