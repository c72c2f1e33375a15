import tonejsMidi from "@tonejs/midi";
import assert from "node:assert/strict";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { writeArtifact } from "../../pipeline/artifacts/artifact.ts";
import { SOURCE_JSON } from "../../pipeline/artifacts/source_json.ts";
import type { FigureList } from "../../pipeline/artifacts/figures_json.ts";
import type { EvaluationMetrics } from "../../pipeline/artifacts/metrics_json.ts";
import { musicMetrics } from "../../pipeline/artifacts/music_metrics.ts";
import { randomStream } from "../../pipeline/base/random.ts";
import type { BackendName } from "../../pipeline/engine/backends.ts";
import { decodeCsv } from "../../pipeline/formats/csv.ts";
import { sample } from "../../pipeline/commands/sample/sample.ts";
import { type Experiment, experimentSchema } from "../../pipeline/spec/experiment.ts";
import { assertNear } from "../support/assert_near.ts";
import { outputs, runStage, withFolder } from "./small_mnist.ts";

const { Midi } = tonejsMidi;
/** 46 pitches that begin or are held, and rest. */
const SYMBOLS = 2 * 46 + 1;
const [VOICES, STEPS] = [4, 16];

/** Pieces of triads that move by step, a chord each quarter: as little music as will do. */
function pieces(part: string, count: number): number[][][] {
  return Array.from({ length: count }, (_, number) => {
    const stream = randomStream(1, part, number);
    let degree = 0;
    return Array.from({ length: 4 + stream.integer(6) }, () => {
      degree += stream.integer(3) - 1;
      const chord = [72, 67, 64, 48].map((pitch) => pitch + 2 * Math.max(-3, Math.min(3, degree)));
      return Array.from({ length: 4 }, () => chord);
    }).flat();
  });
}

function experiment(changes: object = {}): Experiment {
  return experimentSchema.parse({
    name: "small-chorales",
    dataset: {
      name: "jsb-chorales",
      windows: { length: STEPS, hop: 8, transpositions: [0, 1] },
    },
    model: {
      architecture: "hierarchical",
      latentSize: 3,
      likelihood: { family: "categorical" },
      encoder: { units: 8, direction: "bidirectional" },
      conductor: { units: 8, embedding: 6 },
      segment: 8,
      decoder: { units: 12 },
    },
    training: { epochs: 3, batchSize: 8, learningRate: { schedule: "constant", rate: 0.01 } },
    evaluation: { importanceSamples: 10, importanceExamples: 5, probe: false },
    figures: { samples: 2, reconstructions: 2, interpolation: { steps: 3 } },
    ...changes,
  });
}

/** Puts pieces where the download stage would have left those of the dataset. */
async function deliver(folder: string, file: string): Promise<void> {
  const text = JSON.stringify({
    train: pieces("train", 12),
    valid: pieces("valid", 4),
    test: pieces("test", 5),
  });
  await Deno.mkdir(join(folder, "download"));
  await Deno.writeTextFile(join(folder, "download", file), text);
  await writeArtifact({ output: (path) => join(folder, "download", path) }, SOURCE_JSON, {
    name: "jsb-chorales",
    title: "Chorales",
    authors: [],
    licence: { name: "none", url: "" },
    url: "",
    files: [{ name: file, bytes: text.length, sha256: "" }],
  });
}

const json = async (path: string) => JSON.parse(await Deno.readTextFile(path));

Deno.test("chorales go by voice from a file to numbers, figures, MIDI with a track a voice, and samples", () =>
  withFolder(async (folder) => {
    const { model } = experiment();
    const spec = experiment({
      model: { ...model, likelihood: { family: "categorical", autoregressive: { units: 4 } } },
    });
    await deliver(folder, "Jsb16thSeparated.json");
    for (const stage of ["preprocess", "train", "evaluate", "render"]) {
      await runStage(folder, stage, spec);
    }
    const info = await json(join(folder, "preprocess/dataset.json"));
    assert.deepEqual(info.shape, [STEPS, VOICES, SYMBOLS]);
    const metrics: EvaluationMetrics = await json(join(folder, "evaluate/metrics.json"));
    const { frameNll, statistics } = musicMetrics(metrics)!;
    assert.equal(frameNll.byVoice, true);
    assertNear(frameNll.model, frameNll.reconstruction + frameNll.kl, { relative: 1e-9 });
    // All of 93 symbols alike would be log 93 for each of the voices; how often each comes is worth more.
    const ignorance = VOICES * Math.log(SYMBOLS);
    assert.ok(frameNll.model < ignorance, `${frameNll.model}`);
    assert.ok(frameNll.pitchFrequencies < ignorance, `${frameNll.pitchFrequencies}`);
    assert.equal(frameNll.importance!.samples, 10);
    assert.ok(frameNll.importance!.model < 1.1 * frameNll.model && frameNll.importance!.standardError! > 0);
    // Four pitches at each step of a piece; what fills the last windows up is none of it.
    assertNear(statistics.test.meanPolyphony, 4, { absolute: 1e-9 });
    const { figures, omitted }: FigureList = await json(join(folder, "render/figures.json"));
    assert.deepEqual(omitted, []);
    const sounds = figures.flatMap((figure) => figure.sounds ?? []);
    assert.ok(sounds.length > 5);
    const originals = sounds.filter(({ title }) => title.startsWith("Original"));
    for (const { file } of originals) {
      const { tracks } = new Midi(await Deno.readFile(join(folder, "render", file)));
      const sung = tracks.filter(({ notes }) => notes.length > 0);
      assert.deepEqual(sung.map(({ name }) => name), ["Soprano", "Alto", "Tenor", "Bass"]);
    }
    const request = {
      spec,
      settings: { engine: "native" as const },
      input: (name: string) => join(folder, name),
      seed: 7,
    };
    const samples = await sample({ ...request, count: 2, label: undefined });
    assert.deepEqual(await sample({ ...request, count: 2, label: undefined }), samples);
    assert.deepEqual(
      samples.map(({ name }) => name),
      [1, 2].flatMap((i) => [
        `prior-seed-7-${i}.mid`,
        `prior-seed-7-${i}.musicxml`,
      ]),
    );
    for (const { name, bytes } of samples) {
      if (name.endsWith(".mid")) assert.ok(new Midi(bytes).header.ppq > 0);
      else assert.match(new TextDecoder().decode(bytes), /<part-name>Bass<\/part-name>/);
    }
  }));

