import { symmetricEigenpairs } from "./eigen.ts";
import type { Matrix } from "./matrix.ts";

/** A direction of less than this share of the longest one's length is rounding. */
const DEPENDENT = 1e-6;

/**
 * The principal angles between the spans of the rows of `a` and of `b` (Björck and Golub, 1973), in radians, smallest
 * first; as many as the smaller span has dimensions. Up to 45 degrees they follow from the sine and beyond from the
 * cosine, since a small angle's cosine says nothing (Knyazev and Argentati, 2002). Rows need not be orthogonal; those
 * that depend on others add nothing to a span.
 */
export function principalAngles(a: Matrix, b: Matrix): Float64Array {
  const [larger, smaller] = [basisOf(a), basisOf(b)].sort((one, other) => other.length - one.length);
  const k = smaller!.length;
  // What of each row of the smaller basis lies in the larger subspace, and what is left of it.
  const inside = smaller!.map((row) => larger!.map((other) => inner(row, other)));
  const left = smaller!.map((row, i) =>
    row.map((value, j) => larger!.reduce((rest, other, m) => rest - inside[i]![m]! * other[j]!, value))
  );
  const cosines = squaredSingularValues(inside.map((row) => Float64Array.from(row)));
  // The largest cosine belongs to the smallest sine.
  const sines = squaredSingularValues(left).reverse();
  return Float64Array.from(
    { length: k },
    (_, i) =>
      sines[i]! <= 0.5
        ? Math.asin(Math.sqrt(Math.max(0, sines[i]!)))
        : Math.acos(Math.sqrt(Math.min(1, Math.max(0, cosines[i]!)))),
  );
}

/** An orthonormal basis of the rows' span. */
function basisOf({ rows, columns, data }: Matrix): Float64Array[] {
  const all = Float64Array.from(data);
  const rowAt = (i: number) => all.subarray(i * columns, (i + 1) * columns);
  const lengths = Array.from({ length: rows }, (_, i) => Math.sqrt(inner(rowAt(i), rowAt(i))));
  const longest = Math.max(0, ...lengths);
  const basis: Float64Array[] = [];
  for (let i = 0; i < rows; i++) {
    if (lengths[i]! <= DEPENDENT * longest) continue;
    const rest = rowAt(i);
    // Twice, for full precision.
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) {
        const overlap = inner(rest, other);
        other.forEach((value, j) => rest[j]! -= overlap * value);
      }
    }
    const norm = Math.sqrt(inner(rest, rest));
    if (norm > DEPENDENT * lengths[i]!) basis.push(rest.map((value) => value / norm));
  }
  return basis;
}

/** Squares of the singular values of a matrix of these rows, largest first. */
function squaredSingularValues(rows: readonly Float64Array[]): Float64Array {
  const k = rows.length;
  const gram = Float64Array.from(
    { length: k * k },
    (_, at) => inner(rows[Math.floor(at / k)]!, rows[at % k]!),
  );
  return symmetricEigenpairs(gram, k).values;
}

function inner(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
