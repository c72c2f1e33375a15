import assert from "node:assert/strict";
import { join } from "node:path";
import { readDataset } from "../../pipeline/artifacts/dataset.ts";
import type { FigureList } from "../../pipeline/artifacts/figures_json.ts";
import type { EvaluationMetrics } from "../../pipeline/artifacts/metrics_json.ts";
import { formatUserError, UserError } from "../../pipeline/base/errors.ts";
import { FIGURE_NAMES, figureModules } from "../../pipeline/figures/figures.ts";
import { decodePng } from "../../pipeline/formats/png.ts";
import { type ExperimentInput, experimentSchema } from "../../pipeline/spec/experiment.ts";
import { painted, writeFiles } from "../kinds/images/pictures/painted.ts";
import { outputs, prepare, runStage, withFolder } from "./small_mnist.ts";

const COLOURS = { red: [220, 40, 30], green: [30, 180, 60] };

/** 24 pictures of different sizes, red in one folder and green in another. */
function twoColours(): Record<string, Uint8Array> {
  return Object.fromEntries(
    Array.from({ length: 24 }, (_, i) => {
      const name = i % 2 ? "red" : "green";
      return [`${name}/${i}.png`, painted(9 + i, 30 - i, COLOURS[name], i)];
    }),
  );
}

type Changes = Omit<Extract<ExperimentInput["dataset"], { name: "images" }>, "name" | "source">;

function experiment(folder: string, dataset: Changes, rest: Partial<ExperimentInput> = {}) {
  return experimentSchema.parse({
    name: "own-pictures",
    dataset: { name: "images", source: { type: "folder", path: join(folder, "mine") }, ...dataset },
    model: { architecture: "dense", latentSize: 2, encoder: { units: [8] }, decoder: { units: [8] } },
    training: { epochs: 2, batchSize: 4 },
    evaluation: { importanceSamples: 4, importanceExamples: 2 },
    ...rest,
  });
}

Deno.test("a folder of pictures becomes parts of one size, each example in the colour of its class", () =>
  withFolder(async (folder) => {
    await writeFiles(join(folder, "mine"), {
      ...twoColours(),
      "Thumbs.db": "x",
      ".hidden/a.png": "no picture",
    });
    const told = (await prepare(
      folder,
      experiment(folder, { size: [6, 8], split: { test: { perClass: 2 }, validation: { count: 3 } } }),
    )).preprocess;
    const { info, ...parts } = await readDataset((name) => join(folder, "preprocess", name));
    assert.deepEqual([info.shape, info.classes, info.scale], [[6, 8, 3], ["green", "red"], 1 / 255]);
    assert.deepEqual(
      [parts.train.examples, parts.validation.examples, parts.test.examples],
      [17, 3, 4],
    );
    assert.deepEqual(info.parts.test.perClass, [2, 2]);
    for (const { images, labels, size } of [parts.train, parts.validation, parts.test]) {
      labels.forEach((label, i) => {
        const wanted = COLOURS[info.classes[label] as "red"];
        const example = images.subarray(i * size, (i + 1) * size);
        for (const channel of [0, 1, 2]) {
          const values = Array.from(example).filter((_, j) => j % 3 === channel);
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          assert(Math.abs(mean - wanted[channel]!) < 8, `${mean} ${wanted}`);
        }
      });
    }
    assert.match(
      info.split,
      /^24 pictures cut to 6 x 8; train: the rest.*validation: 3 of.*test: 2 of each class/,
    );
    assert.deepEqual(told.notices, ["Passed over: Thumbs.db (its name is none of a picture)"]);
    const sheet = decodePng(await Deno.readFile(join(folder, "preprocess/contact-sheet.png")));
    assert.deepEqual([sheet.height, sheet.width], [2 * 8 + 2, 16 * 10 + 2]);
  }));

Deno.test("classes whose names differ in nothing but capital letters are kept apart, and told", () =>
  withFolder(async (folder) => {
    const pictures = Object.entries(twoColours()).map((
      [name, bytes],
    ) => [name.replace(/^green/, "Red"), bytes]);
    await writeFiles(join(folder, "mine"), Object.fromEntries(pictures));
    const { preprocess } = await prepare(folder, experiment(folder, { size: [2, 2] }));
    assert.deepEqual(preprocess.notices, ["The classes Red and red differ in nothing but capital letters"]);
    const { info } = await readDataset((name) => join(folder, "preprocess", name));
    assert.deepEqual(info.classes, ["Red", "red"]);
  }));

