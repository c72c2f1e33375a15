import { normal, randomise, SMALL_MODELS, uniform, withVae } from "./support.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { elboTerms, trainingLoss } from "../../pipeline/vae/elbo.ts";
import { buildObjective, describeLayers, modulesOf } from "./modules.ts";
import type { ModelSpec } from "../../pipeline/spec/schema.ts";
import { likelihoodOf } from "../../pipeline/vae/likelihoods/likelihoods.ts";
import { createVae, type Vae } from "../../pipeline/vae/vae.ts";
import { assertNear } from "../support/assert_near.ts";

const SHAPE = [6, 4];
const LIKELIHOODS: Readonly<Record<string, ModelSpec["likelihood"]>> = {
  Bernoulli: { family: "bernoulli" },
  "Gaussian with fixed deviation": { family: "gaussian", standardDeviation: 0.7 },
  "Gaussian with learned deviation": { family: "gaussian", standardDeviation: "learned" },
  "Gaussian with the decoder's deviation": { family: "gaussian", standardDeviation: "decoder" },
};

const ELBO = buildObjective({ name: "elbo" });

const FREE_BITS = [0, 0.3];

/** The loss without free bits and with some. */
function losses(vae: Vae): tf.Scalar[] {
  const n = 5;
  const x = tf.tensor(uniform("examples", n * 24), [n, 24]);
  const noise = tf.tensor(normal("noise", n * vae.latentSize), [n, vae.latentSize]);
  const terms = elboTerms(vae, x, noise);
  return FREE_BITS.map((freeBits) =>
    trainingLoss(ELBO, { ...terms, klWeight: tf.scalar(0.8), freeBits, trainingExamples: n }).loss
  );
}

/** The model with a likelihood, and in convolutions the filters that it wants. */
function withLikelihood(base: ModelSpec, likelihood: ModelSpec["likelihood"]): ModelSpec {
  if (base.architecture !== "conv" || likelihoodOf(likelihood).traits(likelihood).outputsPerValue === 1) {
    return { ...base, likelihood };
  }
  const [last, ...before] = base.decoder.conv.toReversed();
  const conv = [...before.toReversed(), { ...last!, filters: 2 * last!.filters }];
  return { ...base, likelihood, decoder: { ...base.decoder, conv } };
}

