import assert from "node:assert/strict";
import { describeLayers } from "../vae/modules.ts";
import { loadSweep } from "../../pipeline/spec/sweep.ts";

const EXPERIMENTS = new URL("../../experiments/", import.meta.url).pathname;

for (
  const name of [
    "compare-architectures",
    "compare-gan",
    "compare-kl-schedules",
    "compare-latent-sizes",
    "compare-likelihoods",
    "compare-music",
    "compare-objectives",
  ]
) {
  Deno.test(`experiments/${name}.json loads without a notice and has its file's name`, async () => {
    const sweep = await loadSweep(`${EXPERIMENTS}${name}.json`, []);
    assert.equal(sweep.name, name);
    assert.deepEqual(sweep.notices, []);
  });
}

Deno.test("the architectures compared have one latent size, and parameters within a twentieth of each other", async () => {
  const { cells } = await loadSweep(`${EXPERIMENTS}compare-architectures.json`, []);
  assert.equal(new Set(cells.map(({ spec }) => spec.model.latentSize)).size, 1);
  const parameters = cells.map(({ spec }) =>
    describeLayers(spec.model, [28, 28]).reduce((sum, layer) => sum + layer.parameters, 0)
  );
  assert.ok(Math.max(...parameters) / Math.min(...parameters) < 1.05, parameters.join());
});
