import assert from "node:assert/strict";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { readDatasetInfo } from "../../pipeline/artifacts/dataset.ts";
import type { ImageInfo } from "../../pipeline/kinds/images/prepare.ts";
import { UserError } from "../../pipeline/base/errors.ts";
import { decodeCsv } from "../../pipeline/formats/csv.ts";
import { decodeNpy } from "../../pipeline/formats/npy.ts";
import { decodeSafetensors } from "../../pipeline/formats/safetensors.ts";
import type { StageContext } from "../../pipeline/graph/stage.ts";
import type { Experiment } from "../../pipeline/spec/experiment.ts";
import { outputs, prepare, runStage, smallExperiment, withFolder } from "./small_mnist.ts";
import { assertNear } from "../support/assert_near.ts";

const text = (bytes: Uint8Array<ArrayBuffer> | undefined) => new TextDecoder().decode(bytes);

/** `metrics.csv` by column; empty fields are NaN. */
function columns(bytes: Uint8Array<ArrayBuffer> | undefined): Record<string, number[]> {
  const { columns, rows } = decodeCsv(text(bytes));
  return Object.fromEntries(
    columns.map((name, i) => [name, rows.map((row) => row[i] === "" ? NaN : Number(row[i]))]),
  );
}

/** Stops a stage when it reports progress for the `count`-th time. */
function abortAfter(count: number): (context: StageContext) => StageContext {
  const controller = new AbortController();
  let seen = 0;
  return (context) => ({
    ...context,
    signal: controller.signal,
    progress: () => {
      if (++seen === count) controller.abort();
    },
  });
}

Deno.test("training on real digits beats the best model without a latent code, and writes what it learned", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({
      training: {
        epochs: 10,
        batchSize: 25,
        learningRate: { schedule: "constant", rate: 5e-3 },
        latentSnapshots: [0, 3, 10],
      },
      kl: { schedule: "linear", end: 2 },
    });
    await prepare(folder, experiment);
    const told = await runStage(folder, "train", experiment, undefined, { engine: "portable" });
    const files = await outputs(folder, "train");
    const metrics = columns(files["metrics.csv"]);

    // The best distribution that knows no code is each pixel's mean: its cross-entropy on the mean digit.
    const { pixelMean } = await readDatasetInfo(join(folder, "preprocess/dataset.json")) as ImageInfo;
    const withoutCode = pixelMean.reduce(
      (sum, p) => p === 0 ? sum : sum - p * Math.log(p) - (1 - p) * Math.log(1 - p),
      0,
    );
    assert.ok(metrics.test_loss![0]! > 500, "an untrained model is far from the data");
    assert.ok(metrics.test_loss!.at(-1)! < withoutCode - 5, `${metrics.test_loss!.at(-1)}, ${withoutCode}`);
    assert.deepEqual(metrics.epoch, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.equal(metrics.step!.at(-1), 160);
    assert.ok(Number.isNaN(metrics.train_loss![0]), "no training before the first epoch");
    assert.ok(metrics.validation_loss!.every(Number.isNaN), "there is no validation part");
    for (let i = 0; i <= 10; i++) {
      assert.ok(
        Math.abs(metrics.test_reconstruction![i]! + metrics.test_kl![i]! - metrics.test_loss![i]!) < 1e-9,
      );
      const objective = metrics.test_reconstruction![i]! + metrics.kl_weight![i]! * metrics.test_kl![i]!;
      assert.ok(Math.abs(objective - metrics.test_objective![i]!) < 1e-9);
    }
    assert.equal(metrics.kl_weight![0], 0);
    assert.equal(metrics.kl_weight![10], 1);

    const weights = decodeSafetensors(files["weights.safetensors"]!);
    const model = JSON.parse(text(files["model.json"]));
    const learned = Object.values(weights.tensors).reduce((sum, { data }) => sum + data.length, 0);
    // 784-48-(3, 3) and 3-48-784, with biases.
    assert.equal(learned, 785 * 48 + 2 * 49 * 3 + 4 * 48 + 49 * 784);
    assert.equal(model.parameters, learned);
    assert.equal(model.epoch, 10);
    assert.deepEqual(JSON.parse(weights.metadata.model!), experiment.model);

    assert.deepEqual(decodeNpy(files["latents.npy"]!).shape, [3, 150, 3]);
    const snapshots = JSON.parse(text(files["latents.json"]));
    assert.deepEqual(snapshots.epochs, [0, 3, 10]);
    assert.deepEqual(snapshots.examples, Array.from({ length: 150 }, (_, i) => i));

    await assertNetworks(files, experiment.model.latentSize);

    const last = told.progress.at(-1)!;
    assert.equal(last.fraction, 1);
    assert.match(last.text, /^epoch 10\/10 {2}loss [\d.]+$/);
    assert.match(
      last.details!.slice(0, 4).join("  "),
      /^reconstruction [\d.]+ {2}KL [\d.]+ {2}KL weight 1 {2}step 16\/16$/,
    );
    assert.match(String(told.records.engine), /^portable, tfjs/);
  }));

