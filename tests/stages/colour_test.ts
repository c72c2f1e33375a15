import assert from "node:assert/strict";
import type { FigureList } from "../../pipeline/artifacts/figures_json.ts";
import type { EvaluationMetrics } from "../../pipeline/artifacts/metrics_json.ts";
import { randomStream } from "../../pipeline/base/random.ts";
import type { AttributesMetrics } from "../../pipeline/figures/attributes/study.ts";
import type { ClassSamplesMetrics } from "../../pipeline/figures/class_samples/study.ts";
import type { CompletionMetrics } from "../../pipeline/figures/completion/study.ts";
import type { DenoisingMetrics } from "../../pipeline/figures/denoising/study.ts";
import { FIGURE_NAMES, figureModules } from "../../pipeline/figures/figures.ts";
import { decodeNpy, encodeNpy } from "../../pipeline/formats/npy.ts";
import { decodePng } from "../../pipeline/formats/png.ts";
import { outputs, runStage, smallExperiment, withFolder } from "./small_mnist.ts";

const [HEIGHT, WIDTH, CHANNELS] = [8, 6, 3];
const SIZE = HEIGHT * WIDTH * CHANNELS;
const CLASSES = ["red", "green", "blue"];

/** Pictures of a bar from top to bottom, whose colour is the class; place, brightness and slant vary. */
function bars(count: number, seed: number): { images: Uint8Array; labels: Uint8Array } {
  const random = randomStream(seed, "bars");
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES.length);
  const images = new Uint8Array(count * SIZE);
  labels.forEach((label, i) => {
    const column = 1 + random.integer(WIDTH - 2);
    const brightness = 128 + random.integer(128);
    const lean = random.integer(2);
    for (let row = 0; row < HEIGHT; row++) {
      images[i * SIZE + (row * WIDTH + column - (row < HEIGHT / 4 ? 0 : lean)) * CHANNELS + label] =
        brightness;
    }
  });
  return { images, labels };
}

/** Mean over the channels, summed over the pixels: that of the quarter with most less that of the quarter with least. */
function inkGap(images: Uint8Array): number {
  const inks = Array.from(
    { length: images.length / SIZE },
    (_, i) => images.subarray(i * SIZE, (i + 1) * SIZE).reduce((sum, byte) => sum + byte, 0) / CHANNELS / 255,
  ).sort((a, b) => a - b);
  const quarter = inks.length / 4;
  const mean = (some: number[]) => some.reduce((sum, ink) => sum + ink, 0) / some.length;
  return mean(inks.slice(-quarter)) - mean(inks.slice(0, quarter));
}

async function writePreprocessed(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/preprocess`);
  const parts = { train: bars(300, 1), validation: bars(0, 2), test: bars(60, 3) };
  for (const [name, { images, labels }] of Object.entries(parts)) {
    const shape = [labels.length, HEIGHT, WIDTH, CHANNELS];
    await Deno.writeFile(`${folder}/preprocess/${name}.npy`, encodeNpy({ shape, data: images }));
    await Deno.writeFile(
      `${folder}/preprocess/${name}_labels.npy`,
      encodeNpy({ shape: [labels.length], data: labels }),
    );
  }
  const info = {
    name: "bars",
    title: "Bars",
    shape: [HEIGHT, WIDTH, CHANNELS],
    scale: 1 / 255,
    classes: CLASSES,
    binarisation: "none",
    split: "300 train, 60 test",
    parts: Object.fromEntries(
      Object.entries(parts).map(([name, { labels }]) => [name, { examples: labels.length }]),
    ),
  };
  await Deno.writeTextFile(`${folder}/preprocess/dataset.json`, JSON.stringify(info));
}

Deno.test("every figure and study of images works in colour, at any aspect and with a Gaussian likelihood", () =>
  withFolder(async (folder) => {
    const ofImages = figureModules(FIGURE_NAMES, "images");
    const show = FIGURE_NAMES.filter((name) => ofImages[`figure/${name}`]);
    const experiment = smallExperiment({
      model: {
        architecture: "dense",
        latentSize: 2,
        likelihood: { family: "gaussian", standardDeviation: 0.2 },
        encoder: { units: [32] },
        decoder: { units: [32] },
      },
      training: {
        epochs: 30,
        batchSize: 20,
        learningRate: { schedule: "constant", rate: 0.005 },
        inputNoise: 0.5,
        latentSnapshots: [0, 30],
        manifoldSnapshots: 3,
      },
      evaluation: { importanceSamples: 4, importanceExamples: 4 },
      figures: { show, samples: 9, manifoldSize: 4, interpolation: { from: 0, to: 2 } },
    });
    await writePreprocessed(folder);
    await runStage(folder, "train", experiment);
    await runStage(folder, "evaluate", experiment);
    await runStage(folder, "render", experiment, (context) => ({
      ...context,
      slice: { ...context.slice as object, nouns: { one: "icon", many: "icons" } },
      inputs: ["train/manifolds.npy"],
    }));

    const { figures, omitted }: FigureList = JSON.parse(
      await Deno.readTextFile(`${folder}/render/figures.json`),
    );
    assert.deepEqual([figures.map(({ name }) => name), omitted], [show, []]);
    for (const { name, title, caption, alt, files } of figures) {
      assert.doesNotMatch(title + caption + alt, /digit|NaN|undefined/, name);
      for (const file of files.filter((file) => file.endsWith(".png"))) {
        const { channels, pixels } = decodePng(await Deno.readFile(`${folder}/render/${file}`));
        const isColoured = (_: number, i: number) =>
          i % channels < 3 && pixels[i] !== pixels[i - i % channels];
        assert(pixels.some(isColoured), `${file} is grey`);
      }
    }
    assert.equal(figures.find(({ name }) => name === "completion")!.title, "Half an icon completed");

    const evaluated = await outputs(folder, "evaluate");
    const { studies }: EvaluationMetrics = JSON.parse(new TextDecoder().decode(evaluated["metrics.json"]));
    const { ways, recognised } = studies!.completion as CompletionMetrics;
    const error = (name: string) => ways.find(({ way }) => way === name)!.squaredError;
    assert(error("inferred") < error("mean"), `${error("inferred")} ${error("mean")}`);
    assert(recognised.whole > 0.9);
    const { shape, data } = decodeNpy(evaluated["completion.npy"]!, "completion.npy");
    assert.deepEqual(shape, [5, CLASSES.length, HEIGHT, WIDTH, CHANNELS]);
    const [whole, seen] = [0, 1].map((row) => data.subarray(row * 3 * SIZE, (row + 1) * 3 * SIZE));
    seen!.forEach((value, i) => assert.equal(value, i % SIZE < SIZE / 2 ? whole![i] : 0));

    const { strokes, classes } = studies!.attributes as AttributesMetrics;
    const ink = strokes.find(({ attribute }) => attribute === "ink")!;
    assert(Math.abs(ink.gap - inkGap(bars(300, 1).images)) < 1e-4, `${ink.gap}`);
    assert(classes.otherAfter > classes.otherBefore, `${classes.otherBefore} ${classes.otherAfter}`);
    const { noisy, vae } = studies!.denoising as DenoisingMetrics;
    assert(vae > noisy, `${vae} dB after ${noisy} dB`);
    const samples = studies!["class-samples"] as ClassSamplesMetrics;
    const share = samples.recognised.reduce((sum, share) => sum + share, 0) / CLASSES.length;
    assert(share > 0.5, `${share} of the colours`);
  }));
