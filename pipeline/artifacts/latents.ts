import { jsonArtifact, npyArtifact } from "./artifact.ts";

/** What the arrays of snapshots are of. */
export interface SnapshotInfo {
  /** After which epochs they were taken; 0 is before training. */
  readonly epochs: readonly number[];
  /** Positions in the test part. */
  readonly examples: readonly number[];
  /** The rows of `DECODED`, in this order. */
  readonly decoded: DecodedCounts;
}

/** How many of each thing are decoded at each snapshot. */
export interface DecodedCounts {
  /** Samples of the prior, from the same z each time. */
  readonly samples: number;
  /** The first of the test examples, from their posterior means. */
  readonly reconstructions: number;
  /** Side of the grid of z, row by row from the top; 0 where there is none. */
  readonly side: number;
}

/** What the axes of `LATENTS` and the first of `MANIFOLDS` are. */
export const LATENTS_JSON = jsonArtifact<SnapshotInfo>("train/latents.json");

/** Posterior means over the epochs: float32 [snapshots, examples, latent size]. */
export const LATENTS = npyArtifact<Float32Array>("train/latents.npy", Float32Array);

/** What is decoded over the epochs: uint8 [snapshots, rows, ...shape], 255 times the mean. */
export const DECODED = npyArtifact<Uint8Array>("train/decoded.npy", Uint8Array);

/**
 * The decoded grid of z over the epochs: uint8 [snapshots, side, side, ...shape], 255 times the mean, because
 * 256 levels are what a screen can show.
 */
export const MANIFOLDS = npyArtifact<Uint8Array>("train/manifolds.npy", Uint8Array);