/** Encoder and decoder in ONNX Runtime's own binding, held to the weights by hand: 784-48-3 and 3-48-784, tanh. */
async function assertNetworks(
  files: Record<string, Uint8Array<ArrayBuffer>>,
  latentSize: number,
): Promise<void> {
  const { tensors } = decodeSafetensors(files["weights.safetensors"]!);
  const dense = (name: string, x: number[]) => {
    const bias = Array.from(tensors[`${name}/bias`]!.data);
    const kernel = tensors[`${name}/kernel`]!.data;
    return bias.map((b, j) => x.reduce((sum, value, i) => sum + value * kernel[i * bias.length + j]!, b));
  };
  const run = async (file: string, input: string, values: number[]) => {
    const session = await ort.InferenceSession.create(files[file]!);
    const row = [...values, ...values.map(() => 0)]; // two examples: the batch is free
    return await session.run({
      [input]: new ort.Tensor("float32", Float32Array.from(row), [2, values.length]),
    });
  };
  // The second example of the batch is not looked at.
  const near = (actual: unknown, expected: number[]) =>
    assertNear((actual as Float32Array).subarray(0, expected.length), expected, { absolute: 1e-4 });

  const x = Array.from({ length: 784 }, (_, i) => (i % 29) / 29);
  const hidden = dense("encoder/dense1", x).map(Math.tanh);
  const posterior = await run("encoder.onnx", "x", x);
  assert.deepEqual(posterior.mean!.dims, [2, latentSize]);
  near(posterior.mean!.data, dense("encoder/mean", hidden));
  near(posterior.logVariance!.data, dense("encoder/logVariance", hidden));

  const z = [0.5, -1, 2];
  const logits = dense("decoder/output", dense("decoder/dense1", z).map(Math.tanh));
  const { mean, logits: given } = await run("decoder.onnx", "z", z);
  assert.deepEqual([mean!.dims, given!.dims], [[2, 784], [2, 784]]);
  near(given!.data, logits);
  near(mean!.data, logits.map((l) => 1 / (1 + Math.exp(-l))));
}

/** All that a checkpoint has to carry: sampled pixels, schedules, snapshots, the best weights so far. */
function intricate(): Experiment {
  return smallExperiment({
    dataset: {
      binarisation: "dynamic",
      split: { train: { count: 200 }, validation: { count: 60 }, test: { count: 60 } },
    },
    kl: { schedule: "cyclical", end: 3, cycles: 2, freeBits: 0.1 },
    training: {
      epochs: 4,
      batchSize: 20,
      learningRate: { schedule: "cosine", rate: 5e-3, warmupEpochs: 1 },
      weightDecay: 1e-3,
      gradientClipNorm: 50,
      latentSnapshots: [0, 1, 4],
      earlyStopping: { patience: 3 },
    },
    model: {
      architecture: "dense",
      latentSize: 2,
      likelihood: { family: "gaussian" },
      encoder: { units: [16] },
      decoder: { units: [16] },
    },
  });
}

