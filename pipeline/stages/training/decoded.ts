import type { DecodedCounts } from "../../artifacts/latents.ts";
import { concatenated } from "../../base/arrays.ts";
import { randomStream } from "../../base/random.ts";
import { classesInTurn } from "../../inference/conditions.ts";
import type { CompiledDecoder } from "../../inference/decoder.ts";
import type { Vae } from "../../vae/vae.ts";
import { gridCoordinates, latentGrid, PAPER_TAIL } from "../../metrics/latent_grid.ts";

/** What a snapshot has: with a grid of 7 x 7 as many as a decoder takes at once. */
const [SAMPLES, RECONSTRUCTIONS, SIDE] = [7, 7, 7];
/** Examples of more values are large pictures, of which no manifold is kept. */
const LARGE = 16_384;

/** How many of each a snapshot has; a conditional model has no one manifold. @param size values in one example */
export function decodedCounts(
  { latentSize, classes }: Pick<Vae, "latentSize" | "classes">,
  size: number,
  testExamples: number,
): DecodedCounts {
  return {
    samples: SAMPLES,
    reconstructions: Math.min(RECONSTRUCTIONS, testExamples),
    side: latentSize === 2 && classes === 0 && size <= LARGE ? SIDE : 0,
  };
}

/**
 * What a model decodes at a snapshot, the same at each: samples of the prior, the first of the kept test examples from
 * their posterior means, and a grid of z, [rows, values]. Of a conditional model the samples are of its classes in turn.
 *
 * @param latents posterior means of the kept test examples, [examples, latent size]
 * @param labels of those examples, where the model is conditional
 */
export function decodeSnapshot(
  decoder: CompiledDecoder,
  { samples, reconstructions, side }: DecodedCounts,
  latents: Float32Array,
  { latentSize, classes }: Pick<Vae, "latentSize" | "classes">,
  labels: readonly number[] | undefined,
  seed: number,
): Float32Array {
  const prior = randomStream(seed, "samples of the snapshots").fillNormal(
    new Float32Array(samples * latentSize),
  );
  const means = latents.subarray(0, reconstructions * latentSize);
  const grid = side > 0 ? latentGrid(gridCoordinates(side, PAPER_TAIL)) : new Float32Array();
  const told = labels && [...classesInTurn(classes, samples), ...labels.slice(0, reconstructions)];
  return decoder.decode(concatenated(Float32Array, [prior, means, grid]), told).values;
}
