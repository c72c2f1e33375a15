/** What can be measured of a picture of a stroke, and the direction in latent space that changes it. */

/** Each pixel's mean over the channels: [height, width, channels] -> [height, width]. */
export function intensities(picture: Float32Array, channels: number): Float32Array {
  if (channels === 1) return picture;
  const grey = new Float32Array(picture.length / channels);
  picture.forEach((value, i) => grey[Math.floor(i / channels)]! += value / channels);
  return grey;
}

/** Ink: the sum of a picture's values. */
export function ink(picture: Float32Array): number {
  return picture.reduce((sum, value) => sum + value, 0);
}

/**
 * Slant: columns by which the stroke moves to the right from one row to the one above it, by the picture's second
 * central moments; 0 of an empty picture.
 */
export function slant(picture: Float32Array, width: number): number {
  let [mass, x, y] = [0, 0, 0];
  picture.forEach((value, i) => {
    mass += value;
    x += value * (i % width);
    y += value * Math.floor(i / width);
  });
  if (mass === 0) return 0;
  let [xy, yy] = [0, 0];
  picture.forEach((value, i) => {
    const row = Math.floor(i / width) - y / mass;
    xy += value * (i % width - x / mass) * row;
    yy += value * row * row;
  });
  return yy === 0 ? 0 : -xy / yy;
}

/** The mean of the rows `indices` of [n, size], [size]. */
export function meanRow(rows: Float32Array, size: number, indices: readonly number[]): Float64Array {
  const mean = new Float64Array(size);
  for (const i of indices) for (let j = 0; j < size; j++) mean[j]! += rows[i * size + j]! / indices.length;
  return mean;
}

/** A difference of two groups of examples: in latent space, and in the attribute that tells them apart. */
export interface AttributeVector {
  /** [latent size] */
  readonly direction: Float64Array;
  /** The attribute's mean in the upper group less that in the lower. */
  readonly gap: number;
}

/**
 * The direction from the mean code of the quarter of examples with the least of an attribute to that of the quarter
 * with the most (Larsen et al., 2016).
 *
 * @param codes [examples, size]
 * @param values the attribute of each example, [examples]
 */
export function attributeVector(codes: Float32Array, size: number, values: Float64Array): AttributeVector {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
  const quarter = Math.max(1, Math.floor(order.length / 4));
  const [low, high] = [order.slice(0, quarter), order.slice(-quarter)];
  const [from, to] = [meanRow(codes, size, low), meanRow(codes, size, high)];
  const mean = (group: number[]) => group.reduce((sum, i) => sum + values[i]! / group.length, 0);
  return { direction: to.map((value, j) => value - from[j]!), gap: mean(high) - mean(low) };
}

/** Codes [n, latent size], moved by `amount` times a direction [latent size]. */
export function moved(codes: Float32Array, direction: Float64Array, amount: number): Float32Array {
  return codes.map((value, i) => value + amount * direction[i % direction.length]!);
}
