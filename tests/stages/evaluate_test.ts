import assert from "node:assert/strict";
import * as ort from "onnxruntime-node";
import type { Engine, EngineModule } from "../../pipeline/engine/engine.ts";
import { decodeCsv } from "../../pipeline/formats/csv.ts";
import { decodeNpy } from "../../pipeline/formats/npy.ts";
import type { EvaluationMetrics } from "../../pipeline/artifacts/metrics_json.ts";
import { outputs, prepare, runStage, smallExperiment, withFolder } from "./small_mnist.ts";
import { assertNear } from "../support/assert_near.ts";

/** The other engine than that of nearly all tests of stages. */
const PORTABLE = { engine: "portable" } as const;
const text = (bytes: Uint8Array<ArrayBuffer> | undefined) => new TextDecoder().decode(bytes);
const near = (actual: number, expected: number, absolute: number) =>
  assertNear(actual, expected, { absolute });

Deno.test("an evaluation agrees with the training's own numbers and with itself", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({
      dataset: {
        binarisation: "dynamic",
        split: { train: { count: 400 }, validation: { count: 110 }, test: { count: 150 } },
      },
      training: { epochs: 6, batchSize: 25, learningRate: { schedule: "constant", rate: 5e-3 } },
    });
    await prepare(folder, experiment);
    await runStage(folder, "train", experiment, undefined, PORTABLE);
    await runStage(folder, "evaluate", experiment, undefined, PORTABLE);
    const files = await outputs(folder, "evaluate");
    const metrics: EvaluationMetrics = JSON.parse(text(files["metrics.json"]));

    // Another program of the same model, in another stage: the same losses.
    const training = decodeCsv(text((await outputs(folder, "train"))["metrics.csv"]));
    const last = (column: string) => Number(training.rows.at(-1)![training.columns.indexOf(column)]);
    near(metrics.validation!.loss, last("validation_loss"), 1e-6);
    near(metrics.validation!.reconstruction, last("validation_reconstruction"), 1e-6);
    near(metrics.validation!.kl, last("validation_kl"), 1e-6);
    near(metrics.gap, metrics.test.loss - metrics.train.loss, 1e-9);
    near(
      metrics.gapStandardError! ** 2,
      metrics.test.standardError! ** 2 + metrics.train.standardError! ** 2,
      1e-9,
    );
    assert.deepEqual([metrics.test.examples, metrics.validation!.examples, metrics.train.examples], [
      150,
      110,
      400,
    ]);

    const losses = decodeNpy(files["example-losses.npy"]!);
    assert.deepEqual(losses.shape, [150, 2]);
    const sum = (losses.data as Float32Array).reduce((total, value) => total + value, 0);
    near(sum / 150, metrics.test.loss, 1e-3);

    // KL from the posteriors by its closed form.
    const { shape, data } = decodeNpy(files["posterior.npy"]!) as { shape: number[]; data: Float32Array };
    assert.deepEqual(shape, [150, 2, 3]);
    const kl = [0, 0, 0];
    for (let i = 0; i < 150; i++) {
      for (let j = 0; j < 3; j++) {
        const [m, l] = [data[i * 6 + j]!, data[i * 6 + 3 + j]!];
        kl[j]! += (m * m + Math.exp(l) - 1 - l) / 2 / 150;
      }
    }
    const table = decodeCsv(text(files["kl-per-dimension.csv"]));
    assert.deepEqual(table.columns, ["dimension", "kl", "variance_of_mean", "active"]);
    table.rows.forEach((row, j) => near(Number(row[1]), kl[j]!, 1e-5));
    near(metrics.test.kl, kl.reduce((a, b) => a + b, 0), 1e-4);
    assert.equal(metrics.latent.activeUnits, table.rows.filter((row) => row[3] === "true").length);
    assert.ok(metrics.latent.mutualInformation <= Math.log(150));
    assert.ok(metrics.latent.momentMatchedKl >= 0);

    // The bound rises with the samples; with one sample it is the ELBO, and one number.
    const curve = decodeCsv(text(files["importance.csv"]));
    assert.deepEqual(curve.rows.map((row) => Number(row[0])), [1, 5, 10, 50, 60]);
    const bounds = curve.rows.map((row) => Number(row[1]));
    for (let i = 1; i < 4; i++) assert.ok(bounds[i]! > bounds[i - 1]!, `${bounds}`);
    near(bounds[0]!, -metrics.test.loss, 1e-9);
    near(Number(curve.rows[0]![2]), metrics.test.standardError!, 1e-9);
    assert.equal(metrics.importance.logLikelihood, bounds.at(-1));
    assert.deepEqual([metrics.importance.samples, metrics.importance.examples], [60, 20]);

    assert.deepEqual(metrics.probe!.rows.map(({ dimensions }) => dimensions), [3, 3, 784]);
    const [codes, , raw] = metrics.probe!.rows;
    // Published for all of MNIST: 0.92 linear, 0.97 nearest; with 400 examples less.
    assert.ok(raw!.linear > 0.65 && raw!.nearest > 0.65, JSON.stringify(raw));
    assert.ok(codes!.linear > 0.15, "better than one in ten");
    assert.ok(metrics.squaredError.vae > 0 && metrics.squaredError.pca > 0);

    await runStage(folder, "evaluate", experiment, undefined, PORTABLE);
    assert.deepEqual(await outputs(folder, "evaluate"), files, "a second run writes the same bytes");
  }));