Deno.test("files that are no pictures are refused all at once, by name, or skipped and told", () =>
  withFolder(async (folder) => {
    const [first] = Object.values(twoColours());
    await writeFiles(join(folder, "mine"), {
      ...twoColours(),
      "red/gif.png": "GIF89a and more",
      "red/page.jpg": "<!doctype html><p>Not found",
      "green/empty.png": "",
      "green/cut.png": first!.slice(0, -30),
    });
    await runStage(folder, "download", experiment(folder, { size: [4, 4] }));
    await assert.rejects(
      runStage(folder, "preprocess", experiment(folder, { size: [4, 4] })),
      (error: unknown) => {
        assert(error instanceof UserError);
        const text = formatUserError(error);
        assert.match(text, /^Cannot make examples of 4 files of 28\n/);
        assert.match(text, /red\/gif\.png: it is a GIF; PNG and JPEG are read\n/);
        assert.match(text, /red\/page\.jpg: it is a web page \(HTML\)/);
        assert.match(text, /green\/empty\.png: it is empty\n/);
        assert.match(text, /green\/cut\.png: the picture is cut off\n/);
        assert.match(text, /--set dataset\.brokenFiles=skip$/);
        return true;
      },
    );
    const { notices } = await runStage(
      folder,
      "preprocess",
      experiment(folder, { size: [4, 4], brokenFiles: "skip" }),
    );
    const { info, train, test } = await readDataset((name) => join(folder, "preprocess", name));
    assert.equal(train.examples + test.examples, 24);
    assert.equal(info.leftOut?.length, 4);
    assert.match(notices[0]!, /^Skipped: 4 files, .*; dataset\.json names all$/);
  }));

Deno.test("a few pictures without classes, one of them for the test, train; what compares classes is left out", () =>
  withFolder(async (folder) => {
    const pictures = Object.fromEntries(
      Array.from({ length: 6 }, (_, i) => [`${i}.png`, painted(20, 20, [40 * i, 90, 200 - 30 * i], i)]),
    );
    await writeFiles(join(folder, "mine"), pictures);
    const ofImages = figureModules(FIGURE_NAMES, "images");
    const show = FIGURE_NAMES.filter((name) => ofImages[`figure/${name}`]);
    const spec = experiment(folder, { size: [5, 7], split: { test: { count: 1 } } }, {
      model: {
        architecture: "conv",
        latentSize: 2,
        likelihood: { family: "gaussian" },
        encoder: { conv: [{ filters: 2, kernel: 3 }] },
        decoder: { reshape: [5, 7, 2], conv: [{ filters: 3, kernel: 3 }] },
      },
      training: { epochs: 2, batchSize: 2, inputNoise: 0.1, manifoldSnapshots: 2 },
      evaluation: { importanceSamples: 4, importanceExamples: 1 },
      figures: { show, samples: 4, manifoldSize: 3 },
    });
    await prepare(folder, spec);
    await runStage(folder, "train", spec);
    await runStage(folder, "evaluate", spec);
    await runStage(folder, "render", spec, (context) => ({ ...context, inputs: ["train/manifolds.npy"] }));
    const { figures, omitted }: FigureList = JSON.parse(
      await Deno.readTextFile(join(folder, "render/figures.json")),
    );
    const reasons = Object.fromEntries(omitted.map(({ name, reason }) => [name, reason]));
    assert.deepEqual(reasons, {
      "interpolation": "It goes between test examples, and there is one in all.",
      "completion": "It compares classes, and there is one class alone.",
      "attributes": "It compares classes, and there is one class alone.",
      "class-samples": "It compares classes, and there is one class alone.",
      "few-labels": "It compares classes, and there is one class alone.",
      "prediction-error": "It compares test pictures, and there is one in all.",
    });
    assert.equal(figures.length, show.length - Object.keys(reasons).length);
    for (const { name, caption, alt } of figures) {
      assert.doesNotMatch(caption + alt, /digit|NaN|undefined|unlabelled|by class/, name);
    }
    const metrics: EvaluationMetrics = JSON.parse(
      new TextDecoder().decode((await outputs(folder, "evaluate"))["metrics.json"]),
    );
    assert.equal(metrics.probe, null);
    assert(Number.isFinite(metrics.test.loss));
  }));

Deno.test("every architecture learns the colours of pictures, and an LSTM reads a row of them a step", () =>
  withFolder(async (folder) => {
    await writeFiles(join(folder, "mine"), twoColours());
    const one = { kernel: 3, stride: 1 } as const;
    const models = {
      dense: { encoder: { units: [16] }, decoder: { units: [16] } },
      conv: {
        encoder: { conv: [{ filters: 4, ...one }] },
        decoder: { reshape: [6, 8, 4], conv: [{ filters: 3, ...one }] },
      },
      lstm: { encoder: { units: 12 }, decoder: { units: 12 } },
    } as const;
    await prepare(folder, experiment(folder, { size: [6, 8] }));
    for (const [architecture, layers] of Object.entries(models)) {
      const spec = experiment(folder, { size: [6, 8] }, {
        model: { architecture, latentSize: 2, ...layers } as ExperimentInput["model"],
        training: { epochs: 20, batchSize: 4, learningRate: { schedule: "constant", rate: 0.02 } },
        evaluation: { importanceSamples: 2, importanceExamples: 2, probe: false },
      });
      await runStage(folder, "train", spec);
      await runStage(folder, "evaluate", spec);
      const { squaredError }: EvaluationMetrics = JSON.parse(
        new TextDecoder().decode((await outputs(folder, "evaluate"))["metrics.json"]),
      );
      // The two colours are a squared distance of 0.45 apart at each of 48 pixels: their mean is wrong by a quarter.
      assert(squaredError.vae < 48 * 0.45 / 4 / 2, `${architecture}: ${squaredError.vae}`);
    }
  }));
