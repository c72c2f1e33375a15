/** Filling in what cannot be seen of examples; all lists of examples are flat, [n, values]. */

/** Whether each value of an example is hidden. */
export type Hidden = ReadonlyArray<boolean>;

/** The examples with hidden values set to 0. */
export function hide(examples: Float32Array, hidden: Hidden): Float32Array {
  return examples.map((value, i) => hidden[i % hidden.length] ? 0 : value);
}

/**
 * Completes examples by what a model makes of them: hidden values are replaced by those of the reconstruction,
 * over and over, while seen values stay (the scheme of Rezende, Mohamed and Wierstra, 2014, for missing data,
 * with means in place of samples).
 */
export function complete(
  examples: Float32Array,
  hidden: Hidden,
  rounds: number,
  reconstruct: (examples: Float32Array) => Float32Array,
): Float32Array {
  let current = hide(examples, hidden);
  for (let round = 0; round < rounds; round++) {
    const made = reconstruct(current);
    current = current.map((value, i) => hidden[i % hidden.length] ? made[i]! : value);
  }
  return current;
}

/** Mean squared difference over the values that `counted` selects, over all examples; all values where it is left out. */
export function meanSquaredError(made: Float32Array, truth: Float32Array, counted?: Hidden): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < truth.length; i++) {
    if (counted && !counted[i % counted.length]) continue;
    sum += (made[i]! - truth[i]!) ** 2;
    count++;
  }
  return sum / count;
}

/** Peak signal-to-noise ratio in decibels, of values in [0, 1] with this mean squared error. */
export function psnr(meanSquaredError: number): number {
  return -10 * Math.log10(meanSquaredError);
}
