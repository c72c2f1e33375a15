import { minimise } from "./lbfgs.ts";
import { columnMeans, type Matrix, type MatrixProduct, rowBlocks } from "./matrix.ts";

/** How well labels can be told from features: a measure of what a representation keeps in plain view. */

/** Representations of examples with their classes. */
export interface Labelled {
  /** A row for each example. */
  readonly features: Matrix;
  /** One class number for each row. */
  readonly labels: Uint8Array;
}

/**
 * Accuracy on `test` of multinomial logistic regression fitted to `train` (a linear probe: Alain and Bengio,
 * 2017): maximum likelihood with the L2 penalty |W|^2 / 2 on the weights, not on the biases, beside the summed
 * loss; features standardised by the mean and standard deviation of the training examples, so that the penalty
 * weighs on all scales alike.
 */
export function linearProbeAccuracy(
  train: Labelled,
  test: Labelled,
  classes: number,
  product: MatrixProduct,
): number {
  const { rows, columns } = train.features;
  // The last column is the bias's; with features centred, it does not hinder the others.
  const scaling = scalingOf(train.features);
  const x = standardisedWithOnes(train.features, scaling);
  const width = columns + 1;
  const objective = (weights: Float64Array) => {
    const w: Matrix = { rows: width, columns: classes, data: Float32Array.from(weights) };
    const gradient = new Float64Array(weights.length);
    let value = 0;
    for (const { from, block } of rowBlocks(x)) {
      const scores = product(block, w);
      const residuals = new Float32Array(scores.data.length);
      for (let i = 0; i < block.rows; i++) {
        value += softmaxResidual(scores.data, residuals, i * classes, classes, train.labels[from + i]!);
      }
      const part = product(block, { rows: block.rows, columns: classes, data: residuals }, "a").data;
      for (let i = 0; i < gradient.length; i++) gradient[i]! += part[i]!;
    }
    for (let i = 0; i < columns * classes; i++) {
      value += weights[i]! ** 2 / 2;
      gradient[i]! += weights[i]!;
    }
    return { value: value / rows, gradient: gradient.map((slope) => slope / rows) };
  };
  const { at } = minimise(objective, new Float64Array(width * classes));
  const w: Matrix = { rows: width, columns: classes, data: Float32Array.from(at) };
  let correct = 0;
  for (const { from, block } of rowBlocks(test.features)) {
    const scores = product(standardisedWithOnes(block, scaling), w).data;
    for (let i = 0; i < block.rows; i++) {
      const row = scores.subarray(i * classes, (i + 1) * classes);
      if (row.indexOf(Math.max(...row)) === test.labels[from + i]) correct++;
    }
  }
  return correct / test.features.rows;
}

/** Writes softmax(scores) - onehot(label) and returns -log softmax(scores)[label]. */
function softmaxResidual(
  scores: Float32Array,
  residuals: Float32Array,
  from: number,
  classes: number,
  label: number,
): number {
  let largest = -Infinity;
  for (let c = 0; c < classes; c++) largest = Math.max(largest, scores[from + c]!);
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += Math.exp(scores[from + c]! - largest);
  const logSum = largest + Math.log(sum);
  for (let c = 0; c < classes; c++) {
    residuals[from + c] = Math.exp(scores[from + c]! - logSum) - (c === label ? 1 : 0);
  }
  return logSum - scores[from + label]!;
}

/** What standardises features, by column. */
interface Scaling {
  readonly mean: Float64Array;
  /** 1 where a column never changes. */
  readonly deviation: Float64Array;
}

function scalingOf({ rows, columns, data }: Matrix): Scaling {
  const mean = columnMeans({ rows, columns, data });
  const variance = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) variance[i % columns]! += (data[i]! - mean[i % columns]!) ** 2 / rows;
  // Rounding leaves a constant column a spread of its own.
  const isConstant = (j: number) => Math.sqrt(variance[j]!) <= 1e-7 * Math.abs(mean[j]!);
  return { mean, deviation: variance.map((value, j) => isConstant(j) ? 1 : Math.sqrt(value)) };
}

function standardisedWithOnes({ rows, columns, data }: Matrix, { mean, deviation }: Scaling): Matrix {
  const result = new Float32Array(rows * (columns + 1)).fill(1);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      result[i * (columns + 1) + j] = (data[i * columns + j]! - mean[j]!) / deviation[j]!;
    }
  }
  return { rows, columns: columns + 1, data: result };
}

/**
 * Accuracy on `test` of the majority among the k nearest of `reference` (Euclidean; Cover and Hart, 1967).
 * Ties between classes go to the class with the lower number, as in scikit-learn, ties in distance to the earlier
 * example.
 */
export function nearestNeighbourAccuracy(
  reference: Labelled,
  test: Labelled,
  classes: number,
  k: number,
  product: MatrixProduct,
): number {
  const { features } = reference;
  const halfSquares = Float64Array.from({ length: features.rows }, (_, i) => {
    const row = features.data.subarray(i * features.columns, (i + 1) * features.columns);
    return row.reduce((sum, value) => sum + value * value, 0) / 2;
  });
  const kept = Math.min(k, features.rows);
  const nearest = new Uint32Array(kept);
  const distances = new Float64Array(kept);
  let correct = 0;
  for (const { from, block } of rowBlocks(test.features, 500)) {
    const inner = product(block, features, "b").data;
    for (let i = 0; i < block.rows; i++) {
      distances.fill(Infinity);
      for (let r = 0; r < features.rows; r++) {
        // Half the squared distance, less what is the same for all references.
        const distance = halfSquares[r]! - inner[i * features.rows + r]!;
        if (!(distance < distances[kept - 1]!)) continue;
        let place = kept - 1;
        for (; place > 0 && distance < distances[place - 1]!; place--) {
          distances[place] = distances[place - 1]!;
          nearest[place] = nearest[place - 1]!;
        }
        distances[place] = distance;
        nearest[place] = r;
      }
      if (majority(nearest, reference.labels, classes) === test.labels[from + i]) correct++;
    }
  }
  return correct / test.features.rows;
}

function majority(nearest: Uint32Array, labels: Uint8Array, classes: number): number {
  const votes = new Uint32Array(classes);
  for (const r of nearest) votes[labels[r]!]!++;
  return votes.indexOf(Math.max(...votes));
}
