/** A plane in the space of z that goes through its origin: two directions of length 1 at right angles. */
export class Axes {
  /** @param {Float64Array[]} directions @param {string[]} names */
  constructor(directions, names) {
    this.directions = directions;
    this.names = names;
  }

  /** Where z lies in the plane. @param {ArrayLike<number>} z @returns {[number, number]} */
  project(z) {
    return [dot(this.directions[0], z), dot(this.directions[1], z)];
  }

  /** z moved within the plane to a place, with everything else as it was. @param {Float32Array} z */
  moved(z, [x, y]) {
    const [p, q] = this.project(z);
    return z.map((value, j) => value + (x - p) * this.directions[0][j] + (y - q) * this.directions[1][j]);
  }

  /** The covariance, [xx, xy, yy], of a Gaussian with independent dimensions. @param {ArrayLike<number>} logVariance */
  covariance(logVariance) {
    const [u, v] = this.directions;
    let xx = 0, xy = 0, yy = 0;
    for (let j = 0; j < u.length; j++) {
      const variance = Math.exp(logVariance[j]);
      xx += u[j] * u[j] * variance;
      xy += u[j] * v[j] * variance;
      yy += v[j] * v[j] * variance;
    }
    return [xx, xy, yy];
  }
}

/** All planes that one can choose: a name for each direction. @returns {{ name: string, direction: Float64Array }[]} */
export function directionsOf({ latentSize, components }) {
  const axis = (j) => Float64Array.from({ length: latentSize }, (_, i) => Number(i === j));
  const dimensions = Array.from(
    { length: latentSize },
    (_, j) => ({ name: `z${subscript(j + 1)}`, direction: axis(j) }),
  );
  const leading = [0, 1].map((i) => ({
    name: `PC ${i + 1}`,
    direction: Float64Array.from(components?.slice(i * latentSize, (i + 1) * latentSize) ?? []),
  }));
  // A latent space of one dimension is a line: nothing goes up.
  if (latentSize === 1) dimensions.push({ name: "–", direction: Float64Array.of(0) });
  return components ? [...leading, ...dimensions] : dimensions;
}

/** Two directions, the second made to stand at a right angle on the first. */
export function axesOf(first, second) {
  const along = dot(first.direction, second.direction);
  const rest = second.direction.map((value, j) => value - along * first.direction[j]);
  const length = Math.hypot(...rest);
  return new Axes([first.direction, length > 1e-9 ? rest.map((value) => value / length) : rest], [
    first.name,
    second.name,
  ]);
}

export function dot(a, b) {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}

export const subscript = (number) => String(number).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);

/**
 * Draws from N(0, I) by Box and Muller (1958). The page is no result: no seed is needed.
 * @param {number} length
 */
export function normal(length) {
  return Float32Array.from(
    { length },
    () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()),
  );
}

/**
 * The aggregate posterior in a plane, the mean of Gaussians: [side, side] from -limit to limit, upwards.
 * @param {{ at: number[], covariance: number[] }[]} gaussians
 */
export function density(gaussians, limit, side) {
  const grid = new Float32Array(side * side), cell = 2 * limit / side;
  const clamp = (i) => Math.max(0, Math.min(side, i));
  for (const { at: [x, y], covariance: [a, b, c] } of gaussians) {
    // No narrower than a cell, or a Gaussian falls between two of them.
    const xx = a + cell * cell / 4, yy = c + cell * cell / 4, determinant = xx * yy - b * b;
    if (!Number.isFinite(determinant)) continue;
    const factor = 1 / Math.sqrt(determinant), [rx, ry] = [3 * Math.sqrt(xx), 3 * Math.sqrt(yy)];
    const index = (value) => Math.floor((value + limit) / cell);
    for (let row = clamp(index(y - ry)); row < clamp(index(y + ry) + 1); row++) {
      const dy = -limit + (row + 0.5) * cell - y;
      for (let column = clamp(index(x - rx)); column < clamp(index(x + rx) + 1); column++) {
        const dx = -limit + (column + 0.5) * cell - x;
        const distance = (yy * dx * dx - 2 * b * dx * dy + xx * dy * dy) / determinant;
        grid[row * side + column] += factor * Math.exp(-distance / 2);
      }
    }
  }
  return grid;
}

/** The ellipse that holds a share of a Gaussian of two dimensions: half-axes and angle. @param {number[]} covariance */
export function ellipse([xx, xy, yy], share = 0.95) {
  const radius = Math.sqrt(-2 * Math.log(1 - share));
  const middle = (xx + yy) / 2, spread = Math.hypot((xx - yy) / 2, xy);
  return {
    axes: [Math.sqrt(middle + spread) * radius, Math.sqrt(Math.max(0, middle - spread)) * radius],
    angle: Math.atan2(2 * xy, xx - yy) / 2,
  };
}

/** Where a path is after a share of its length. @param {Float32Array[]} path */
export function along(path, share) {
  const lengths = path.slice(1).map((z, i) => Math.hypot(...z.map((value, j) => value - path[i][j])));
  let left = share * lengths.reduce((sum, length) => sum + length, 0);
  for (let i = 0; i < lengths.length; i++) {
    if (left <= lengths[i] || i === lengths.length - 1) {
      const t = lengths[i] > 0 ? Math.min(1, left / lengths[i]) : 0;
      return path[i].map((value, j) => value + t * (path[i + 1][j] - value));
    }
    left -= lengths[i];
  }
  return path[0];
}
