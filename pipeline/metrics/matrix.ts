/** A matrix in C order: rows one after the other. */
export interface Matrix {
  /** How many. */
  readonly rows: number;
  /** How many. */
  readonly columns: number;
  /** Row by row, [rows, columns]. */
  readonly data: Float32Array;
}

/**
 * a b, or a' b, or a b' in float32. Metrics take it as an argument: the engine has a fast one and
 * `plainProduct` is the reference. The result stays valid until the next call.
 */
export type MatrixProduct = (a: Matrix, b: Matrix, transpose?: "a" | "b") => Matrix;

/** The rows `from` up to `to` of a matrix, as a view. */
export function rowsOf(matrix: Matrix, from: number, to: number): Matrix {
  const { columns, data } = matrix;
  return { rows: to - from, columns, data: data.subarray(from * columns, to * columns) };
}

/**
 * The rows at `indices`, copied in that order: [rows, columns] -> [indices, columns].
 * @throws {RangeError} where there is no such row
 */
export function rowsAt<Values extends Float32Array | Uint8Array>(
  { columns, data }: { readonly columns: number; readonly data: Values },
  indices: ArrayLike<number>,
): { readonly rows: number; readonly columns: number; readonly data: Values } {
  const gathered = new (data.constructor as new (length: number) => Values)(indices.length * columns);
  for (let to = 0; to < indices.length; to++) {
    const from = indices[to]! * columns;
    if (!(from >= 0 && from + columns <= data.length)) {
      throw new RangeError(`Cannot take row ${indices[to]} of ${data.length / columns}`);
    }
    gathered.set(data.subarray(from, from + columns), to * columns);
  }
  return { rows: indices.length, columns, data: gathered };
}

/** The matrix in parts of at most `size` rows, with the row at which each starts: large products in bounded memory. */
export function* rowBlocks(matrix: Matrix, size = 1000): Generator<{ from: number; block: Matrix }> {
  for (let from = 0; from < matrix.rows; from += size) {
    yield { from, block: rowsOf(matrix, from, Math.min(matrix.rows, from + size)) };
  }
}

/** The mean of each column, summed in float64. */
export function columnMeans({ rows, columns, data }: Matrix): Float64Array {
  const sums = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) sums[j]! += data[i * columns + j]!;
  }
  return sums.map((sum) => sum / rows);
}

/** The matrix product by definition, with sums in float64. @throws {RangeError} where the sides do not fit */
export const plainProduct: MatrixProduct = (a, b, transpose) => {
  const [rows, inner] = transpose === "a" ? [a.columns, a.rows] : [a.rows, a.columns];
  const [other, columns] = transpose === "b" ? [b.columns, b.rows] : [b.rows, b.columns];
  if (inner !== other) throw new RangeError(`Cannot multiply: ${inner} columns meet ${other} rows`);
  const data = new Float32Array(rows * columns);
  const sums = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    sums.fill(0);
    for (let k = 0; k < inner; k++) {
      const value = transpose === "a" ? a.data[k * rows + i]! : a.data[i * inner + k]!;
      if (value === 0) continue;
      for (let j = 0; j < columns; j++) {
        sums[j]! += value * (transpose === "b" ? b.data[j * inner + k]! : b.data[k * columns + j]!);
      }
    }
    data.set(sums, i * columns);
  }
  return { rows, columns, data };
};