for (const engine of ["portable", "native"] as const) {
  Deno.test(`a training that was stopped again and again ends in the same bytes as one that was not: ${engine}`, () =>
    withFolder(async (folder) => {
      const experiment = intricate();
      await prepare(folder, experiment);
      const train = (change?: (context: StageContext) => StageContext) =>
        runStage(folder, "train", experiment, change, { engine });
      await train();
      const expected = await outputs(folder, "train");

      await Deno.remove(join(folder, "train"), { recursive: true });
      await Deno.remove(join(folder, "train.scratch"), { recursive: true });
      let stops = 0;
      for (;; stops++) {
        try {
          const told = await train(abortAfter(7));
          assert.match(told.notices.join(), /Training resumes after 3 epochs and 5 steps/);
          break;
        } catch (error) {
          assert.equal((error as Error).name, "AbortError");
          assert.deepEqual(await outputs(folder, "train"), {}, "nothing is written before the end");
        }
      }
      assert.equal(stops, 5, "40 steps, 7 at a time");
      assert.deepEqual(await outputs(folder, "train"), expected);
    }));
}

Deno.test("a damaged checkpoint is put aside with a notice, and training starts from the beginning", () =>
  withFolder(async (folder) => {
    const experiment = intricate();
    await prepare(folder, experiment);
    await assert.rejects(runStage(folder, "train", experiment, abortAfter(15)), { name: "AbortError" });
    const checkpoint = join(folder, "train.scratch/checkpoint");
    const bytes = await Deno.readFile(checkpoint);
    bytes[bytes.length >> 1]! ^= 1;
    for (const damaged of [bytes, bytes.subarray(0, 1000), new Uint8Array()]) {
      await Deno.writeFile(checkpoint, damaged);
      const notices: string[] = [];
      const stopped = runStage(folder, "train", experiment, (context) => {
        return { ...abortAfter(1)(context), notice: (message) => void notices.push(message) };
      });
      await assert.rejects(stopped, { name: "AbortError" });
      assert.match(notices.join(), /checkpoint of an earlier run is damaged/);
    }
  }));

Deno.test("the checkpoint of another training is refused with a notice", () =>
  withFolder(async (folder) => {
    const experiment = intricate();
    await prepare(folder, experiment);
    await assert.rejects(runStage(folder, "train", experiment, abortAfter(15)), { name: "AbortError" });
    const notices: string[] = [];
    const stopped = runStage(folder, "train", experiment, (context) => {
      return {
        ...abortAfter(1)(context),
        key: "another",
        notice: (message) => void notices.push(message),
      };
    });
    await assert.rejects(stopped, { name: "AbortError" });
    assert.match(notices.join(), /is of another training: training starts from the beginning/);
  }));

Deno.test("early stopping ends the training and goes back to the best epoch's weights", () =>
  withFolder(async (folder) => {
    const base = {
      dataset: { split: { train: { count: 40 }, validation: { count: 100 }, test: { count: 50 } } },
    } as const;
    const training = { batchSize: 10, learningRate: { schedule: "constant", rate: 0.02 } } as const;
    const experiment = smallExperiment({
      ...base,
      training: { ...training, epochs: 60, earlyStopping: { patience: 2 } },
    });
    await prepare(folder, experiment);
    await runStage(folder, "train", experiment);
    const files = await outputs(folder, "train");
    const { validation_loss: losses } = columns(files["metrics.csv"]);
    const best = losses!.indexOf(Math.min(...losses!));
    const model = JSON.parse(text(files["model.json"]));
    assert.equal(model.epoch, best);
    assert.equal(model.epochsDone, best + 2);
    assert.ok(model.epochsDone < 60);

    // Training only as far as the best epoch gives the same weights.
    await Deno.remove(join(folder, "train"), { recursive: true });
    await Deno.remove(join(folder, "train.scratch"), { recursive: true });
    await runStage(folder, "train", smallExperiment({ ...base, training: { ...training, epochs: best } }));
    const short = await outputs(folder, "train");
    assert.deepEqual(short["weights.safetensors"], files["weights.safetensors"]);
  }));

