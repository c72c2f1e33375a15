import assert from "node:assert/strict";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { METRICS_JSON } from "../../pipeline/artifacts/metrics_json.ts";
import { decodeCsv } from "../../pipeline/formats/csv.ts";
import { decodeNpy, encodeNpy } from "../../pipeline/formats/npy.ts";
import { FewLabels } from "../../pipeline/stages/training/labels.ts";
import { assertNear } from "../support/assert_near.ts";
import { outputs, prepare, runStage, smallExperiment, withFolder } from "./small_mnist.ts";

const [CLASSES, PIXELS, TEST] = [10, 784, 150];

const experiment = smallExperiment({
  model: {
    architecture: "dense",
    conditional: true,
    latentSize: 3,
    encoder: { units: [40], activation: "relu" },
    decoder: { units: [40], activation: "relu" },
  },
  objective: { name: "m2", labelsPerClass: 5, alpha: 30 },
  training: { epochs: 3, batchSize: 40, learningRate: { schedule: "constant", rate: 3e-3 } },
  figures: { show: ["class-samples"] },
});

Deno.test("M2 trains alike in each engine, sees the labels that were drawn and no others, and is measured", () =>
  withFolder(async (folder) => {
    await prepare(folder, experiment);
    const trained = async (engine: "native" | "portable") => {
      await runStage(folder, "train", experiment, undefined, { engine });
      return await outputs(folder, "train");
    };
    const portable = await trained("portable"), native = await trained("native");
    const columns = (bytes: Uint8Array<ArrayBuffer> | undefined) => {
      const { columns, rows } = decodeCsv(new TextDecoder().decode(bytes));
      return columns.map((name, i) => [name, rows.map((row) => Number(row[i]))] as const);
    };
    const others = new Map(columns(portable["metrics.csv"]));
    for (const [name, values] of columns(native["metrics.csv"])) {
      assertNear(values.filter(Number.isFinite), others.get(name)!.filter(Number.isFinite), {
        relative: 2e-3,
        absolute: 1e-6,
        what: name,
      });
    }

    // Every label that was not drawn is changed, and no byte of what was learnt.
    const path = join(folder, "preprocess/train_labels.npy");
    const { data, shape } = decodeNpy(await Deno.readFile(path), path);
    const labels = data as Uint8Array<ArrayBuffer>;
    await Deno.writeFile(path, encodeNpy({ shape, data: changedWhereUntold(labels) }));
    const again = await trained("native");
    assert.deepEqual(again["weights.safetensors"], native["weights.safetensors"]);

    await runStage(folder, "evaluate", experiment);
    const { classifier } = METRICS_JSON.decode((await outputs(folder, "evaluate"))["metrics.json"]!);
    const network = await ort.InferenceSession.create(join(folder, "train/classifier.onnx"));
    const array = async (file: string) => {
      const name = join(folder, "preprocess", file);
      return decodeNpy(await Deno.readFile(name), name).data as Uint8Array;
    };
    const x = Float32Array.from(await array("test.npy"), (value) => value / 255);
    const { logProbabilities } = await network.run({ x: new ort.Tensor("float32", x, [TEST, PIXELS]) });
    const all = logProbabilities!.data as Float32Array;
    const right = [...await array("test_labels.npy")].filter((label, i) => {
      const row = all.subarray(i * CLASSES, (i + 1) * CLASSES);
      return row.indexOf(Math.max(...row)) === label;
    }).length;
    assert.deepEqual(classifier, { accuracy: right / TEST, examples: TEST });
    assert.ok(classifier.accuracy > 0.4, `50 labels teach it more than chance: ${classifier.accuracy}`);
  }));

/** Other labels wherever none is told: all that can change without another example being drawn. */
function changedWhereUntold(labels: Uint8Array): Uint8Array {
  const told = (labels: Uint8Array) => {
    const y = new Float32Array(labels.length * CLASSES);
    new FewLabels(experiment.seed, { perClass: 5, draw: 0 }, labels, CLASSES)
      .tell(y, Uint32Array.from(labels.keys()));
    return y.join();
  };
  const before = told(labels);
  const changed = labels.slice();
  const count = [...labels.keys()].filter((i) => {
    changed[i] = (labels[i]! + 1) % CLASSES;
    const isFree = told(changed) === before;
    if (!isFree) changed[i] = labels[i]!;
    return isFree;
  }).length;
  assert.ok(count > 200, `${count} of ${labels.length} labels are changed`);
  return changed;
}