Deno.test("an evaluation without probe leaves it out", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({
      training: { epochs: 1, batchSize: 100 },
      evaluation: { probe: false, importanceSamples: 1, importanceExamples: 1 },
    });
    await prepare(folder, experiment);
    await runStage(folder, "train", experiment);
    await runStage(folder, "evaluate", experiment);
    const metrics: EvaluationMetrics = JSON.parse(text((await outputs(folder, "evaluate"))["metrics.json"]));
    assert.equal(metrics.probe, null);
    assert.equal(metrics.validation, null);
    // Another program of the same model, in another stage, without a validation part: the same test loss.
    const training = decodeCsv(text((await outputs(folder, "train"))["metrics.csv"]));
    near(metrics.test.loss, Number(training.rows.at(-1)![training.columns.indexOf("test_loss")]), 1e-6);
    assert.equal(metrics.importance.standardError, null, "one example cannot show its error");
  }));

Deno.test("the squared error of an autoregressive decoder is that of what it writes, not of steps it was given", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({
      model: {
        architecture: "lstm",
        latentSize: 2,
        likelihood: { family: "bernoulli" },
        encoder: { units: 6 },
        decoder: { units: 6, autoregressive: {} },
      },
      dataset: { split: { train: { count: 200 }, test: { count: 8 } } },
      training: { epochs: 6, batchSize: 10, learningRate: { schedule: "constant", rate: 2e-2 } },
      evaluation: { probe: false, importanceSamples: 1, importanceExamples: 1 },
    });
    await prepare(folder, experiment);
    await runStage(folder, "train", experiment);
    await runStage(folder, "evaluate", experiment);
    const files = await outputs(folder, "evaluate");
    const { squaredError }: EvaluationMetrics = JSON.parse(text(files["metrics.json"]));

    // ONNX Runtime's own binding, step after step, as docs/files.md has it.
    const decoder = await ort.InferenceSession.create((await outputs(folder, "train"))["decoder.onnx"]!);
    const posterior = decodeNpy(files["posterior.npy"]!).data as Float32Array;
    const pixels = decodeNpy((await outputs(folder, "preprocess"))["test.npy"]!).data as Uint8Array;
    const truth = Float32Array.from(pixels, (byte) => byte / 255);
    const codes = Float32Array.from({ length: 16 }, (_, i) => posterior[(i >> 1) * 4 + i % 2]!);
    const decode = async (x: Float32Array) => {
      const { mean } = await decoder.run({
        z: new ort.Tensor("float32", codes, [8, 2]),
        x: new ort.Tensor("float32", x, [8, 784]),
      });
      return mean!.data as Float32Array;
    };
    const errorOf = (made: Float32Array) =>
      made.reduce((sum, mean, i) => sum + (mean - truth[i]!) ** 2 / 8, 0);
    let written: Float32Array = new Float32Array(truth.length);
    for (let row = 0; row < 28; row++) {
      const mean = await decode(written);
      written = written.map((value, i) => Math.floor(i % 784 / 28) === row ? mean[i]! : value);
    }
    near(squaredError.vae, errorOf(written), 1e-3);
    assert.ok(errorOf(await decode(truth)) < errorOf(written) - 1, "with the true steps it would be smaller");
  }));

Deno.test("where an engine wants large batches several examples have their samples decoded together, to the same bounds", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({
      dataset: { split: { train: { count: 100 }, test: { count: 30 } } },
      model: {
        architecture: "dense",
        conditional: true,
        latentSize: 2,
        encoder: { units: [8] },
        decoder: { units: [8] },
      },
      training: { epochs: 1, batchSize: 25 },
      // No number of examples together divides them, and the samples of one take two batches.
      evaluation: { importanceSamples: 150, importanceExamples: 25, probe: false },
    });
    await prepare(folder, experiment);
    await runStage(folder, "train", experiment);
    const evaluated = async (times: number) => {
      let runs = 0;
      await runStage(folder, "evaluate", experiment, (context) => ({
        ...context,
        load: async (role: string) => {
          const module = await context.load(role as never);
          return role === "engine"
            ? { open: async () => counting(await (module as EngineModule).open()) }
            : module;
        },
      } as typeof context), { engine: "native" });
      function counting(engine: Engine): Engine {
        return {
          name: engine.name,
          version: engine.version,
          parameters: (...given) => engine.parameters(...given),
          compileStep: (step) => engine.compileStep(step),
          compileFunction(definition) {
            const compiled = engine.compileFunction(definition);
            const run = compiled.run.bind(compiled);
            compiled.run = () => (runs++, run());
            return compiled;
          },
          examplesAtOnce: (enough, values) => times * engine.examplesAtOnce(enough, values),
          dispose: () => engine.dispose(),
        };
      }
      return { runs, files: await outputs(folder, "evaluate") };
    };
    const alone = await evaluated(1), together = await evaluated(4);
    const importance = ({ files }: typeof alone) =>
      (JSON.parse(text(files["metrics.json"])) as EvaluationMetrics).importance;
    assertNear(importance(together).logLikelihood, importance(alone).logLikelihood, { relative: 1e-6 });
    assertNear(importance(together).standardError!, importance(alone).standardError!, { relative: 1e-4 });
    // 25 examples in two batches each; then three examples, all their samples at once.
    assert.ok(alone.runs - together.runs >= 50 - 9, `${alone.runs} and ${together.runs}`);
  }));