Deno.test("early stopping watches what is minimised, from where the KL weight has reached its end", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({
      dataset: { split: { train: { count: 40 }, validation: { count: 100 }, test: { count: 50 } } },
      // The ELBO at weight 1 is best long before the weight has risen, and is not what is minimised.
      kl: { schedule: "linear", startWeight: 0.5, endWeight: 3, end: 8 },
      training: {
        batchSize: 10,
        learningRate: { schedule: "constant", rate: 0.02 },
        epochs: 60,
        earlyStopping: { patience: 2 },
      },
    });
    await prepare(folder, experiment);
    await runStage(folder, "train", experiment);
    const files = await outputs(folder, "train");
    const { validation_objective: objective, validation_loss: loss, kl_weight: weight } = columns(
      files["metrics.csv"],
    );
    const settled = weight!.indexOf(3);
    assert.ok(settled >= 8 && weight!.slice(settled).every((value) => value === 3));
    const best = settled + objective!.slice(settled).indexOf(Math.min(...objective!.slice(settled)));
    const { epoch, epochsDone } = JSON.parse(text(files["model.json"]));
    assert.equal(epoch, best);
    assert.equal(epochsDone, best + 2);
    assert.notEqual(epoch, loss!.indexOf(Math.min(...loss!)), "by the ELBO another epoch would be best");
  }));

Deno.test("where there is a validation part, training does not measure the test part; its codes are kept all the same", () =>
  withFolder(async (folder) => {
    const split = { train: { count: 200 }, validation: { count: 70 }, test: { count: 50 } } as const;
    const training = { epochs: 2, batchSize: 20, latentSnapshots: [0, 2] };
    const experiment = smallExperiment({ dataset: { split }, training });
    await prepare(folder, experiment);
    await runStage(folder, "train", experiment);
    const files = await outputs(folder, "train");
    const metrics = columns(files["metrics.csv"]);
    for (const term of ["loss", "reconstruction", "kl", "objective"]) {
      assert.ok(metrics[`validation_${term}`]!.every(Number.isFinite));
      assert.ok(metrics[`test_${term}`]!.every(Number.isNaN));
    }

    // Without one the test part is measured, and nothing else differs.
    const { validation: _, ...without } = split;
    const plain = smallExperiment({ dataset: { split: without }, training });
    await Deno.remove(folder, { recursive: true });
    await prepare(folder, plain);
    await runStage(folder, "train", plain);
    const other = await outputs(folder, "train");
    assert.ok(columns(other["metrics.csv"]).test_loss!.every(Number.isFinite));
    assert.deepEqual(other["weights.safetensors"], files["weights.safetensors"]);
    assert.deepEqual(other["latents.npy"], files["latents.npy"]);
  }));

Deno.test("a training that diverges says where, the likely cause and what to try", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({
      training: {
        epochs: 2,
        batchSize: 50,
        optimiser: { name: "sgd", momentum: 0.9 },
        learningRate: { schedule: "constant", rate: 50 },
      },
    });
    await prepare(folder, experiment);
    await assert.rejects(runStage(folder, "train", experiment), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^Training diverged: loss (NaN|Infinity), .* at epoch 1, step \d+$/);
      const notes = error.notes.join("\n");
      assert.match(notes, /Last finite values: epoch 1, step \d+: loss \d/);
      assert.match(notes, /Likely cause: the learning rate of 50 is high for sgd/);
      assert.match(notes, /--set training\.learningRate\.rate=5\n/);
      assert.match(notes, /--set training\.gradientClipNorm=100/);
      return true;
    });
    assert.deepEqual(await outputs(folder, "train"), {});
  }));

Deno.test("a batch larger than the training part is refused with a size that fits", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({ training: { batchSize: 401 } });
    await prepare(folder, experiment);
    await assert.rejects(
      runStage(folder, "train", experiment),
      /batch of 401 is more than the 400 training examples/,
    );
  }));
