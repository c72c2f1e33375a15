import assert from "node:assert/strict";
import { randomStream } from "../../pipeline/base/random.ts";
import { open } from "../../pipeline/engine/portable/open.ts";
import { sampleAggregatePosterior } from "../../pipeline/inference/aggregate_posterior.ts";
import { LossEvaluator } from "../../pipeline/inference/example_losses.ts";
import { assertNear } from "../support/assert_near.ts";
import { buildVae } from "../vae/modules.ts";
import { LATENT, MODEL } from "./small_model.ts";

const [EXAMPLES, SIZE, COUNT] = [9, 12, 20_000];

Deno.test("codes of the aggregate posterior have the mean and variance of the mixture of all posteriors", async () => {
  const engine = await open();
  const vae = buildVae(MODEL, [4, 3], 1);
  try {
    const parameters = engine.parameters(vae.variables);
    const images = randomStream(1, "x").fillUniform(new Float32Array(EXAMPLES * SIZE)).map((x) => 6 * x);
    const labels = Uint8Array.from({ length: EXAMPLES }, (_, i) => i % 3);
    const source = {
      part: { images, examples: EXAMPLES, size: SIZE, scale: 1, labels },
      name: "train" as const,
      seed: 5,
      dynamic: false,
    };
    const draw = (stream: string, count: number) =>
      sampleAggregatePosterior({ engine, parameters, vae }, source, stream, count);
    const { codes, labels: ofCodes } = draw("test", COUNT);
    const { mean, logVariance } = await new LossEvaluator(engine, parameters, vae, SIZE)
      .measure(source, [...Array(EXAMPLES).keys()], () => Promise.resolve());
    for (let j = 0; j < LATENT; j++) {
      const means = Array.from({ length: EXAMPLES }, (_, i) => mean.data[i * LATENT + j]!);
      const centre = means.reduce((sum, its) => sum + its / EXAMPLES, 0);
      const within = means.reduce(
        (sum, _, i) => sum + Math.exp(logVariance.data[i * LATENT + j]!) / EXAMPLES,
        0,
      );
      const between = means.reduce((sum, its) => sum + (its - centre) ** 2 / EXAMPLES, 0);
      const drawn = codes.filter((_, at) => at % LATENT === j);
      const its = drawn.reduce((sum, code) => sum + code / COUNT, 0);
      const variance = drawn.reduce((sum, code) => sum + (code - its) ** 2 / COUNT, 0);
      // Four standard deviations of the mean and of the variance of so many draws.
      assertNear(its, centre, { absolute: 4 * Math.sqrt((within + between) / COUNT) });
      assertNear(variance, within + between, { relative: 4 * Math.sqrt(2 / COUNT) });
    }
    // As many of each class as there are examples of it: a third, within four standard deviations.
    const share = ofCodes!.filter((label) => label === 0).length / COUNT;
    assertNear(share, 1 / 3, { absolute: 4 * Math.sqrt(2 / 9 / COUNT) });
    assert.deepEqual(draw("test", 5), draw("test", 5));
    assert.notDeepEqual(draw("test", 5).codes, draw("another", 5).codes);
  } finally {
    vae.dispose();
    engine.dispose();
  }
});
