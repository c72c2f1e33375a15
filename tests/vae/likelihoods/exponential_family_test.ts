import assert from "node:assert/strict";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import * as bernoulli from "../../../pipeline/vae/likelihoods/bernoulli.ts";
import * as gaussian from "../../../pipeline/vae/likelihoods/gaussian.ts";
import type {
  Likelihood,
  LikelihoodBase,
  LikelihoodModule,
  LikelihoodSpec,
} from "../../../pipeline/vae/likelihoods/likelihood.ts";
import { LIKELIHOODS } from "../../../pipeline/vae/likelihoods/likelihoods.ts";
import { Variables } from "../../../pipeline/vae/variables.ts";
import type { ExponentialFamily } from "../../../pipeline/metrics/completion.ts";

const VALUES = [0, 0.2, 0.9, 1];
const MEANS = [0.03, 0.4, 0.97];

/** Both say by how many nats one mean explains a value better than another one. */
function assertAgree(likelihood: Likelihood, family: ExponentialFamily, outputOf: (mean: number) => number) {
  const logLikelihood = (x: number, mean: number) =>
    tf.tidy(() =>
      -likelihood.negativeLogLikelihood(tf.tensor2d([[outputOf(mean)]]), tf.tensor2d([[x]])).dataSync()[0]!
    );
  const score = (x: number, mean: number) => x * family.natural(mean) - family.logNormaliser(mean);
  for (const x of VALUES) {
    for (const mean of MEANS) {
      const expected = logLikelihood(x, mean) - logLikelihood(x, MEANS[0]!);
      const actual = score(x, mean) - score(x, MEANS[0]!);
      assert.ok(
        Math.abs(actual - expected) < 1e-5 * Math.max(1, Math.abs(expected)),
        `${actual} ${expected}`,
      );
    }
  }
}

Deno.test("a likelihood's spec part says whether its module has it as an exponential family", async () => {
  for (const [name, { schema, traits, module }] of Object.entries<LikelihoodSpec>(LIKELIHOODS)) {
    const code: LikelihoodModule = await import(module.href);
    const spec = schema.parse({ family: name }) as LikelihoodBase;
    const family = code.exponentialFamily?.(spec, () => Float32Array.of(0));
    assert.equal(family !== undefined, traits(spec).exponentialFamily, name);
  }
});

Deno.test("as an exponential family, a Bernoulli likelihood says what it says to training", () => {
  assertAgree(bernoulli.createLikelihood(), bernoulli.exponentialFamily(), (p) => Math.log(p / (1 - p)));
});

Deno.test("probabilities of 0 and 1 have finite terms", () => {
  const { natural, logNormaliser } = bernoulli.exponentialFamily();
  for (const p of [0, 1]) assert.ok(Number.isFinite(natural(p)) && Number.isFinite(logNormaliser(p)));
});

Deno.test("as an exponential family, a Gaussian likelihood says what it says to training, its deviation fixed or learned", () => {
  const none = () => assert.fail("nothing is learned");
  const fixed = { family: "gaussian", standardDeviation: 0.3 } as const;
  const variables = new Variables(1, undefined);
  const identity = (mean: number) => mean;
  assertAgree(
    gaussian.createLikelihood(fixed, variables, 1),
    gaussian.exponentialFamily(fixed, none)!,
    identity,
  );

  const learned = { family: "gaussian", standardDeviation: "learned" } as const;
  const likelihood = gaussian.createLikelihood(learned, variables, 1);
  const [deviation] = variables.list;
  deviation!.assign(tf.scalar(Math.log(0.2)));
  const family = gaussian.exponentialFamily(learned, (name) => {
    assert.equal(name, deviation!.name);
    return deviation!.dataSync() as Float32Array;
  });
  assertAgree(likelihood, family!, identity);
  tf.dispose(variables.list);
});
