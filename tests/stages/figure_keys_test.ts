import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { FigureName } from "../../pipeline/figures/figures.ts";
import { canonicalJson } from "../../pipeline/formats/canonical_json.ts";
import { CodeHasher } from "../../pipeline/graph/code.ts";
import { type Experiment, experimentSchema } from "../../pipeline/spec/experiment.ts";
import { DECLARATIONS } from "../../pipeline/stages/declarations.ts";
import type { CodeManifest } from "../../pipeline/store/record.ts";
import { Store } from "../../pipeline/store/store.ts";
import { temporaryFolder } from "../store/temporary.ts";
import { sliceOf } from "../support/slice.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SETTINGS = { engine: "native" };

function experiment(
  show: readonly FigureName[],
  dataset: object = { name: "mnist" },
  options: object = {},
): Experiment {
  return experimentSchema.parse({
    name: "keys",
    dataset,
    model: { architecture: "dense", latentSize: 2, encoder: { units: [8] }, decoder: { units: [8] } },
    training: { inputNoise: 0.5 },
    figures: { show: [...show], ...options },
  });
}

/** What of a stage is in its key: the slice, and the code that it reaches. */
async function keyed(spec: Experiment, stage: string): Promise<{ slice: string; code: CodeManifest }> {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  const declaration = DECLARATIONS.find(({ name }) => name === stage)!;
  const hasher = new CodeHasher(ROOT, store);
  return {
    slice: canonicalJson(await sliceOf(declaration, spec, SETTINGS)),
    code: (await hasher.code(declaration.module, declaration.modules?.(spec, SETTINGS))).manifest,
  };
}

const filesOf = ({ code }: { code: CodeManifest }) => Object.keys(code.modules);

Deno.test("render's key holds the code of the figures that are shown, and of no others", async () => {
  const figuresIn = async (...show: FigureName[]) =>
    filesOf(await keyed(experiment(show), "render"))
      .filter((file) => /^pipeline\/figures\/(?!drawing\/)/.test(file)).sort();
  const one = ["pipeline/figures/manifold/draw.ts", "pipeline/figures/manifold/figure.ts"];
  const other = ["pipeline/figures/kl_per_dimension/draw.ts", "pipeline/figures/kl_per_dimension/figure.ts"];
  assert.deepEqual(await figuresIn("manifold"), one);
  assert.deepEqual(await figuresIn("manifold", "kl-per-dimension"), [...other, ...one]);
});

Deno.test("an option is in the keys of those whose figures go by it, and a new figure's in no other's", async () => {
  const options = { scatterPoints: 12, manifoldSize: 7 };
  const sliceOf = async (show: readonly FigureName[], stage: string) => {
    const [one, other] = [experiment(show), experiment(show, { name: "mnist" }, options)];
    return [(await keyed(one, stage)).slice, (await keyed(other, stage)).slice];
  };
  for (const stage of ["evaluate", "render", "report"]) {
    const [unused, changed] = await sliceOf(["architecture", "learning-curves"], stage);
    assert.equal(unused, changed, stage);
    const [used, moved] = await sliceOf(["posterior-animation"], stage);
    assert.equal(used === moved, stage === "evaluate", stage);
  }
});

Deno.test("no stage reaches the table of figures or the schema behind it", async () => {
  for (const stage of ["evaluate", "render"]) {
    const { code } = await keyed(experiment(["manifold", "completion"]), stage);
    assert.deepEqual(
      Object.keys(code.modules).filter((file) => /\bspec\.ts|figures\/figures\.ts/.test(file)),
      [],
    );
    assert(!("zod" in code.packages), `${stage} reaches zod`);
  }
});

Deno.test("the evaluation's key holds the studies that are shown; a figure without a study is nothing to it", async () => {
  const none = await keyed(experiment(["manifold"]), "evaluate");
  assert.deepEqual(await keyed(experiment(["learning-curves", "architecture"]), "evaluate"), none);
  const one = await keyed(experiment(["manifold", "denoising"]), "evaluate");
  const added = filesOf(one).filter((file) => !filesOf(none).includes(file));
  assert(added.includes("pipeline/figures/denoising/study.ts"));
  assert(
    !added.some((file) => /figures\/(completion|attributes|class_samples)|\/figure\.ts/.test(file)),
    `${added}`,
  );
});

Deno.test("figures of images and of music know nothing of each other's kind", async () => {
  const show = ["prior-samples", "reconstructions", "interpolation", "latent-scatter"] as const;
  const images = await keyed(experiment(show), "render");
  assert.deepEqual(filesOf(images).filter((file) => /kinds\/music|rolls|music/.test(file)), []);
  const music = await keyed(experiment(show, { name: "piano-genres" }), "render");
  assert.deepEqual(filesOf(music).filter((file) => /kinds\/images|\/images\.ts/.test(file)), []);
});
