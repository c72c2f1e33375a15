import { randomStream } from "../pipeline/base/random.ts";
import { decodeNpy } from "../pipeline/formats/npy.ts";
import { logMeanExp } from "../pipeline/metrics/importance.ts";

/*
 * The total correlation of a report's codes, KL(q(z) || prod_d q(z_d)) in nats, where q(z) is the mixture of the
 * posteriors of all test examples (Chen et al., 2018): the mean over one code of each example.
 *
 *     deno run -A bench/total_correlation.ts reports/compare-objectives/*
 */

/** @param posterior mean and log variance of each example, [examples, 2, latent size] */
function totalCorrelation(posterior: Float32Array, examples: number, latentSize: number): number {
  const at = (example: number, part: 0 | 1, d: number) => posterior[(2 * example + part) * latentSize + d]!;
  const noise = randomStream(1, "total correlation").fillNormal(new Float32Array(examples * latentSize));
  const whole = new Float64Array(examples);
  const single = Array.from({ length: latentSize }, () => new Float64Array(examples));
  let sum = 0;
  for (let i = 0; i < examples; i++) {
    whole.fill(0);
    for (let d = 0; d < latentSize; d++) {
      const z = at(i, 0, d) + Math.exp(at(i, 1, d) / 2) * noise[i * latentSize + d]!;
      for (let j = 0; j < examples; j++) {
        const logVariance = at(j, 1, d);
        const density = -((z - at(j, 0, d)) ** 2 / Math.exp(logVariance) + logVariance) / 2; // but for (2 pi)^(-1/2)
        single[d]![j] = density;
        whole[j]! += density;
      }
    }
    sum += logMeanExp(whole) - single.reduce((all, densities) => all + logMeanExp(densities), 0);
  }
  return sum / examples;
}

for (const report of Deno.args) {
  const bytes = await Deno.readFile(`${report}/arrays/posterior.npy`).catch(() => undefined);
  if (!bytes) continue; // a file beside the cells of a sweep
  const { shape: [examples, , latentSize], data } = decodeNpy(bytes);
  const total = totalCorrelation(data as Float32Array, examples!, latentSize!);
  console.log(`${report}: total correlation ${total.toFixed(2)} nats`);
}
