/** The most numbers that a dispatch is told. */
export const RECORD = 128;

/** A number that the dispatch is told, in WGSL. */
export function told(index: number): string {
  return `told[${index >> 2}u].${"xyzw"[index & 3]}`;
}
