import assert from "node:assert/strict";
import { errata, printedDivergence } from "../../../pipeline/report/paper/errata.ts";
import { assertNear } from "../../support/assert_near.ts";

Deno.test("the sum that the paper prints for D(p, q) is D(q, p)", () => {
  // scipy.special.rel_entr([0.9, 0.1], [0.5, 0.5]).sum() and, the other way round, of [0.5, 0.5] to [0.9, 0.1].
  const [qp, pq] = [0.3680642071684971, 0.5108256237659907];
  const [p, q] = [[0.5, 0.5], [0.9, 0.1]];
  assertNear([printedDivergence(p!, q!), printedDivergence(q!, p!)], [qp, pq], { absolute: 1e-12 });
  const words = String(errata());
  assert.match(words, /it is 0\.368, and the divergence that stands on the left\s+is 0\.511/);
  for (const named of ["[9]", "[10]", "[11]", "neocortex"]) assert.ok(words.includes(named), named);
});
