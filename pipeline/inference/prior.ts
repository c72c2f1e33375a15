import type { Engine, Parameters } from "../engine/engine.ts";
import { randomStream } from "../base/random.ts";
import type { Vae } from "../vae/vae.ts";
import { batches } from "./batches.ts";

/** Codes that are drawn at once. */
const BATCH = 64;

/**
 * Draws codes from a model's prior, [count, latent size], from the stream of the seed with this name. Where the prior
 * is N(0, I) they are the stream's normal numbers.
 */
export function samplePrior(
  { engine, parameters, vae }: {
    readonly engine: Engine;
    readonly parameters: Parameters;
    readonly vae: Vae;
  },
  seed: number,
  stream: string,
  count: number,
): Float32Array {
  const { latentSize, prior } = vae;
  const normal = randomStream(seed, stream).fillNormal(new Float32Array(count * latentSize));
  const uniform = randomStream(seed, `${stream}, components`).fillUniform(new Float32Array(count));
  const program = engine.compileFunction({
    parameters,
    inputs: { noise: [BATCH, latentSize], choice: [BATCH, 1] },
    fn: ({ noise, choice }) => ({ z: prior.sample(noise!, choice!) }),
  });
  const codes = new Float32Array(count * latentSize);
  for (const { from, to } of batches(count, BATCH)) {
    program.inputs.noise!.fill(0).set(normal.subarray(from * latentSize, to * latentSize));
    program.inputs.choice!.fill(0).set(uniform.subarray(from, to));
    codes.set(program.run().z!.subarray(0, (to - from) * latentSize), from * latentSize);
  }
  program.dispose();
  return codes;
}
