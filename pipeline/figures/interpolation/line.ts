/**
 * Points on the straight line between two codes, evenly spaced, both ends among them.
 *
 * @param ends two codes, [2, latent size]
 * @returns [steps, latent size]
 */
export function straightLine(ends: Float32Array, steps: number): Float32Array {
  const size = ends.length / 2;
  return Float32Array.from({ length: steps * size }, (_, i) => {
    const share = Math.floor(i / size) / (steps - 1);
    return (1 - share) * ends[i % size]! + share * ends[size + i % size]!;
  });
}
