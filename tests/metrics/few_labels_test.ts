import assert from "node:assert/strict";
import { randomStream } from "../../pipeline/base/random.ts";
import { accuracyOfDraw, stratifiedDraw } from "../../pipeline/metrics/few_labels.ts";
import { intervalOf } from "../../pipeline/metrics/interval.ts";
import { plainProduct } from "../../pipeline/metrics/matrix.ts";
import { assertNear } from "../support/assert_near.ts";
import { hasPython, python } from "../support/python.ts";

const LABELS = Uint8Array.from({ length: 400 }, (_, i) => i % 4);

Deno.test("a draw has as many examples of each class as asked for, no example twice, and another seed draws others", () => {
  const draw = (seed: number) => stratifiedDraw(LABELS, 4, 25, randomStream(seed, "draw"))!;
  const drawn = draw(1);
  assert.equal(new Set(drawn).size, 100);
  assert.deepEqual([0, 1, 2, 3].map((label) => [...drawn].filter((i) => LABELS[i] === label).length), [
    25,
    25,
    25,
    25,
  ]);
  assert.deepEqual(draw(1), drawn);
  assert.notDeepEqual(draw(2), drawn);
});

Deno.test("nothing is drawn where a class has too few examples; a class without any is no class", () => {
  const labels = Uint8Array.from([0, 0, 0, 2]);
  assert.equal(stratifiedDraw(labels, 3, 2, randomStream(1, "draw")), null);
  assert.equal(stratifiedDraw(labels, 3, 1, randomStream(1, "draw"))!.length, 2);
});

Deno.test("the interval of a mean is Student's", () => {
  // scipy.stats.t.interval(0.95, 4, loc=3, scale=sqrt(2.5 / 5)) = (1.036757, 4.963243)
  const { mean, deviation, low, high, count } = intervalOf([1, 2, 3, 4, 5]);
  assertNear([mean, deviation, low, high, count], [3, Math.sqrt(2.5), 1.036757, 4.963243, 5], {
    absolute: 1e-6,
  });
  assert.throws(() => intervalOf([1]), RangeError);
});

const SCIKIT_LEARN = `
import json, sys
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
data = json.loads(sys.argv[1])
x, y, tx, ty = [np.array(data[key]) for key in ("x", "y", "tx", "ty")]
found = []
for drawn in data["draws"]:
    a, b = x[drawn], y[drawn]
    linear = make_pipeline(StandardScaler(), LogisticRegression(tol=1e-8, max_iter=10000)).fit(a, b)
    nearest = KNeighborsClassifier(1, algorithm="brute").fit(a, b)
    found += [linear.score(tx, ty), nearest.score(tx, ty)]
print(json.dumps(found))
`;

Deno.test({
  name: "classifiers of few labels are right on the same examples as scikit-learn's, on the same draws",
  ignore: !hasPython("sklearn", "numpy"),
  fn() {
    const draws = randomStream(9, "codes").fillNormal(new Float32Array(3 * 700));
    const rows = Array.from(
      { length: 700 },
      (
        _,
        i,
      ) => [
        draws[3 * i]! + 0.9 * (i % 4),
        draws[3 * i + 1]! - (i % 4 === 2 ? 1.5 : 0),
        5 * draws[3 * i + 2]!,
      ],
    );
    const matrix = (some: readonly (readonly number[])[]) => ({
      rows: some.length,
      columns: 3,
      data: Float32Array.from(some.flat()),
    });
    const [x, tx] = [rows.slice(0, 400), rows.slice(400)];
    const ty = Uint8Array.from({ length: 300 }, (_, i) => i % 4);
    const taken = [1, 1, 10, 10, 50].map((perClass, i) =>
      stratifiedDraw(LABELS, 4, perClass, randomStream(3, "draw", i))!
    );
    const given = { x, y: [...LABELS], tx, ty: [...ty], draws: taken.map((draw) => [...draw]) };
    const { stdout, stderr } = python(["-c", SCIKIT_LEARN, JSON.stringify(given)]);
    const text = new TextDecoder().decode(stdout);
    assert(text !== "", new TextDecoder().decode(stderr));
    const representation = { name: "codes", reference: matrix(x), test: matrix(tx) };
    const found = taken.flatMap((draw) => {
      const { linear, nearest } = accuracyOfDraw(
        representation,
        { reference: LABELS, test: ty },
        draw,
        4,
        plainProduct,
      );
      return [linear, nearest];
    });
    assertNear(found, JSON.parse(text), { absolute: 1e-12 });
  },
});
