import { broadcast, broadcastStrides, offsets, pick } from "./tensors.js";

/** @typedef {import("./tensors.js").Operator} Operator */

/**
 * out [m, n] += a [m, k] b [k, n], where the steps say how a and b lie. A row of b that lies in one piece is added to a
 * row of the result at once, four at a time; one that does not is a dot product.
 */
function product(m, k, n, a, aAt, aRow, aColumn, b, bAt, bRow, bColumn, out, outAt) {
  if (bColumn === 1) {
    for (let i = 0; i < m; i++) {
      const to = outAt + i * n, from = aAt + i * aRow;
      let j = 0;
      for (; j + 4 <= k; j += 4) {
        const p = a[from + j * aColumn], q = a[from + (j + 1) * aColumn];
        const r = a[from + (j + 2) * aColumn], s = a[from + (j + 3) * aColumn];
        if (p === 0 && q === 0 && r === 0 && s === 0) continue;
        const b0 = bAt + j * bRow, b1 = b0 + bRow, b2 = b1 + bRow, b3 = b2 + bRow;
        for (let l = 0; l < n; l++) {
          out[to + l] += p * b[b0 + l] + q * b[b1 + l] + r * b[b2 + l] + s * b[b3 + l];
        }
      }
      for (; j < k; j++) {
        const p = a[from + j * aColumn], row = bAt + j * bRow;
        for (let l = 0; l < n; l++) out[to + l] += p * b[row + l];
      }
    }
    return;
  }
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < n; l++) {
      let sum = 0, from = aAt + i * aRow, column = bAt + l * bColumn;
      for (let j = 0; j < k; j++, from += aColumn, column += bRow) sum += a[from] * b[column];
      out[outAt + i * n + l] += sum;
    }
  }
}

/** @type {Operator} */
export function gemm([a, b, c], { transA, transB }) {
  const [m, k] = transA === 1 ? [a.shape[1], a.shape[0]] : a.shape;
  const n = transB === 1 ? b.shape[0] : b.shape[1];
  const shape = [m, n];
  const data = c ? pick(c, shape, offsets(shape, broadcastStrides(c, shape))).data : new Float32Array(m * n);
  const [aRow, aColumn] = transA === 1 ? [1, m] : [k, 1];
  const [bRow, bColumn] = transB === 1 ? [1, k] : [n, 1];
  product(m, k, n, a.data, 0, aRow, aColumn, b.data, 0, bRow, bColumn, data, 0);
  return { shape, data };
}

/** @type {Operator} */
export function matMul([a, b]) {
  const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [m, k] = a.shape.slice(-2), n = b.shape.at(-1);
  const left = broadcastStrides({ shape: a.shape.slice(0, -2) }, batch);
  const right = broadcastStrides({ shape: b.shape.slice(0, -2) }, batch);
  const [p, q] = [offsets(batch, left), offsets(batch, right)];
  const data = new Float32Array(p.length * m * n);
  for (let i = 0; i < p.length; i++) {
    product(m, k, n, a.data, p[i] * m * k, k, 1, b.data, q[i] * k * n, n, 1, data, i * m * n);
  }
  return { shape: [...batch, m, n], data };
}
