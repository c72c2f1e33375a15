import type { FigureData } from "../figure.ts";
import type { ScatterOptions } from "../latent_scatter/spec.ts";
import { chooseExamples, latentPlane } from "./latent_plane.ts";

/** The same examples' codes in a plane at several epochs. */
export interface Evolution {
  /** `coordinates` are [examples, 2]. */
  readonly snapshots: readonly { readonly epoch: number; readonly coordinates: Float32Array }[];
  readonly labels: Uint8Array;
  /** Names of the classes, by label. */
  readonly classes: readonly string[];
  /** Whether the prior is drawn; default: it is. */
  readonly circles?: boolean;
}

/**
 * Posterior means of at most `points` test examples, in a plane, at `moments` epochs at most.
 * @returns `plane` says how the plane was chosen
 */
export function evolutionOf(
  data: FigureData<ScatterOptions>,
  points: number,
  moments: number,
): { evolution: Evolution; plane: string } {
  const { seed, options, model: { latentSize }, info, test, snapshots: { epochs, examples, means } } = data;
  const chosen = chooseExamples(seed, examples.length, Math.min(points, options.scatterPoints));
  const plane = latentPlane(data);
  const size = examples.length * latentSize;
  const snapshots = spread(epochs.length, moments).map((i) => ({
    epoch: epochs[i]!,
    coordinates: plane.project(means.subarray(i * size, (i + 1) * size), chosen),
  }));
  const labels = Uint8Array.from(chosen, (i) => test.labels[examples[i]!]!);
  const circles = data.prior.standardNormal;
  return { evolution: { snapshots, labels, classes: info.classes, circles }, plane: plane.words };
}

/** `wanted` of 0..length-1 at most, evenly spread, with both ends. */
function spread(length: number, wanted: number): number[] {
  if (length <= wanted) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: wanted }, (_, i) => Math.round(i * (length - 1) / (wanted - 1)));
}
