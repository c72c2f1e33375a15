import assert from "node:assert/strict";
import { minimise } from "../../pipeline/metrics/lbfgs.ts";
import { type Matrix, plainProduct, rowBlocks } from "../../pipeline/metrics/matrix.ts";
import {
  type Labelled,
  linearProbeAccuracy,
  nearestNeighbourAccuracy,
} from "../../pipeline/metrics/probe.ts";
import { randomStream } from "../../pipeline/base/random.ts";
import { assertNear } from "../support/assert_near.ts";
import { hasPython, python } from "../support/python.ts";

function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]!.length, data: Float32Array.from(rows.flat()) };
}

function labelled(rows: readonly (readonly number[])[], labels: readonly number[]): Labelled {
  return { features: matrix(rows), labels: Uint8Array.from(labels) };
}

Deno.test("L-BFGS finds the minimum of Rosenbrock's valley", () => {
  const { at, value } = minimise(
    (x) => {
      const [a, b] = [x[0]!, x[1]!];
      return {
        value: (1 - a) ** 2 + 100 * (b - a * a) ** 2,
        gradient: Float64Array.of(-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)),
      };
    },
    Float64Array.of(-1.2, 1),
    { tolerance: 1e-8 },
  );
  assert.ok(Math.abs(at[0]! - 1) < 1e-6 && Math.abs(at[1]! - 1) < 1e-6, `${at}`);
  assert.ok(value < 1e-12);
});

Deno.test("L-BFGS reaches the exact minimum of a quadratic", () => {
  const scales = Float64Array.from({ length: 20 }, (_, i) => 1 + i * i);
  const { at } = minimise(
    (x) => ({
      value: x.reduce((sum, v, i) => sum + scales[i]! * (v - i) ** 2 / 2, 0),
      gradient: x.map((v, i) => scales[i]! * (v - i)),
    }),
    new Float64Array(20),
    { tolerance: 1e-9, maxIterations: 500 },
  );
  at.forEach((value, i) => assert.ok(Math.abs(value - i) < 1e-6));
});

Deno.test("the product is the one by definition, transposed on either side", () => {
  const a = matrix([[1, 2, 3], [4, 5, 6]]);
  const b = matrix([[1, 0], [2, -1], [0, 3]]);
  assert.deepEqual(plainProduct(a, b).data, Float32Array.of(5, 7, 14, 13));
  assert.deepEqual(
    plainProduct(matrix([[1, 4], [2, 5], [3, 6]]), b, "a").data,
    Float32Array.of(5, 7, 14, 13),
  );
  assert.deepEqual(plainProduct(a, matrix([[1, 2, 0], [0, -1, 3]]), "b").data, Float32Array.of(5, 7, 14, 13));
  assert.throws(() => plainProduct(a, a), /3 columns meet 2 rows/);
  assert.deepEqual([...rowBlocks(b, 2)].map(({ from, block }) => [from, ...block.data]), [[0, 1, 0, 2, -1], [
    2,
    0,
    3,
  ]]);
});

Deno.test("a linear probe separates what a line separates, wherever the data lies", () => {
  const rows = Array.from({ length: 60 }, (_, i) => [50 + Math.sin(i * 7.3), 10 + Math.cos(i * 3.1)]);
  const labels = rows.map(([x, y]) => x! - 50 > 0.5 * (y! - 10) ? 1 : 0);
  const far = rows.map(([x, y], i) => [x! + (labels[i] ? 0.3 : -0.3), y!]);
  const data = labelled(far, labels);
  assert.equal(linearProbeAccuracy(data, data, 2, plainProduct), 1);
});

Deno.test("a linear probe reaches Bayes' accuracy for two normal classes, and chance for no difference", () => {
  const values = randomStream(2, "classes").fillNormal(new Float32Array(8000));
  const rows = Array.from(values, (value, i) => [value + (i % 2 ? 1 : -1)]);
  const labels = rows.map((_, i) => i % 2);
  const [train, test] = [
    labelled(rows.slice(0, 4000), labels.slice(0, 4000)),
    labelled(rows.slice(4000), labels.slice(4000)),
  ];
  // The best threshold is 0: it is right with the probability Phi(1) = 0.8413.
  const accuracy = linearProbeAccuracy(train, test, 2, plainProduct);
  assert.ok(Math.abs(accuracy - 0.8413) < 0.02, `${accuracy}`);
  const same = (from: number) =>
    labelled(
      Array.from(values.subarray(from, from + 4000), (value) => [value]),
      labels.slice(from, from + 4000),
    );
  const chance = linearProbeAccuracy(same(0), same(4000), 2, plainProduct);
  assert.ok(Math.abs(chance - 0.5) < 0.03, `${chance}`);
});

