import { randomStream } from "../base/random.ts";

/** Eigenvalues of a symmetric matrix [n, n] with their eigenvectors. */
export interface Eigenpairs {
  /** Largest first. */
  readonly values: Float64Array;
  /** [count, n]: one unit vector in each row. A vector of eigenvalue 0 may be all zeros. */
  readonly vectors: Float64Array;
}

/** Vectors carried along beside the wanted ones: the iteration converges by the gap behind them. */
const GUARD_VECTORS = 10;
/** Multiplications by the matrix from one check of the eigenvalues to the next; a check costs more than one. */
const ROUNDS_BETWEEN_CHECKS = 8;
/** Checks after which the result is taken as it is: eigenvalues that lie close together converge slowly. */
const MAX_CHECKS = 60;
/** The change from check to check, as a share of the largest eigenvalue, at which all have converged. */
const TOLERANCE = 1e-9;

/**
 * The `count` largest eigenpairs of a symmetric positive semidefinite matrix [n, n], by subspace iteration with a
 * Rayleigh-Ritz step (Golub and Van Loan, 2013, section 8.2.4).
 */
export function largestEigenpairs(matrix: Float64Array, n: number, count: number): Eigenpairs {
  const width = Math.min(n, count + GUARD_VECTORS);
  let basis: Float64Array = Float64Array.from(
    randomStream(0, "eigen").fillNormal(new Float32Array(width * n)),
  );
  orthonormalise(basis, width, n);
  let values: Float64Array = new Float64Array(width);
  for (let check = 0; check < MAX_CHECKS; check++) {
    for (let round = 0; round < ROUNDS_BETWEEN_CHECKS; round++) {
      basis = multiplyRows(basis, width, matrix, n);
      orthonormalise(basis, width, n);
    }
    const previous = values;
    const image = multiplyRows(basis, width, matrix, n);
    const small = new Float64Array(width * width);
    for (let i = 0; i < width; i++) {
      for (let j = i; j < width; j++) {
        small[i * width + j] = small[j * width + i] = dot(basis, i * n, image, j * n, n);
      }
    }
    const ritz = symmetricEigenpairs(small, width);
    basis = combineRows(ritz.vectors, width, basis, n);
    values = ritz.values;
    let change = 0;
    for (let i = 0; i < count; i++) change = Math.max(change, Math.abs(values[i]! - previous[i]!));
    if (change <= TOLERANCE * values[0]!) break;
  }
  const kept = Math.min(count, width);
  return { values: values.slice(0, kept), vectors: basis.slice(0, kept * n) };
}

/** All eigenpairs of a small symmetric matrix [n, n], by Jacobi's rotations; largest first. */
export function symmetricEigenpairs(matrix: Float64Array, n: number): Eigenpairs {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  const scale = Math.sqrt(dot(a, 0, a, 0, n * n));
  for (let sweep = 0; sweep < 50; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = 0; q < p; q++) off += a[p * n + q]! ** 2;
    if (Math.sqrt(off) <= 1e-15 * scale) break;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = a[p * n + q]!;
        if (apq === 0) continue;
        const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        rotate(a, p, q, n, n, c, s); // columns
        rotate(a, p * n, q * n, 1, n, c, s); // rows
        rotate(vectors, p * n, q * n, 1, n, c, s);
      }
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j]! - a[i * n + i]! || i - j);
  const sorted = new Float64Array(n * n);
  order.forEach((from, to) => sorted.set(vectors.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (i) => a[i * n + i]!), vectors: sorted };
}

/** Turns two vectors of `length` values, `stride` apart, by the angle of cosine c and sine s. */
function rotate(
  data: Float64Array,
  first: number,
  second: number,
  stride: number,
  length: number,
  c: number,
  s: number,
): void {
  for (let k = 0; k < length * stride; k += stride) {
    const x = data[first + k]!;
    const y = data[second + k]!;
    data[first + k] = c * x - s * y;
    data[second + k] = s * x + c * y;
  }
}

function dot(a: Float64Array, aFrom: number, b: Float64Array, bFrom: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[aFrom + i]! * b[bFrom + i]!;
  return sum;
}

/** coefficients [count, count] times rows [count, n]. */
function combineRows(coefficients: Float64Array, count: number, rows: Float64Array, n: number): Float64Array {
  const result = new Float64Array(count * n);
  for (let i = 0; i < count; i++) {
    const out = result.subarray(i * n, (i + 1) * n);
    for (let k = 0; k < count; k++) {
      const factor = coefficients[i * count + k]!;
      for (let j = 0; j < n; j++) out[j]! += factor * rows[k * n + j]!;
    }
  }
  return result;
}

/**
 * Each row [count, n] times a symmetric matrix [n, n]. Four sums at a time, each in its order: one alone waits for every
 * addition before the next.
 */
function multiplyRows(rows: Float64Array, count: number, matrix: Float64Array, n: number): Float64Array {
  const result = new Float64Array(count * n), fours = count - count % 4;
  for (let i = 0; i < n; i++) {
    for (let v = 0; v < fours; v += 4) {
      const a = v * n, b = a + n, c = b + n, d = c + n;
      let sumA = 0, sumB = 0, sumC = 0, sumD = 0;
      for (let k = 0; k < n; k++) {
        const factor = matrix[i * n + k]!;
        sumA += factor * rows[a + k]!;
        sumB += factor * rows[b + k]!;
        sumC += factor * rows[c + k]!;
        sumD += factor * rows[d + k]!;
      }
      result[a + i] = sumA;
      result[b + i] = sumB;
      result[c + i] = sumC;
      result[d + i] = sumD;
    }
    for (let v = fours; v < count; v++) result[v * n + i] = dot(matrix, i * n, rows, v * n, n);
  }
  return result;
}

/** Gram and Schmidt's procedure, twice for full precision; what depends on earlier rows becomes zero. */
function orthonormalise(rows: Float64Array, count: number, n: number): void {
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * n, (i + 1) * n);
    const before = Math.sqrt(dot(row, 0, row, 0, n));
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const overlap = dot(row, 0, rows, j * n, n);
        for (let k = 0; k < n; k++) row[k]! -= overlap * rows[j * n + k]!;
      }
    }
    const norm = Math.sqrt(dot(row, 0, row, 0, n));
    const factor = norm > 1e-12 * before ? 1 / norm : 0;
    for (let k = 0; k < n; k++) row[k]! *= factor;
  }
}
