import assert from "node:assert/strict";
import { errorsBySize, subspacesBySize } from "../../../pipeline/report/paper/by_size.ts";
import type { PaperResult } from "../../../pipeline/report/paper/read.ts";

function run(size: number, vae: number, pca: number, subspace: object = {}): PaperResult {
  const metrics = {
    latent: { size },
    squaredError: { vae, pca },
    studies: {
      "linear-subspace": { components: 2, halvesAngles: [1, 5], randomAngles: [80, 88], ...subspace },
    },
  };
  return { metrics, spec: { name: "run" } } as unknown as PaperResult;
}

Deno.test("errors are told by size, with the spread over the seeds and the lead seed by seed", () => {
  const [two, eight] = errorsBySize([run(8, 20, 25), run(2, 40, 50), run(2, 44, 51)]);
  assert.deepEqual([two!.size, eight!.size], [2, 8]);
  assert.deepEqual([two!.vae.mean, two!.pca.mean], [42, 50.5]);
  // Leads of 10 and 7.
  assert.equal(two!.lead.mean, 8.5);
  assert(Math.abs(two!.lead.deviation! - 1.5 * Math.SQRT2) < 1e-12);
  assert.equal(eight!.lead.deviation, null);
});

Deno.test("subspaces are told by the worst seed; a direction that is missing is 90 degrees away", () => {
  const near = run(2, 1, 1, { angles: [1, 2], captured: 0.99 });
  const far = run(2, 1, 1, { angles: [1, 3], captured: 0.98, halvesAngles: [2, 7], randomAngles: [70, 71] });
  assert.deepEqual(subspacesBySize([near, far]), [
    { size: 2, seeds: 2, angle: 3, halvesAngle: 7, randomAngle: 70, captured: 0.98 },
  ]);
  assert.equal(subspacesBySize([run(2, 1, 1, { angles: [1], captured: 0.5 })])[0]!.angle, 90);
});
