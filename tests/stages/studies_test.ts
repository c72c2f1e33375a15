import assert from "node:assert/strict";
import { decodeNpy } from "../../pipeline/formats/npy.ts";
import type { FigureList } from "../../pipeline/artifacts/figures_json.ts";
import type { EvaluationMetrics } from "../../pipeline/artifacts/metrics_json.ts";
import { bundleFiles } from "../../pipeline/artifacts/artifacts.ts";
import type { AttributesMetrics } from "../../pipeline/figures/attributes/study.ts";
import type { CompletionMetrics } from "../../pipeline/figures/completion/study.ts";
import type { DenoisingMetrics } from "../../pipeline/figures/denoising/study.ts";
import type { FewLabelsMetrics } from "../../pipeline/figures/few_labels/study.ts";
import type { LinearSubspaceMetrics } from "../../pipeline/figures/linear_subspace/study.ts";
import { INPUTS } from "../../pipeline/figures/prediction_error/inputs.ts";
import type { PredictionErrorMetrics } from "../../pipeline/figures/prediction_error/study.ts";
import { assertNear } from "../support/assert_near.ts";
import { outputs, prepare, runStage, smallExperiment, withFolder } from "./small_mnist.ts";

const STUDIES = [
  "completion",
  "denoising",
  "attributes",
  "class-samples",
  "few-labels",
  "linear-subspace",
  "prediction-error",
] as const;

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

    const fewLabels = studies!["few-labels"] as FewLabelsMetrics;
    // 400 digits have ten of each, and no hundred.
    assert.deepEqual(fewLabels.rows.map(({ labels }) => labels), [10, 100]);
    for (const { representations } of fewLabels.rows) {
      assert.deepEqual(representations.map(({ name, dimensions }) => [name, dimensions]), [
        ["codes", 2],
        ["PCA", 2],
        ["pixels", 784],
      ]);
    }
    const [ten, hundred] = fewLabels.rows.map(({ representations }) => representations[2]!);
    assert(ten!.linear.mean > 0.25 && hundred!.linear.mean > ten!.linear.mean + 0.1);
    assert(ten!.nearest.deviation > hundred!.nearest.deviation, "more labels, less luck");

    const { inputs, gap } = studies!["prediction-error"] as PredictionErrorMetrics;
    assert.deepEqual(inputs.map(({ name }) => name), INPUTS);
    const [intact, ...unexpected] = inputs;
    assert.equal(intact!.against, null);
    for (const { name, error, against } of unexpected) {
      assertNear([against!.difference.mean], [error.mean - intact!.error.mean], { absolute: 1e-12 });
      assert(against!.difference.low < against!.difference.mean, name);
    }
    assert(inputs.at(-1)!.against!.rises > 0.9, "noise is what no digit model expects");
    assert.equal(gap.side, 7);
    // Of black as it came the squared error is the mean square of what had been there.
    assert(gap.error.black.mean > gap.ink.before.mean ** 2);
    assert(gap.ink.before.mean > 0.4, "strokes cross the gap");

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

Deno.test("a linear autoencoder spans what PCA spans: no further from it than PCA of other examples", async () => {
  await withFolder(async (folder) => {
    const experiment = smallExperiment({
      model: {
        architecture: "dense",
        latentSize: 2,
        likelihood: { family: "gaussian", standardDeviation: 0.1 },
        encoder: { units: [] },
        decoder: { units: [] },
      },
      training: { epochs: 30, batchSize: 20, learningRate: { schedule: "cosine", rate: 0.02 } },
      evaluation: { importanceSamples: 4, importanceExamples: 4, probe: false },
      figures: { show: ["linear-subspace"] },
    });
    await prepare(folder, experiment);
    for (const stage of ["train", "evaluate"]) {
      await runStage(folder, stage, experiment);
    }
    const evaluated = await outputs(folder, "evaluate");
    const { studies }: EvaluationMetrics = JSON.parse(new TextDecoder().decode(evaluated["metrics.json"]));
    const { components, dimensions, within, captured, angles, halvesAngles, randomAngles } =
      studies!["linear-subspace"] as LinearSubspaceMetrics;
    assert.deepEqual([components, dimensions, angles.length], [2, 2, 2]);
    assertNear([within!, captured], [1, 1], { absolute: 0.01 });
    assert(angles[1]! < halvesAngles[1]!, `${angles} ${halvesAngles}`);
    assert(angles[1]! < 20 && randomAngles[0]! > 60, `${angles} ${randomAngles}`);
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
    for (const stage of ["train", "evaluate"]) {
      await runStage(folder, stage, experiment);
    }
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
