import assert from "node:assert/strict";
import { randomStream } from "../../pipeline/base/random.ts";
import { groupsLeftOut } from "../../pipeline/metrics/groups_out.ts";
import { plainProduct } from "../../pipeline/metrics/matrix.ts";
import { assertNear } from "../support/assert_near.ts";
import { hasPython, python } from "../support/python.ts";

/** Windows of nine pieces in three classes, with what a piece is like stronger than what its class is like. */
function windows() {
  const draws = randomStream(5, "windows").fillNormal(new Float32Array(3 * 180 + 27));
  const groups = Array.from({ length: 180 }, (_, i) => i % 9);
  const rows = groups.map((group, i) =>
    [0, 1, 2].map((j) =>
      0.4 * draws[3 * i + j]! + 1.5 * draws[540 + 3 * group + j]! + (group % 3 === j ? 1.5 : 0)
    )
  );
  return { rows, groups, labels: Uint8Array.from(groups, (group) => group % 3) };
}

function told({ rows, groups, labels }: ReturnType<typeof windows>) {
  const features = { rows: rows.length, columns: 3, data: Float32Array.from(rows.flat()) };
  return groupsLeftOut({ features, labels }, groups, 3, plainProduct);
}

Deno.test("what is learnt of a group of its own says nothing of another: noise is told no better than by chance", () => {
  // Each group lies in a place of its own, and groups have classes that no place foretells.
  const groups = Array.from({ length: 200 }, (_, i) => i % 20);
  const places = randomStream(6, "places").fillNormal(new Float32Array(20));
  const labels = Uint8Array.from(groups, (group) => group % 2);
  const features = { rows: 200, columns: 1, data: Float32Array.from(groups, (group) => 9 * places[group]!) };
  const { accuracy, commonest, groups: count } = groupsLeftOut(
    { features, labels },
    groups,
    2,
    plainProduct,
  )!;
  assert.deepEqual([commonest, count], [0.5, 20]);
  assert(accuracy < 0.75, `${accuracy}`);
});

Deno.test("nothing is told where a class would be gone with its only group, or where there is one class", () => {
  const { rows, groups, labels } = windows();
  assert.equal(told({ rows, groups: [...labels], labels }), null);
  assert.equal(told({ rows, groups, labels: new Uint8Array(labels.length) }), null);
});

const SCIKIT_LEARN = `
import json, sys
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
data = json.loads(sys.argv[1])
x, y, groups = [np.array(data[key]) for key in ("rows", "labels", "groups")]
model = make_pipeline(StandardScaler(), LogisticRegression(tol=1e-8, max_iter=10000))
right = cross_val_predict(model, x, y, groups=groups, cv=LeaveOneGroupOut()) == y
print(json.dumps([right.mean(), int(sum(right[groups == g].mean() > 0.5 for g in set(groups)))]))
`;

Deno.test({
  name: "groups that are left out are told as often as by scikit-learn",
  ignore: !hasPython("sklearn", "numpy"),
  fn() {
    const given = windows();
    const { stdout, stderr } = python([
      "-c",
      SCIKIT_LEARN,
      JSON.stringify({ ...given, labels: [...given.labels] }),
    ]);
    const text = new TextDecoder().decode(stdout);
    assert(text !== "", new TextDecoder().decode(stderr));
    const { accuracy, groupsRight } = told(given)!;
    assertNear([accuracy, groupsRight], JSON.parse(text), { absolute: 1e-12 });
  },
});
