import assert from "node:assert/strict";
import fc from "fast-check";
import { chooseMeans } from "../../pipeline/inference/step_means.ts";

Deno.test("means that read means are those of as many rounds as there are turns, and of none where nothing changes any more", () => {
  const weight = fc.double({ min: -3, max: 3, noNaN: true });
  const draws = 6;
  fc.assert(fc.property(
    fc.array(weight, { minLength: draws * draws, maxLength: draws * draws }),
    fc.integer({ min: 0, max: draws }),
    (weights, reach) => {
      let calls = 0;
      /** A value reads those before it, but only the first so many. */
      const given = (drawn: ArrayLike<number>) => {
        calls++;
        return Float32Array.from({ length: draws }, (_, at) => {
          let logit = weights[at]!;
          for (let before = 0; before < Math.min(at, reach); before++) {
            logit += weights[draws * at + before]! * (drawn[before] ?? 0);
          }
          return 1 / (1 + Math.exp(-logit));
        });
      };
      let wanted = given([]);
      for (let round = 1; round < draws; round++) wanted = given(wanted);
      calls = 0;
      assert.deepEqual(chooseMeans({ count: 1, draws, given }), wanted);
      // After `reach` rounds all that is read is settled; another computes what reads it, and one more finds no change.
      assert.ok(calls <= Math.min(draws, reach + 2), `${calls}`);
    },
  ));
});
