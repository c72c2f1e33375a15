import assert from "node:assert/strict";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import type { EvaluationMetrics } from "../../pipeline/artifacts/metrics_json.ts";
import { decodeCsv } from "../../pipeline/formats/csv.ts";
import { decodeSafetensors } from "../../pipeline/formats/safetensors.ts";
import { assertNear } from "../support/assert_near.ts";
import { outputs, prepare, runStage, smallExperiment, withFolder } from "./small_mnist.ts";

const COMPONENTS = 20;
const LATENT = 3;

const text = (bytes: Uint8Array<ArrayBuffer> | undefined) => new TextDecoder().decode(bytes);

Deno.test("a model with a VampPrior goes through training, evaluation and figures, and its prior is exported", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({
      model: {
        architecture: "dense",
        latentSize: LATENT,
        encoder: { units: [48], activation: "tanh" },
        decoder: { units: [48], activation: "tanh" },
        prior: { name: "vamp", components: COMPONENTS },
      },
      training: { epochs: 2, batchSize: 50, learningRate: { schedule: "constant", rate: 5e-3 } },
      evaluation: { importanceSamples: 50, importanceExamples: 20, probe: false },
      figures: { show: ["prior-samples", "latent-scatter", "kl-per-dimension", "manifold"] },
    });
    await prepare(folder, experiment);
    const lossOf = async (engine: "native" | "portable") => {
      await runStage(folder, "train", experiment, undefined, { engine });
      const { columns, rows } = decodeCsv(text((await outputs(folder, "train"))["metrics.csv"]));
      return rows.map((row) => Number(row[columns.indexOf("test_loss")]));
    };
    const portable = await lossOf("portable"), native = await lossOf("native");
    assertNear(native, portable, { relative: 2e-3 });
    assert.ok(native[2]! < native[0]! - 100);

    await runStage(folder, "evaluate", experiment);
    const metrics: EvaluationMetrics = JSON.parse(text((await outputs(folder, "evaluate"))["metrics.json"]));
    assertNear(metrics.test.loss, native[2]!, { relative: 1e-5 });
    assert.ok(-metrics.importance.logLikelihood < metrics.test.loss, "more samples are a tighter bound");
    // The KL to the learned prior is not that to N(0, I), which the dimensions add up to.
    const toNormal = metrics.latent.klPerDimension.reduce((sum, kl) => sum + kl, 0);
    assert.ok(Math.abs(metrics.test.kl - toNormal) > 0.01, `${metrics.test.kl} ${toNormal}`);

    await runStage(folder, "render", experiment);
    const { figures, omitted } = JSON.parse(await Deno.readTextFile(join(folder, "render/figures.json")));
    const captions = Object.fromEntries(
      figures.map(({ name, caption }: { name: string; caption: string }) => [name, caption]),
    );
    assert.match(captions["prior-samples"], /z ~ VampPrior, 20 components/);
    assert.doesNotMatch(captions["latent-scatter"], /circles/);
    assert.deepEqual(omitted.map(({ name }: { name: string }) => name), ["kl-per-dimension", "manifold"]);

    // Without noise, a code of the exported prior is what the exported encoder says of the chosen pseudo-input.
    const run = async (file: string, given: Record<string, [number[], Float32Array]>) => {
      const session = await ort.InferenceSession.create(join(folder, "train", file));
      const tensors = Object.entries(given).map(([name, [shape, data]]) =>
        [name, new ort.Tensor("float32", data, shape)] as const
      );
      return await session.run(Object.fromEntries(tensors));
    };
    const { tensors } = decodeSafetensors((await outputs(folder, "train"))["weights.safetensors"]!);
    const inputs = tensors["prior/pseudoInputs"]!.data.map((value) => Math.min(1, Math.max(0, value)));
    const { mean } = await run("encoder.onnx", { x: [[COMPONENTS, 784], inputs] });
    const choice = Float32Array.from({ length: COMPONENTS }, (_, k) => (k + 0.5) / COMPONENTS);
    const { z } = await run("prior.onnx", {
      noise: [[COMPONENTS, LATENT], new Float32Array(COMPONENTS * LATENT)],
      choice: [[COMPONENTS, 1], choice],
    });
    assertNear(z!.data as Float32Array, mean!.data as Float32Array, { absolute: 1e-5 });
  }));