Deno.test("nearest neighbours vote; ties go to the lower class, those in distance to the earlier example", () => {
  const reference = labelled([[0], [1], [2], [10], [11]], [0, 1, 1, 2, 2]);
  const at = (x: number, label: number, k: number) =>
    nearestNeighbourAccuracy(reference, labelled([[x]], [label]), 3, k, plainProduct);
  assert.equal(at(0.1, 0, 1), 1);
  assert.equal(at(0.1, 1, 3), 1);
  assert.equal(at(0.1, 0, 2), 1, "one vote each: the lower class wins");
  assert.equal(at(6, 1, 2), 1, "one vote each, and 10 is nearer than 2");
  assert.equal(at(10.4, 2, 2), 1);
  assert.equal(at(0.5, 0, 1), 1, "equally near: the earlier example");
  assert.equal(at(5, 1, 99), 1, "no more neighbours than there are: two votes each");
});

Deno.test("what a linear probe finds does not depend on the scale of the codes", () => {
  const draws = randomStream(8, "scales").fillNormal(new Float32Array(1200));
  const at = (scale: number) => {
    const rows = Array.from({ length: 400 }, (_, i) => {
      const [a, b, c] = draws.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
      return { row: [scale * a, scale * (5 + b / 64), 7], label: Number(a + b + 0.5 * c > 0) };
    });
    const set = (from: number, to: number) =>
      labelled(rows.slice(from, to).map(({ row }) => row), rows.slice(from, to).map(({ label }) => label));
    return linearProbeAccuracy(set(0, 200), set(200, 400), 2, plainProduct);
  };
  assert.ok(at(1) > 0.85, `${at(1)}`);
  assert.equal(at(1 / 128), at(1));
  assert.equal(at(32), at(1));
});

/** Prints accuracies of a logistic regression on standardised features, and of k nearest neighbours. */
const SCIKIT_LEARN = `
import json, sys
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
data = json.loads(sys.argv[1])
x, y, tx, ty = [np.array(data[key]) for key in ("x", "y", "tx", "ty")]
linear = make_pipeline(StandardScaler(), LogisticRegression(tol=1e-8, max_iter=10000)).fit(x, y)
nearest = [KNeighborsClassifier(k, algorithm="brute").fit(x, y).score(tx, ty) for k in (2, 4, 5)]
print(json.dumps([linear.score(tx, ty), *nearest]))
`;

Deno.test({
  name: "linear probe and neighbours are right on the same examples as scikit-learn's",
  ignore: !hasPython("sklearn", "numpy"),
  fn() {
    // Three overlapping classes; columns of very different scales. Two and four neighbours often tie.
    const draws = randomStream(9, "scikit-learn").fillNormal(new Float32Array(4 * 800));
    const rows = Array.from({ length: 800 }, (_, i) => {
      const label = i % 3, [a, b, c, d] = draws.subarray(4 * i, 4 * i + 4);
      return { row: [a! + label, 0.01 * (b! - 0.7 * label), 20 * c!, d! * (1 + label)], label };
    });
    const [train, test] = [rows.slice(0, 500), rows.slice(500)];
    const [x, tx] = [train, test].map((some) => some.map(({ row }) => row));
    const [y, ty] = [train, test].map((some) => some.map(({ label }) => label));
    const { stdout, stderr } = python(["-c", SCIKIT_LEARN, JSON.stringify({ x, y, tx, ty })]);
    const expected: number[] = JSON.parse(
      new TextDecoder().decode(stdout) || `"${new TextDecoder().decode(stderr)}"`,
    );
    const [fitted, measured] = [labelled(x!, y!), labelled(tx!, ty!)];
    assertNear(
      [
        linearProbeAccuracy(fitted, measured, 3, plainProduct),
        ...[2, 4, 5].map((k) => nearestNeighbourAccuracy(fitted, measured, 3, k, plainProduct)),
      ],
      expected,
      { absolute: 1e-12 },
    );
  },
});

Deno.test("the nearest by inner products are the nearest by distances", () => {
  const random = (name: string, rows: number) => {
    const data = randomStream(3, name).fillNormal(new Float32Array(rows * 4));
    return { rows, columns: 4, data };
  };
  const [reference, test] = [random("reference", 150), random("test", 40)];
  const labels = Uint8Array.from({ length: 150 }, (_, i) => i % 7);
  const brute = Uint8Array.from({ length: 40 }, (_, i) => {
    let best = [Infinity, 0];
    for (let r = 0; r < 150; r++) {
      let distance = 0;
      for (let d = 0; d < 4; d++) distance += (test.data[i * 4 + d]! - reference.data[r * 4 + d]!) ** 2;
      if (distance < best[0]!) best = [distance, labels[r]!];
    }
    return best[1]!;
  });
  const accuracy = nearestNeighbourAccuracy(
    { features: reference, labels },
    { features: test, labels: brute },
    7,
    1,
    plainProduct,
  );
  assert.equal(accuracy, 1);
});
