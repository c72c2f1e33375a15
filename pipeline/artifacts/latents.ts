import { jsonArtifact, npyArtifact } from "./artifact.ts";

/** What the arrays of snapshots are of. */
export interface SnapshotInfo {
  /** After which epochs they were taken; 0 is before training. */
  readonly epochs: readonly number[];
  /** Positions in the test part. */
  readonly examples: readonly number[];
}

/** What the axes of `LATENTS` and the first of `MANIFOLDS` are. */
export const LATENTS_JSON = jsonArtifact<SnapshotInfo>("train/latents.json");

/** [snapshots, examples, latent size]: posterior means, float32. */
export const LATENTS = npyArtifact<Float32Array>("train/latents.npy", Float32Array);

/** [snapshots, side, side, ...shape]: the decoded grid of z in 256 levels, which are what a screen can show. */
export const MANIFOLDS = npyArtifact<Uint8Array>("train/manifolds.npy", Uint8Array);
