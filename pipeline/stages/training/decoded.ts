import type { DecodedCounts } from "../../artifacts/latents.ts";
import { concatenated } from "../../base/arrays.ts";
import { randomStream } from "../../base/random.ts";
import type { CompiledDecoder } from "../../inference/decoder.ts";
import { gridCoordinates, latentGrid, PAPER_TAIL } from "../../metrics/latent_grid.ts";

/** What a snapshot has: with a grid of 7 x 7 as many as a decoder takes at once. */
const [SAMPLES, RECONSTRUCTIONS, SIDE] = [7, 7, 7];
/** Examples of more values are large pictures, of which no manifold is kept. */
const LARGE = 16_384;

/** How many of each a snapshot has. @param size values in one example */
export function decodedCounts(latentSize: number, size: number, testExamples: number): DecodedCounts {
  return {
    samples: SAMPLES,
    reconstructions: Math.min(RECONSTRUCTIONS, testExamples),
    side: latentSize === 2 && size <= LARGE ? SIDE : 0,
  };
}

/**
 * What a model decodes at a snapshot, the same at each: samples of the prior, the first of the kept test examples from
 * their posterior means, and a grid of z, [rows, values].
 *
 * @param latents posterior means of the kept test examples, [examples, latent size]
 */
export function decodeSnapshot(
  decoder: CompiledDecoder,
  { samples, reconstructions, side }: DecodedCounts,
  latents: Float32Array,
  latentSize: number,
  seed: number,
): Float32Array {
  const prior = randomStream(seed, "samples of the snapshots").fillNormal(
    new Float32Array(samples * latentSize),
  );
  const means = latents.subarray(0, reconstructions * latentSize);
  const grid = side > 0 ? latentGrid(gridCoordinates(side, PAPER_TAIL)) : new Float32Array();
  return decoder.decode(concatenated(Float32Array, [prior, means, grid])).values;
}