for (const [architecture, base] of Object.entries(SMALL_MODELS)) {
  Deno.test(`a conditional ${architecture} model adds to the posterior what its heads hold for the class, and decodes z with the class behind`, () => {
    const [n, classes, copies] = [2, 3, 2];
    const model = { ...base, conditional: true };
    const vae = createVae(model, SHAPE, 1, modulesOf(model), classes);
    try {
      randomise(vae);
      const x = tf.tensor(uniform("examples", n * 24), [n, 24]);
      const told = (labels: number[]) => vae.given(tf.oneHot(tf.tensor1d(labels, "int32"), classes));
      const [one, other] = [[0, 1], [2, 1]].map((labels) => told(labels).encode(x).mean.arraySync()) as [
        number[][],
        number[][],
      ];
      // The head is linear, and the class's rows are its kernel's last.
      const kernel = vae.variables.find(({ name }) => name === "encoder/mean/kernel")!
        .arraySync() as number[][];
      const rows = kernel.slice(-classes);
      assertNear(
        other[0]!.map((mean, d) => mean - one[0]![d]!),
        rows[2]!.map((weight, d) => weight - rows[0]![d]!),
        { absolute: 1e-5 },
      );
      assert.deepEqual(other[1], one[1]);

      // Codes of one example follow one another, and are all of its class.
      const z = tf.tensor(normal("codes", n * copies * vae.latentSize), [n * copies, vae.latentSize]);
      const teacher = tf.tensor(uniform("teacher", n * copies * 24), [n * copies, 24]);
      const whole = told([0, 2]).decode(z, teacher).arraySync();
      const each = tf.concat(
        [0, 0, 2, 2].map((label, i) =>
          told([label]).decode(tf.slice(z, [i, 0], [1, -1]), tf.slice(teacher, [i, 0], [1, -1]))
        ),
      ).arraySync();
      assertNear(whole.flat(), (each as number[][]).flat(), { absolute: 1e-5 });
      assert.ok(
        told([1, 1]).decode(z, teacher).arraySync().flat().some((value, i) => value !== whole.flat()[i]),
      );
    } finally {
      vae.dispose();
    }
  });

  for (const [family, likelihood] of Object.entries(LIKELIHOODS)) {
    Deno.test(`the gradients of a ${architecture} model, ${family}, agree with finite differences`, () => {
      const model = withLikelihood(base, likelihood);
      withVae(model, SHAPE, (vae) => {
        randomise(vae);
        const gradients = FREE_BITS.map((_, i) =>
          tf.variableGrads(() => losses(vae)[i]!, [...vae.variables]).grads
        );
        for (const variable of vae.variables) {
          const value = variable.clone();
          const direction = tf.tensor(normal(`${variable.name} direction`, variable.size), variable.shape);
          const at = (distance: number) => {
            variable.assign(tf.add(value, tf.mul(direction, distance)));
            return losses(vae).map((loss) => loss.dataSync()[0]!);
          };
          const slopes = (step: number) => {
            const [above, below] = [at(step), at(-step)];
            return above.map((loss, i) => (loss - below[i]!) / (2 * step));
          };
          const h = 4e-3, [narrow, wide] = [slopes(h), slopes(2 * h)];
          variable.assign(value);
          for (const [i, freeBits] of FREE_BITS.entries()) {
            const along = tf.sum(tf.mul(gradients[i]![variable.name]!, direction)).dataSync()[0]!;
            // Richardson's extrapolation of central differences: the error falls with the fourth power of h.
            const expected = (4 * narrow[i]! - wide[i]!) / 3;
            assert.ok(
              Math.abs(along - expected) <= 0.02 + 0.01 * Math.abs(expected),
              `${variable.name}, ${freeBits} free bits: ${along}, by differences ${expected}`,
            );
          }
        }
      });
    });
  }

  Deno.test(`a ${architecture} decoder puts out all means of an example, and then all deviations`, () => {
    const family = "gaussian";
    const values = new Map<string, tf.Tensor>();
    const both = withVae(withLikelihood(base, { family, standardDeviation: "decoder" }), SHAPE, (vae) => {
      randomise(vae);
      for (const variable of vae.variables) values.set(variable.name, tf.keep(variable.clone()));
      return Array.from(vae.decode(tf.tensor([[0.3, -0.8, 0.5].slice(0, vae.latentSize)])).dataSync());
    });
    assert.equal(both.length, 2 * 24);
    // The halves are what two decoders put out that have the first and the second half of the last layer.
    for (const half of [0, 1]) {
      const one = withVae(
        { ...base, likelihood: { family, standardDeviation: 1 } } as ModelSpec,
        SHAPE,
        (vae) => {
          for (const variable of vae.variables) {
            const whole = values.get(variable.name)!;
            const axis = variable.shape.findIndex((side, i) => side !== whole.shape[i]);
            variable.assign(axis < 0 ? whole : tf.split(whole, 2, axis)[half]!);
          }
          return Array.from(vae.decode(tf.tensor([[0.3, -0.8, 0.5].slice(0, vae.latentSize)])).dataSync());
        },
      );
      closeTo(both.slice(24 * half, 24 * (half + 1)), one);
    }
    tf.dispose([...values.values()]);
  });

  Deno.test(`a ${architecture} model learns the numbers that its description counts, under its names`, () => {
    withVae(base, SHAPE, (vae) => {
      const learned: Record<string, number> = {};
      for (const { name, size } of vae.variables) {
        const layer = name.split("/").slice(0, 2).join("/");
        learned[layer] = (learned[layer] ?? 0) + size;
      }
      const described = describeLayers(base, SHAPE).map(({ name, parameters }) => [name, parameters]);
      assert.deepEqual(learned, Object.fromEntries(described));
    });
  });

  Deno.test(`a ${architecture} model takes each example by itself, whatever the batch`, () => {
    withVae(base, SHAPE, (vae) => {
      randomise(vae);
      const x = tf.tensor2d(uniform("batch", 3 * 24), [3, 24]);
      const whole = vae.encode(x);
      const output = vae.decode(whole.mean);
      assert.deepEqual(whole.mean.shape, [3, vae.latentSize]);
      assert.deepEqual(whole.logVariance.shape, [3, vae.latentSize]);
      assert.deepEqual(output.shape, [3, 24]);
      const single = vae.encode(tf.slice(x, [1, 0], [1, 24]));
      closeTo(single.mean.dataSync(), tf.slice(whole.mean, [1, 0], [1, vae.latentSize]).dataSync());
      closeTo(
        single.logVariance.dataSync(),
        tf.slice(whole.logVariance, [1, 0], [1, vae.latentSize]).dataSync(),
      );
      closeTo(vae.decode(single.mean).dataSync(), tf.slice(output, [1, 0], [1, 24]).dataSync());
    });
  });
}

