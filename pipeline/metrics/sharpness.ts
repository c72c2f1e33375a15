/** How much fine detail pictures have. */

/**
 * The variance of a picture's Laplacian over its inner pixels (Pech-Pacheco et al., 2000): edges make it large, blur
 * makes it small. It grows with the square of the contrast, and with noise.
 *
 * @param picture intensities [height, width]
 */
export function laplacianVariance(picture: ArrayLike<number>, width: number): number {
  const height = picture.length / width;
  let [count, sum, squares] = [0, 0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const value = picture[i - 1]! + picture[i + 1]! + picture[i - width]! + picture[i + width]! -
        4 * picture[i]!;
      count++;
      sum += value;
      squares += value * value;
    }
  }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}

/** Cycles per pixel from which on a frequency is high: half of the highest that pixels can have. */
const HIGH = 0.25;

/**
 * The share of a picture's spectral energy, its mean left out, that lies at spatial frequencies above a quarter of a
 * cycle per pixel. It does not depend on the contrast; 0 of a picture that is the same everywhere.
 *
 * @param picture intensities [height, width]
 */
export function highFrequencyShare(picture: ArrayLike<number>, width: number): number {
  const height = picture.length / width;
  const rows = transformed(Float64Array.from(picture), new Float64Array(picture.length), height, width);
  const all = transformed(
    transposed(rows.real, height, width),
    transposed(rows.imaginary, height, width),
    width,
    height,
  );
  let [energy, high] = [0, 0];
  for (let u = 0; u < width; u++) {
    for (let v = 0; v < height; v++) {
      if (u === 0 && v === 0) continue;
      const i = u * height + v;
      const square = all.real[i]! ** 2 + all.imaginary[i]! ** 2;
      energy += square;
      if (Math.hypot(Math.min(u, width - u) / width, Math.min(v, height - v) / height) > HIGH) high += square;
    }
  }
  // Of a flat picture rounding alone is left.
  return energy <= 1e-20 * picture.length ** 2 ? 0 : high / energy;
}

/** The discrete Fourier transform of each row, by definition: rows are short. */
function transformed(real: Float64Array, imaginary: Float64Array, rows: number, length: number) {
  const cosine = Float64Array.from({ length }, (_, k) => Math.cos(2 * Math.PI * k / length));
  const sine = Float64Array.from({ length }, (_, k) => -Math.sin(2 * Math.PI * k / length));
  const result = { real: new Float64Array(real.length), imaginary: new Float64Array(real.length) };
  for (let row = 0; row < rows; row++) {
    for (let frequency = 0; frequency < length; frequency++) {
      let [re, im] = [0, 0];
      for (let x = 0; x < length; x++) {
        const turn = frequency * x % length, at = row * length + x;
        re += real[at]! * cosine[turn]! - imaginary[at]! * sine[turn]!;
        im += real[at]! * sine[turn]! + imaginary[at]! * cosine[turn]!;
      }
      result.real[row * length + frequency] = re;
      result.imaginary[row * length + frequency] = im;
    }
  }
  return result;
}

function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = matrix[row * columns + column]!;
    }
  }
  return result;
}
