import assert from "node:assert/strict";
import { parseExperiment } from "../../pipeline/spec/load.ts";
import { STAND_IN } from "../../pipeline/report/paper/parts.ts";
import { refusal } from "./refusal.ts";

const spec = (changes: object, latentSize = 2) =>
  JSON.stringify({
    name: "s",
    dataset: { name: "mnist" },
    model: { architecture: "dense", latentSize, encoder: { units: [8] }, decoder: { units: [8] } },
    ...changes,
  });

Deno.test("figures that need something of the training say what", () => {
  assert.match(
    refusal(spec({ figures: { show: ["denoising"] } })),
    /needs training\.inputNoise.*"inputNoise": 0\.5/,
  );
  assert.match(
    refusal(spec({ figures: { show: ["manifold-animation"] } })),
    /needs training\.manifoldSnapshots/,
  );
  parseExperiment(spec({ figures: { show: ["denoising"] }, training: { inputNoise: 0.3 } }), "s.json");
});

Deno.test("snapshots of the manifold need two latent dimensions", () => {
  const training = { manifoldSnapshots: 8 };
  assert.match(refusal(spec({ training }, 3)), /two latent dimensions: model\.latentSize is 3/);
  assert.equal(parseExperiment(spec({ training }), "s.json").spec.training.manifoldSnapshots, 8);
});

Deno.test("the paper's specs of music are valid on the data that stand in for the lute, and say so", async () => {
  for (const name of ["music", "music-held-out"]) {
    const file = new URL(`../../experiments/paper/${name}.json`, import.meta.url);
    const { spec } = parseExperiment(await Deno.readTextFile(file), `${name}.json`, STAND_IN.overrides);
    assert.equal(spec.dataset.name, "piano-genres");
    assert.match(spec.title!, /in place of the lute/);
    assert.equal(spec.model.latentSize, 20);
  }
});
