import assert from "node:assert/strict";
import type { EvaluationMetrics } from "../../pipeline/artifacts/metrics_json.ts";
import type { BackendName } from "../../pipeline/engine/backends.ts";
import { decodeCsv } from "../../pipeline/formats/csv.ts";
import type { Experiment, ExperimentInput } from "../../pipeline/spec/experiment.ts";
import { assertNear } from "../support/assert_near.ts";
import { outputs, prepare, runStage, smallExperiment, withFolder } from "./small_mnist.ts";

type Likelihood = NonNullable<ExperimentInput["model"]["likelihood"]>;

function experimentWith(likelihood: Likelihood): Experiment {
  return smallExperiment({
    model: {
      architecture: "dense",
      latentSize: 3,
      likelihood,
      encoder: { units: [48], activation: "tanh" },
      decoder: { units: [48], activation: "tanh" },
    },
    training: { epochs: 1, batchSize: 50 },
    evaluation: { importanceSamples: 5, importanceExamples: 5, probe: false },
    figures: { show: ["learning-curves"] },
  });
}

const LIKELIHOODS: readonly Likelihood[] = [
  { family: "continuous-bernoulli" },
  { family: "gaussian", standardDeviation: "per-value" },
  { family: "gaussian", standardDeviation: "decoder" },
  { family: "discretised-logistic", scale: "decoder" },
];

Deno.test("both engines train alike with every likelihood that is no Bernoulli", (t) =>
  withFolder(async (folder) => {
    await prepare(folder, experimentWith(LIKELIHOODS[0]!));
    for (const likelihood of LIKELIHOODS) {
      await t.step(JSON.stringify(likelihood), async () => {
        const lossOf = async (engine: BackendName) => {
          await runStage(folder, "train", experimentWith(likelihood), undefined, { engine });
          const { columns, rows } = decodeCsv(text((await outputs(folder, "train"))["metrics.csv"]));
          return Number(rows.at(-1)![columns.indexOf("test_loss")]);
        };
        assertNear(await lossOf("native"), await lossOf("portable"), { relative: 2e-3 });
      });
    }
  }));

async function measured(folder: string, likelihood: Likelihood): Promise<EvaluationMetrics> {
  const experiment = experimentWith(likelihood);
  for (const stage of ["train", "evaluate"]) {
    await runStage(folder, stage, experiment);
  }
  return JSON.parse(text((await outputs(folder, "evaluate"))["metrics.json"]));
}

const text = (bytes: Uint8Array<ArrayBuffer> | undefined) => new TextDecoder().decode(bytes);

Deno.test("losses of 8-bit data are told in bits per dimension where the likelihood is of levels, and of no other", () =>
  withFolder(async (folder) => {
    await prepare(folder, experimentWith({ family: "gaussian" }));
    const { test, importance, bitsPerDimension } = await measured(folder, { family: "discretised-logistic" });
    assertNear(bitsPerDimension!.test, test.loss / Math.log(2) / 784, { relative: 1e-12 });
    assert.ok(bitsPerDimension!.test < 8, "which is what levels without any model take");
    assertNear(bitsPerDimension!.importance, -importance.logLikelihood / Math.log(2) / 784, {
      relative: 1e-12,
    });
    const density = await measured(folder, { family: "gaussian" });
    assert.equal(density.bitsPerDimension, undefined);
  }));
