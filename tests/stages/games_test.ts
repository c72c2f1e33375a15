import assert from "node:assert/strict";
import { GAME_CSV } from "../../pipeline/artifacts/game_csv.ts";
import { METRICS_JSON } from "../../pipeline/artifacts/metrics_json.ts";
import type { SampleQualityMetrics } from "../../pipeline/figures/sample_quality/study.ts";
import { decodeCsv } from "../../pipeline/formats/csv.ts";
import { decodeNpy } from "../../pipeline/formats/npy.ts";
import { decodeSafetensors } from "../../pipeline/formats/safetensors.ts";
import type { StageContext } from "../../pipeline/graph/stage.ts";
import type { Experiment, ExperimentInput } from "../../pipeline/spec/experiment.ts";
import { collapses } from "../../pipeline/stages/training/game.ts";
import { assertNear } from "../support/assert_near.ts";
import { outputs, prepare, runStage, smallExperiment, withFolder } from "./small_mnist.ts";

/** A small model of ReLU layers, of which the gradient penalty knows the second derivative. */
const experimentOf = (
  objective: ExperimentInput["objective"],
  more: Partial<ExperimentInput> = {},
): Experiment =>
  smallExperiment(
    {
      objective,
      model: {
        architecture: "dense",
        latentSize: 3,
        encoder: { units: [32], activation: "relu" },
        decoder: { units: [32], activation: "relu" },
      },
      training: { epochs: 2, batchSize: 40, gradientClipNorm: 20, optimiser: { name: "adam", beta1: 0.5 } },
      figures: { show: ["sample-quality"] },
      ...more,
    } as Parameters<typeof smallExperiment>[0],
  );

const numbers = (bytes: Uint8Array<ArrayBuffer> | undefined) => {
  const { columns, rows } = decodeCsv(new TextDecoder().decode(bytes));
  return columns.map((name, i) => [name, rows.map((row) => Number(row[i]))] as const);
};

for (const name of ["vae-gan", "gan"] as const) {
  Deno.test(`a ${name} trains alike in each engine, and one that was stopped ends in the same bytes`, () =>
    withFolder(async (folder) => {
      const experiment = experimentOf({ name });
      await prepare(folder, experiment);
      const trained = async (engine: "native" | "portable") => {
        await runStage(folder, "train", experiment, undefined, { engine });
        return await outputs(folder, "train");
      };
      const [native, portable] = [await trained("native"), await trained("portable")];
      for (const file of ["game.csv", "metrics.csv"]) {
        for (const [column, values] of numbers(native[file])) {
          const others = numbers(portable[file]).find(([name]) => name === column)![1];
          assertNear(values.filter(Number.isFinite), others.filter(Number.isFinite), {
            relative: 3e-3,
            absolute: 1e-3,
            what: `${file} ${column}`,
          });
        }
      }
      const game = GAME_CSV.decode(native["game.csv"]!);
      assert.deepEqual(game.map(({ epoch }) => epoch), [1, 2]);
      assert.ok(game.every(({ realScore, generatedScore }) => realScore > generatedScore));
      const { tensors } = decodeSafetensors(native["weights.safetensors"]!);
      assert.ok(
        Object.keys(tensors).every((name) => !name.startsWith("discriminator/")),
        "it is no part of the model",
      );

      // Stopped within the second epoch: the checkpoint holds all players and what the optimiser keeps of them.
      const controller = new AbortController();
      let seen = 0;
      const stopping = (context: StageContext): StageContext => ({
        ...context,
        signal: controller.signal,
        progress: () => {
          if (++seen === 15) controller.abort();
        },
      });
      await Deno.remove(`${folder}/train`, { recursive: true });
      await assert.rejects(runStage(folder, "train", experiment, stopping, { engine: "native" }));
      const told = await runStage(folder, "train", experiment);
      assert.match(told.notices.join(), /resumes after 1 epochs? and [1-9]\d* steps/);
      const resumed = await outputs(folder, "train");
      assert.deepEqual(Object.keys(resumed).sort(), Object.keys(native).sort());
      for (const [file, bytes] of Object.entries(native)) assert.deepEqual(resumed[file], bytes, file);
    }));
}

Deno.test("a GAN goes through all stages: its encoder tells codes, and samples are measured beside the data", () =>
  withFolder(async (folder) => {
    const experiment = experimentOf({ name: "gan" });
    await prepare(folder, experiment);
    for (const stage of ["train", "evaluate", "render"]) {
      await runStage(folder, stage, experiment);
    }
    const evaluated = await outputs(folder, "evaluate");
    const { studies } = METRICS_JSON.decode(evaluated["metrics.json"]!);
    const { detail, variety, judged, examples } = studies!["sample-quality"] as SampleQualityMetrics;
    assert.equal(examples, 150);
    assert.ok(
      detail.test.laplacian.mean > detail.samples.laplacian.mean,
      "noise of an untrained decoder is smooth",
    );
    assert.ok(variety > 0);
    const { classifier, frechet, classes, search } = judged!;
    assert.equal(classifier.trainingExamples, 400);
    assert.ok(classifier.accuracy > 0.7, `400 digits teach it most: ${classifier.accuracy}`);
    assert.equal(frechet!.images, 75);
    assert.ok(frechet!.test < frechet!.samples / 3, JSON.stringify(frechet));
    assertNear(classes.reduce((sum, share) => sum + share, 0), 1, { relative: 1e-9 });
    assert.equal(search.perClass.length, 10);
    assert.ok(search.perClass.every(({ test, prior, region }) => test <= 1 && prior <= 1 && region! <= 1));
    assert.deepEqual(decodeNpy(evaluated["sample-quality.npy"]!).shape, [5, 12, 28, 28]);
    const drawn = await outputs(folder, "render/figures");
    assert.match(new TextDecoder().decode(drawn["sample-quality.svg"]), /<image /);
  }));

Deno.test("a game is said to have collapsed where samples are alike, or the discriminator is sure", () => {
  const fair = { decoder: 0.9, discriminator: 1.2, realScore: 0.6, generatedScore: 0.35, variety: 0.95 };
  assert.deepEqual(collapses(fair), []);
  assert.match(collapses({ ...fair, variety: 0.03 }).join(), /varies 3\.0 % as much as the data do\. Try/);
  const [won, ...rest] = collapses({ ...fair, realScore: 0.999, generatedScore: 0.001 });
  assert.match(won!, /discriminator has won: it takes 99\.9 % .* and 0\.1 % of what is generated/);
  assert.deepEqual(rest, []);
});
