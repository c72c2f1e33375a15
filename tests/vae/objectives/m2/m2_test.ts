import { assertGradients, normal, randomise, SMALL_MODELS, uniform } from "../../support.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { type StepScalars, trainingLoss } from "../../../../pipeline/vae/elbo.ts";
import { type ClassPosterior, createClassPosterior } from "../../../../pipeline/vae/class_posterior.ts";
import { marginalTerms } from "../../../../pipeline/vae/marginal.ts";
import type { M2Spec } from "../../../../pipeline/vae/objectives/m2/m2.spec.ts";
import { createVae } from "../../../../pipeline/vae/vae.ts";
import { assertNear } from "../../../support/assert_near.ts";
import { hasPython, python } from "../../../support/python.ts";
import { buildObjective, modulesOf } from "../../modules.ts";

const [CLASSES, EXAMPLES, PIXELS] = [3, 5, 24];
const MODEL = { ...SMALL_MODELS.dense!, conditional: true };
const M2: M2Spec = { name: "m2", labelsPerClass: 1, draw: 0, alpha: 0.7 };
const KL_WEIGHT = 0.8;

/** Which class each example of the batch is known to have; null where it is not told. */
type Labels = readonly (number | null)[];

const SOME: Labels = [null, 2, null, 0, null];

const oneHot = (labels: Labels) =>
  tf.tensor2d(labels.map((label) => Array.from({ length: CLASSES }, (_, c) => Number(c === label))));

/** A conditional model with q(y|x) beside it, all of random values. */
function withModel(body: (model: Parts) => void): void {
  const modules = modulesOf(MODEL);
  const vae = createVae(MODEL, [6, 4], 3, modules, CLASSES);
  const { architecture } = modules;
  const classPosterior = createClassPosterior(
    { seed: 3, model: MODEL, inputShape: [6, 4], architecture },
    CLASSES,
  );
  const all = { variables: [...vae.variables, ...classPosterior.variables] };
  randomise(all);
  const batch = {
    x: tf.tensor2d(uniform("examples", EXAMPLES * PIXELS), [EXAMPLES, PIXELS]),
    noise: tf.tensor2d(normal("noise", EXAMPLES * vae.latentSize), [EXAMPLES, vae.latentSize]),
  };
  const labelled = {
    x: tf.tensor2d(uniform("labelled", EXAMPLES * PIXELS), [EXAMPLES, PIXELS]),
    y: oneHot([0, 1, 2, 1, 0]),
  };
  const scalars: Parts["scalars"] = (
    labels,
    { spec = M2, given = classPosterior, klWeight = KL_WEIGHT } = {},
  ) =>
    trainingLoss(buildObjective(spec), {
      ...marginalTerms(vae, given, { ...batch, y: oneHot(labels) }, labelled),
      klWeight: tf.scalar(klWeight),
      freeBits: 0,
      trainingExamples: 40,
    });
  try {
    tf.tidy(() => body({ ...all, batch, labelled, scalars }));
  } finally {
    tf.dispose(all.variables);
  }
}

interface Parts {
  readonly variables: readonly tf.Variable[];
  readonly batch: { readonly x: tf.Tensor2D; readonly noise: tf.Tensor2D };
  readonly labelled: { readonly x: tf.Tensor2D; readonly y: tf.Tensor2D };
  readonly scalars: (labels: Labels, other?: Other) => StepScalars;
}

/** What may be different. */
interface Other {
  readonly spec?: M2Spec;
  readonly given?: ClassPosterior;
  readonly klWeight?: number;
}

const number = (tensor: tf.Tensor) => tensor.dataSync()[0]!;

