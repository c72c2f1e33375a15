import type { Matrix } from "./matrix.ts";

/** The most probable class of each row, [rows, classes]; of equal ones the first. */
export function mostProbable({ rows, columns, data }: Matrix): Uint8Array {
  return Uint8Array.from({ length: rows }, (_, i) => {
    const row = data.subarray(i * columns, (i + 1) * columns);
    return row.indexOf(Math.max(...row));
  });
}
