import assert from "node:assert/strict";
import { randomStream } from "../../pipeline/base/random.ts";
import { type Matrix, plainProduct } from "../../pipeline/metrics/matrix.ts";
import { principalAngles } from "../../pipeline/metrics/principal_angles.ts";
import { assertNear } from "../support/assert_near.ts";
import { hasPython, python } from "../support/python.ts";

function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]!.length, data: Float32Array.from(rows.flat()) };
}

function random(name: string, rows: number, columns: number): Matrix {
  return { rows, columns, data: randomStream(4, name).fillNormal(new Float32Array(rows * columns)) };
}

function near(found: Float64Array, expected: readonly number[], absolute = 1e-7) {
  assertNear([...found], [...expected], { absolute });
}

Deno.test("the angles between planes are those that they were turned by", () => {
  const [a, b] = [0.3, 1.2];
  const plane = matrix([[1, 0, 0, 0], [0, 1, 0, 0]]);
  const turned = matrix([[Math.cos(a), 0, Math.sin(a), 0], [0, Math.cos(b), 0, Math.sin(b)]]);
  near(principalAngles(plane, turned), [a, b]);
  near(principalAngles(turned, plane), [a, b]);
  near(principalAngles(plane, matrix([[0, 0, 1, 0], [0, 0, 0, 5]])), [Math.PI / 2, Math.PI / 2]);
});

Deno.test("a small angle keeps its digits", () => {
  const angle = 1e-4;
  near(principalAngles(matrix([[1, 0]]), matrix([[Math.cos(angle), Math.sin(angle)]])), [angle], 1e-10);
});

Deno.test("a span has no angle to itself, whichever rows it is given by", () => {
  const rows = random("rows", 4, 30);
  const mixed = plainProduct(random("mixture", 4, 4), rows);
  // Float32 rows lie within 1e-7 of where they would be.
  near(principalAngles(rows, mixed), [0, 0, 0, 0], 1e-5);
});

Deno.test("rows that depend on others, or are nothing, span nothing more", () => {
  const line = matrix([[1, 1, 0], [2, 2, 0], [0, 0, 0]]);
  near(principalAngles(line, matrix([[1, 0, 0], [0, 0, 1]])), [Math.PI / 4]);
  assert.equal(principalAngles(matrix([[0, 0]]), matrix([[1, 0]])).length, 0);
});

const SCIPY = `
import json, sys
import numpy as np
from scipy.linalg import subspace_angles
a, b = [np.array(rows, dtype=np.float64) for rows in json.loads(sys.argv[1])]
print(json.dumps(sorted(subspace_angles(a.T, b.T).tolist())))
`;

Deno.test({
  name: "principal angles are scipy's",
  ignore: !hasPython("scipy", "numpy"),
  fn() {
    const base = random("base", 5, 40);
    const noise = random("noise", 5, 40).data;
    const nearby: Matrix = { ...base, data: base.data.map((value, i) => value + 0.02 * (i % 7) * noise[i]!) };
    for (
      const [a, b] of [[base, nearby], [base, random("other", 3, 40)], [
        random("more", 9, 40),
        nearby,
      ]] as const
    ) {
      const rows = [a, b].map(({ rows, columns, data }) =>
        Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)])
      );
      const { stdout, stderr } = python(["-c", SCIPY, JSON.stringify(rows)]);
      const text = new TextDecoder().decode(stdout);
      assert(text !== "", new TextDecoder().decode(stderr));
      near(principalAngles(a, b), JSON.parse(text), 1e-9);
    }
  },
});