Deno.test("initial weights lie within Glorot's bound, and a layer's draw does not depend on other layers", () => {
  const wide = SMALL_MODELS.dense as ModelSpec & { architecture: "dense" };
  const value = (vae: Vae, name: string) =>
    Array.from(vae.variables.find((variable) => variable.name === name)!.dataSync());
  const first = withVae(wide, SHAPE, (vae) => {
    const kernel = value(vae, "encoder/dense1/kernel");
    const limit = Math.sqrt(6 / (24 + 7));
    assert.ok(kernel.every((w) => Math.abs(w) <= limit));
    // A uniform distribution over [-limit, limit] has the variance limit^2 / 3.
    const variance = kernel.reduce((sum, w) => sum + w * w, 0) / kernel.length;
    assert.ok(Math.abs(variance / (limit * limit / 3) - 1) < 0.25, `${variance}`);
    assert.ok(value(vae, "encoder/dense1/bias").every((b) => b === 0));
    return value(vae, "decoder/output/kernel");
  });
  const deeper: ModelSpec = { ...wide, encoder: { ...wide.encoder, units: [7, 6, 5] } };
  assert.deepEqual(withVae(deeper, SHAPE, (vae) => value(vae, "decoder/output/kernel")), first);
});

for (
  const [initialisation, kernelVariance, biasVariance] of [
    ["glorot-uniform", 2 / (784 + 300), 0],
    ["lecun-normal", 1 / 784, 0],
    ["fan-in-uniform", 1 / 784 / 3, 1 / 784 / 3],
  ] as const
) {
  Deno.test(`${initialisation} weights have the mean and variance that their rule states`, () => {
    const model = SMALL_MODELS.dense as ModelSpec & { architecture: "dense" };
    const wide: ModelSpec = { ...model, initialisation, encoder: { ...model.encoder, units: [300] } };
    withVae(wide, [28, 28], (vae) => {
      for (const [part, expected] of [["kernel", kernelVariance], ["bias", biasVariance]] as const) {
        const values = vae.variables.find(({ name }) => name === `encoder/dense1/${part}`)!
          .dataSync() as Float32Array;
        const mean = values.reduce((sum, w) => sum + w, 0) / values.length;
        const variance = values.reduce((sum, w) => sum + w * w, 0) / values.length;
        // Both within four standard errors; the kurtosis of neither distribution exceeds 3.
        assert.ok(Math.abs(mean) <= 4 * Math.sqrt(expected / values.length), `${part}: mean ${mean}`);
        assert.ok(
          Math.abs(variance - expected) <= 4 * expected * Math.sqrt(2 / values.length),
          `${part}: variance ${variance}, not ${expected}`,
        );
      }
    });
  });
}

function closeTo(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assertNear(actual, expected, { absolute: 1e-5 });
}