/** The same model in doubles, layer by layer, from the values of its variables. */
function inDoubles({ variables }: Parts) {
  const values = new Map(variables.map((variable) => [variable.name, variable.arraySync()]));
  const layer = (name: string, x: readonly number[], bend = (value: number) => value) => {
    const kernel = values.get(`${name}/kernel`) as number[][], bias = values.get(`${name}/bias`) as number[];
    return bias.map((b, j) => bend(x.reduce((sum, value, i) => sum + value * kernel[i]![j]!, b)));
  };
  const softplus = (value: number) => Math.log1p(Math.exp(value));
  const hidden = (network: string, x: readonly number[]) =>
    layer(`${network}/dense2`, layer(`${network}/dense1`, x, Math.tanh), Math.tanh);
  return {
    /** Both terms where the class is told. */
    told(x: readonly number[], label: number, noise: readonly number[]) {
      const y = Array.from({ length: CLASSES }, (_, c) => Number(c === label));
      const features = [...hidden("encoder", x), ...y];
      const mean = layer("encoder/mean", features), logVariance = layer("encoder/logVariance", features);
      const z = mean.map((value, d) => value + Math.exp(logVariance[d]! / 2) * noise[d]!);
      const logits = layer("decoder/output", layer("decoder/dense1", [...z, ...y], softplus));
      return {
        reconstruction: logits.reduce((sum, logit, i) => sum + softplus(logit) - x[i]! * logit, 0),
        kl: mean.reduce(
          (sum, value, d) => sum + (value ** 2 + Math.exp(logVariance[d]!) - logVariance[d]! - 1) / 2,
          0,
        ),
      };
    },
    classes(x: readonly number[]): number[] {
      const logits = layer("classifier/logits", hidden("classifier", x)).map(Math.exp);
      const sum = logits.reduce((all, value) => all + value, 0);
      return logits.map((value) => value / sum);
    },
  };
}

/** Equation 9 of Kingma et al. (2014), divided by the number of examples, by its definition. */
function expected(parts: Parts, labels: Labels, { alpha }: M2Spec = M2): number {
  const model = inDoubles(parts);
  const rows = (tensor: tf.Tensor2D) => tensor.arraySync();
  const noise = rows(parts.batch.noise);
  const bounds = rows(parts.batch.x).map((x, i) => {
    const bound = (label: number) => {
      const { reconstruction, kl } = model.told(x, label, noise[i]!);
      return reconstruction + KL_WEIGHT * kl;
    };
    const label = labels[i]!;
    if (label !== null) return bound(label) + KL_WEIGHT * Math.log(CLASSES);
    return model.classes(x).reduce(
      (sum, q, c) => sum + q * (bound(c) + KL_WEIGHT * (Math.log(q) + Math.log(CLASSES))),
      0,
    );
  });
  const wanted = rows(parts.labelled.y);
  const errors = rows(parts.labelled.x).map((x, i) => -Math.log(model.classes(x)[wanted[i]!.indexOf(1)]!));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
  return mean(bounds) + alpha * mean(errors);
}

Deno.test("M2 minimises equation 9 of its paper: the sum over classes, taken one by one and in doubles", () => {
  withModel((parts) => {
    for (const labels of [SOME, SOME.map(() => null), SOME.map((_, i) => i % CLASSES)]) {
      assertNear(number(parts.scalars(labels).loss), expected(parts, labels), { relative: 1e-6 });
    }
    const none = { ...M2, alpha: 0 };
    assertNear(number(parts.scalars(SOME, { spec: none }).loss), expected(parts, SOME, none), {
      relative: 1e-6,
    });
  });
});

Deno.test("what a step tells of reconstruction and KL are means over the classes that an example may have", () => {
  withModel((parts) => {
    const model = inDoubles(parts);
    const noise = parts.batch.noise.arraySync();
    const terms = parts.batch.x.arraySync().map((x, i) => {
      const label = SOME[i]!;
      const weights = label === null ? model.classes(x) : [0, 1, 2].map((c) => Number(c === label));
      const told = weights.map((_, c) => model.told(x, c, noise[i]!));
      const of = (term: "reconstruction" | "kl") =>
        weights.reduce((sum, q, c) => sum + q * told[c]![term] / EXAMPLES, 0);
      return { reconstruction: of("reconstruction"), kl: of("kl") };
    });
    const { reconstruction, kl } = parts.scalars(SOME);
    assertNear(number(reconstruction), terms.reduce((sum, term) => sum + term.reconstruction, 0), {
      relative: 1e-6,
    });
    assertNear(number(kl), terms.reduce((sum, term) => sum + term.kl, 0), { relative: 1e-6 });
  });
});

Deno.test("the gradients of M2 agree with finite differences, those of q(y|x) too", () => {
  withModel((parts) => assertGradients(parts, () => parts.scalars(SOME).loss));
});