Deno.test("both engines train a conductor and its decoder alike, and ONNX Runtime writes step by step what it writes at once", () =>
  withFolder(async (folder) => {
    await deliver(folder, "Jsb16thSeparated.json");
    await runStage(folder, "preprocess", experiment());
    const lossOf = async (engine: BackendName) => {
      await runStage(folder, "train", experiment(), undefined, { engine });
      const { columns, rows } = decodeCsv(
        new TextDecoder().decode((await outputs(folder, "train"))["metrics.csv"]),
      );
      return Number(rows.at(-1)![columns.indexOf("test_loss")]);
    };
    assertNear(await lossOf("native"), await lossOf("portable"), { relative: 2e-3 });

    const networks = await outputs(folder, "train");
    const open = (name: string) => ort.InferenceSession.create(networks[name]!);
    const [whole, step] = [await open("decoder.onnx"), await open("decoder-step.onnx")];
    const features = VOICES * SYMBOLS, size = STEPS * features;
    const z = new ort.Tensor("float32", Float32Array.of(0.3, -1, 0.5), [1, 3]);
    const x = new Float32Array(size);
    for (let voice = 0; voice < STEPS * VOICES; voice++) {
      x[voice * SYMBOLS + (7 * voice) % SYMBOLS] = 1;
    }
    const { mean } = await whole.run({ z, x: new ort.Tensor("float32", x, [1, size]) });
    let state: Record<string, ort.Tensor> = Object.fromEntries(
      Object.entries({ clock: 1, conductorHidden: 8, conductorCell: 8, hidden: 12, cell: 12 })
        .map(([name, width]) => [name, new ort.Tensor("float32", new Float32Array(width), [1, width])]),
    );
    for (let t = 0; t < STEPS; t++) {
      const before = t === 0 ? new Float32Array(features) : x.slice((t - 1) * features, t * features);
      const { mean: now, ...next } = await step.run({
        z,
        before: new ort.Tensor("float32", before, [1, features]),
        ...state,
      });
      const wanted = (mean!.data as Float32Array).slice(t * features, (t + 1) * features);
      assertNear(now!.data as Float32Array, wanted, { absolute: 1e-5, what: `step ${t}` });
      state = Object.fromEntries(
        Object.entries(next).map(([name, value]) => [name.replace("next_", ""), value as ort.Tensor]),
      );
    }
    await Promise.all([whole.release(), step.release()]);
  }));

Deno.test("16 bars are a window like any other: a conductor of 16 steps is trained and writes", () =>
  withFolder(async (folder) => {
    const { model } = experiment();
    const spec = experiment({
      dataset: { name: "jsb-chorales", windows: { length: 256, hop: 256, transpositions: [0] } },
      model: { ...model, segment: 16 },
      training: { epochs: 1, batchSize: 6 },
    });
    await deliver(folder, "Jsb16thSeparated.json");
    for (const stage of ["preprocess", "train"]) {
      await runStage(folder, stage, spec);
    }
    const { columns, rows } = decodeCsv(
      new TextDecoder().decode((await outputs(folder, "train"))["metrics.csv"]),
    );
    const losses = rows.map((row) => Number(row[columns.indexOf("validation_loss")]));
    assert.ok(losses.length === 2 && losses[1]! < losses[0]!, losses.join());
  }));

Deno.test("whole pieces as rolls have the likelihood of their own steps, and of none that fill them up", () =>
  withFolder(async (folder) => {
    await deliver(folder, "jsb-chorales-quarter.json");
    const spec = experiment({
      dataset: { name: "jsb-chorales", representation: "roll", windows: { length: 48, transpositions: [0] } },
      model: {
        architecture: "lstm",
        latentSize: 2,
        likelihood: { family: "padded-bernoulli", autoregressive: {} },
        encoder: { units: 4 },
        decoder: { units: 6, autoregressive: {} },
      },
      training: { epochs: 1, batchSize: 4 },
    });
    for (const stage of ["preprocess", "train", "evaluate"]) {
      await runStage(folder, stage, spec);
    }
    const metrics: EvaluationMetrics = await json(join(folder, "evaluate/metrics.json"));
    const { frameNll } = musicMetrics(metrics)!;
    const steps = pieces("test", 5).reduce((sum, piece) => sum + piece.length, 0);
    assertNear(frameNll.model * steps, metrics.test.loss * 5, { relative: 1e-6 });
    assertNear(frameNll.importance!.model * steps, -metrics.importance.logLikelihood * 5, { relative: 1e-6 });
  }));
