import assert from "node:assert/strict";
import { decodeNpy } from "../../pipeline/formats/npy.ts";
import type { FigureList } from "../../pipeline/artifacts/figures_json.ts";
import type { EvaluationMetrics } from "../../pipeline/artifacts/metrics_json.ts";
import { bundleFiles } from "../../pipeline/artifacts/artifacts.ts";
import type { AttributesMetrics } from "../../pipeline/figures/attributes/study.ts";
import type { CompletionMetrics } from "../../pipeline/figures/completion/study.ts";
import type { DenoisingMetrics } from "../../pipeline/figures/denoising/study.ts";
import { outputs, prepare, runStage, smallExperiment, withFolder } from "./small_mnist.ts";

const STUDIES = ["completion", "denoising", "attributes", "class-samples"] as const;

Deno.test("studies are measured and drawn where their figures are asked for, and training against noise takes noise away", async () => {
  await withFolder(async (folder) => {
    const experiment = smallExperiment({
      training: { epochs: 6, batchSize: 20, inputNoise: 0.5, latentSnapshots: [0, 6], manifoldSnapshots: 3 },
      model: { architecture: "dense", latentSize: 2, encoder: { units: [64] }, decoder: { units: [64] } },
      evaluation: { importanceSamples: 4, importanceExamples: 4, probe: false },
      figures: { show: [...STUDIES, "posterior-animation", "manifold-animation"] },
    });
    await prepare(folder, experiment);
    await runStage(folder, "train", experiment);
    await runStage(folder, "evaluate", experiment);
    const evaluated = await outputs(folder, "evaluate");
    const { studies }: EvaluationMetrics = JSON.parse(new TextDecoder().decode(evaluated["metrics.json"]));
    const completion = studies!.completion as CompletionMetrics;
    const denoising = studies!.denoising as DenoisingMetrics;
    const attributes = studies!.attributes as AttributesMetrics;

    // Noise of half the range leaves about 10 dB: -20 log10(0.5) would be 6, less what is clipped.
    assert(denoising.noisy > 6 && denoising.noisy < 12, `${denoising.noisy} dB`);
    assert(denoising.vae > denoising.noisy + 2, `${denoising.vae} dB`);
    assert(denoising.bestPca.psnr >= denoising.pca);
    const error = (name: string) => completion.ways.find(({ way }) => way === name)!.squaredError;
    assert(error("inferred") < error("fed"));
    assert(completion.recognised.whole > completion.recognised.hidden);
    const ink = attributes.strokes.find(({ attribute }) => attribute === "ink")!;
    assert(ink.effect! > 0 && ink.rises > 0.5, `${ink.effect}, ${ink.rises}`);

    const { shape } = decodeNpy(evaluated["completion.npy"]!, "completion.npy");
    assert.deepEqual(shape, [5, 10, 28, 28]);
    const manifolds = decodeNpy((await outputs(folder, "train"))["manifolds.npy"]!, "manifolds.npy");
    assert.deepEqual(manifolds.shape, [2, 3, 3, 28, 28]);

    const arrays = ["train", "evaluate"].flatMap((stage) =>
      [...Deno.readDirSync(`${folder}/${stage}`)].map(({ name }) => `${stage}/${name}`)
    ).filter((path) => path.endsWith(".npy"));
    assert.deepEqual(
      bundleFiles(arrays).map(({ input }) => input).sort(),
      arrays.sort(),
      "all arrays are among the report's downloads",
    );
  });
});

Deno.test("a grid of the last snapshot is what the trained decoder makes of the grid", async () => {
  await withFolder(async (folder) => {
    const experiment = smallExperiment({
      training: { epochs: 1, batchSize: 40, latentSnapshots: [0, 1], manifoldSnapshots: 2 },
      model: { architecture: "dense", latentSize: 2, encoder: { units: [16] }, decoder: { units: [16] } },
      evaluation: { importanceSamples: 4, importanceExamples: 4, probe: false },
      figures: { show: ["manifold", "manifold-animation", "posterior-animation"], manifoldSize: 2 },
    });
    await prepare(folder, experiment);
    for (const stage of ["train", "evaluate"]) await runStage(folder, stage, experiment);
    const inputs = ["preprocess", "train", "evaluate"].flatMap((stage) =>
      [...Deno.readDirSync(`${folder}/${stage}`)].map(({ name }) => `${stage}/${name}`)
    );
    await runStage(folder, "render", experiment, (context) => ({ ...context, inputs }));
    const list: FigureList = JSON.parse(await Deno.readTextFile(`${folder}/render/figures.json`));
    assert.deepEqual(list.figures.map(({ name }) => name), experiment.figures.show);
    const [manifold, animation] = await Promise.all(
      ["manifold", "manifold-animation"].map((name) =>
        Deno.readTextFile(`${folder}/render/figures/${name}.svg`)
      ),
    );
    const pictures = (svg: string) =>
      [...svg.matchAll(/href="(data:image\/png;base64,[^"]+)"/g)].map(([, url]) => url);
    assert.equal(pictures(animation!).length, 2);
    assert.equal(pictures(animation!).at(-1), pictures(manifold!)[0]);
    assert.match(animation!, /prefers-reduced-motion/);
  });
});