Deno.test("with q(y|x) as the posterior of the class, the bound is log of the sum over classes, and with any other it is looser", () => {
  withModel((parts) => {
    const model = inDoubles(parts), noise = parts.batch.noise.arraySync();
    const x = parts.batch.x.arraySync();
    const bounds = x.map((one, i) =>
      [0, 1, 2].map((c) => {
        const { reconstruction, kl } = model.told(one, c, noise[i]!);
        return -(reconstruction + kl);
      })
    );
    const logSum = (values: number[]) => Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0));
    const logarithms = bounds.map((row) => row.map((value) => value - logSum(row)));
    const lossBy = (rows: number[][]) =>
      number(
        parts.scalars(SOME.map(() => null), {
          spec: { ...M2, alpha: 0 },
          given: { variables: [], logProbabilities: () => tf.tensor2d(rows) },
          klWeight: 1,
        }).loss,
      );
    const best = bounds.reduce((sum, row) => sum + (Math.log(CLASSES) - logSum(row)) / EXAMPLES, 0);
    assertNear(lossBy(logarithms), best, { relative: 1e-6 });
    const uniform = logarithms.map((row) => row.map(() => -Math.log(CLASSES)));
    assert.ok(lossBy(uniform) > best + 1e-4);
  });
});

/** The loss and the gradient of each variable in doubles, by PyTorch's automatic differentiation. */
const PYTORCH = `
import json, sys, torch
from torch.nn.functional import softplus, log_softmax
given = json.loads(sys.argv[1])
T = lambda values: torch.tensor(values, dtype=torch.float64)
v = {name: T(values).requires_grad_() for name, values in given["variables"].items()}
layer = lambda name, x: x @ v[name + "/kernel"] + v[name + "/bias"]
hidden = lambda n, x: torch.tanh(layer(n + "/dense2", torch.tanh(layer(n + "/dense1", x))))
x, noise, y = T(given["x"]), T(given["noise"]), T(given["y"])
classes = y.shape[1]
def told(label):
    one = torch.zeros_like(y); one[:, label] = 1
    h = torch.cat([hidden("encoder", x), one], 1)
    mean, log_variance = layer("encoder/mean", h), layer("encoder/logVariance", h)
    z = mean + torch.exp(log_variance / 2) * noise
    logits = layer("decoder/output", softplus(layer("decoder/dense1", torch.cat([z, one], 1))))
    kl = ((mean**2 + torch.exp(log_variance) - log_variance - 1) / 2).sum(1)
    return (softplus(logits) - x * logits).sum(1) + given["klWeight"] * kl
bounds = torch.stack([told(label) for label in range(classes)], 1)
prior = torch.log(T(classes))
log_q = log_softmax(layer("classifier/logits", hidden("classifier", x)), 1)
unlabelled = (torch.exp(log_q) * (bounds + given["klWeight"] * (log_q + prior))).sum(1)
labelled = (y * bounds).sum(1) + given["klWeight"] * prior
known = y.sum(1)
log_q = log_softmax(layer("classifier/logits", hidden("classifier", T(given["labelledX"]))), 1)
errors = -(T(given["labelledY"]) * log_q).sum(1)
loss = (known * labelled + (1 - known) * unlabelled).mean() + given["alpha"] * errors.mean()
loss.backward()
print(json.dumps({"loss": loss.item(), "gradients": {n: w.grad.flatten().tolist() for n, w in v.items()}}))
`;

Deno.test({
  name: "loss and gradients of M2 are PyTorch's in doubles",
  ignore: !hasPython("torch"),
  fn() {
    withModel((parts) => {
      const { variables, batch, labelled, scalars } = parts;
      const given = {
        variables: Object.fromEntries(variables.map((variable) => [variable.name, variable.arraySync()])),
        x: batch.x.arraySync(),
        noise: batch.noise.arraySync(),
        y: oneHot(SOME).arraySync(),
        labelledX: labelled.x.arraySync(),
        labelledY: labelled.y.arraySync(),
        alpha: M2.alpha,
        klWeight: KL_WEIGHT,
      };
      const { stdout, stderr } = python(["-c", PYTORCH, JSON.stringify(given)]);
      const text = new TextDecoder().decode(stdout);
      assert.notEqual(text, "", new TextDecoder().decode(stderr));
      const { loss, gradients } = JSON.parse(text);
      const { value, grads } = tf.variableGrads(() => scalars(SOME).loss, [...variables]);
      assertNear(number(value), loss, { relative: 1e-6 });
      for (const { name } of variables) {
        assertNear([...grads[name]!.dataSync()], gradients[name], {
          absolute: 1e-5,
          relative: 1e-4,
          what: name,
        });
      }
    });
  },
});
