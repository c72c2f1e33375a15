import assert from "node:assert/strict";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { decodeCsv } from "../../pipeline/formats/csv.ts";
import { decodeNpy } from "../../pipeline/formats/npy.ts";
import { assertNear } from "../support/assert_near.ts";
import { outputs, prepare, runStage, smallExperiment, withFolder } from "./small_mnist.ts";

const [LATENT, CLASSES, PIXELS] = [3, 10, 784];

const text = (bytes: Uint8Array<ArrayBuffer> | undefined) => new TextDecoder().decode(bytes);

Deno.test("a conditional model is told the classes in training, evaluation and figures, and reads them as ONNX", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({
      model: {
        architecture: "dense",
        conditional: true,
        latentSize: LATENT,
        encoder: { units: [48], activation: "tanh" },
        decoder: { units: [48], activation: "tanh" },
      },
      training: { epochs: 40, batchSize: 50, learningRate: { schedule: "constant", rate: 5e-3 } },
      evaluation: { importanceSamples: 20, importanceExamples: 20 },
      figures: { show: ["class-samples", "prior-samples", "reconstructions", "interpolation", "completion"] },
    });
    await prepare(folder, experiment);
    const lossOf = async (engine: "native" | "portable", { training, ...rest } = experiment) => {
      const brief = { ...rest, training: { ...training, epochs: 2, latentSnapshots: [0, 2] } };
      await runStage(folder, "train", engine === "portable" ? brief : experiment, undefined, { engine });
      const { columns, rows } = decodeCsv(text((await outputs(folder, "train"))["metrics.csv"]));
      return rows.map((row) => Number(row[columns.indexOf("test_loss")]));
    };
    const portable = await lossOf("portable"), native = await lossOf("native");
    assertNear(native.slice(0, 3), portable, { relative: 2e-3 });
    await runStage(folder, "evaluate", experiment);
    const metrics = JSON.parse(text((await outputs(folder, "evaluate"))["metrics.json"]));
    assertNear(metrics.test.loss, native.at(-1)!, { relative: 1e-5 });
    assert.deepEqual(Object.keys(metrics.studies), ["class-samples"]);

    await runStage(folder, "render", experiment);
    const { figures, omitted } = JSON.parse(await Deno.readTextFile(join(folder, "render/figures.json")));
    assert.deepEqual(omitted.map(({ name }: { name: string }) => name), ["interpolation", "completion"]);
    assert.match(figures[0].caption, /each row with the class that it is told/);

    // The mean picture of a told class is nearer to that class's mean in the data than to any other's.
    const array = async (file: string) =>
      decodeNpy(await Deno.readFile(join(folder, "preprocess", file)), file);
    const { data: images } = await array("train.npy"), { data: labels } = await array("train_labels.npy");
    const means = Array.from({ length: CLASSES }, (_, label) => {
      const own = Array.from(labels.keys()).filter((i) => labels[i] === label);
      return Float64Array.from(
        { length: PIXELS },
        (_, p) => own.reduce((sum, i) => sum + Number(images[i * PIXELS + p]) / 255 / own.length, 0),
      );
    });
    const decoder = await ort.InferenceSession.create(join(folder, "train/decoder.onnx"));
    const { mean } = await decoder.run({
      z: new ort.Tensor("float32", new Float32Array(CLASSES * LATENT), [CLASSES, LATENT]),
      y: new ort.Tensor(
        "float32",
        Float32Array.from({ length: CLASSES ** 2 }, (_, i) => Number(i % (CLASSES + 1) === 0)),
        [CLASSES, CLASSES],
      ),
    });
    const decoded = mean!.data as Float32Array;
    const nearest = means.map((_, row) => {
      const distances = means.map((one) =>
        one.reduce((sum, value, p) => sum + (value - decoded[row * PIXELS + p]!) ** 2, 0)
      );
      return distances.indexOf(Math.min(...distances));
    });
    const right = nearest.filter((label, row) => label === row).length;
    assert.ok(right >= 8, `classes told and seen: ${nearest}`);
  }));

Deno.test("a conditional model of data without classes is refused before it trains", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({
      model: {
        architecture: "dense",
        conditional: true,
        latentSize: LATENT,
        encoder: { units: [8], activation: "tanh" },
        decoder: { units: [8], activation: "tanh" },
      },
    });
    await prepare(folder, experiment);
    const path = join(folder, "preprocess/dataset.json");
    const info = JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, JSON.stringify({ ...info, classes: ["all"] }));
    await assert.rejects(
      runStage(folder, "train", experiment, undefined, { engine: "portable" }),
      /Cannot train a conditional model: the data have one class alone/,
    );
  }));
