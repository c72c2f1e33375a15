import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../pipeline/base/errors.ts";
import type { FigureList } from "../../pipeline/artifacts/figures_json.ts";
import type { EvaluationMetrics } from "../../pipeline/artifacts/metrics_json.ts";
import { count, nats } from "../../pipeline/base/words.ts";
import type { Json } from "../../pipeline/base/json.ts";
import type { FigureData, FigureModule } from "../../pipeline/figures/figure.ts";
import type { FigureOptions } from "../../pipeline/figures/figures.ts";
import type { StageContext } from "../../pipeline/graph/stage.ts";
import type { RenderSlice } from "../../pipeline/stages/render/context.ts";
import { decodePng } from "../../pipeline/formats/png.ts";
import type { ExperimentInput } from "../../pipeline/spec/experiment.ts";
import { prepare, runStage, smallExperiment, withFolder } from "./small_mnist.ts";

const TRAINING = { epochs: 2, batchSize: 50 } as const;

Deno.test("every figure is drawn from a trained model, twice in the same bytes", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({
      training: TRAINING,
      figures: { samples: 9, manifoldSize: 4, reconstructions: 4 },
    });
    await train(folder, experiment);
    await runStage(folder, "render", experiment);
    const first = await allFiles(join(folder, "render"));
    const { figures, omitted }: FigureList = JSON.parse(new TextDecoder().decode(first.get("figures.json")));

    assert.deepEqual(
      figures.map(({ name }) => name),
      experiment.figures.show.filter((name) => name !== "manifold"),
    );
    assert.deepEqual(omitted.map(({ name }) => name), ["manifold"]);
    assert.match(omitted[0]!.reason, /two latent dimensions, and this model has 3/);
    const facts = await factsOf(folder);
    for (const { name, title, caption, alt, files, command } of figures) {
      assert.doesNotMatch(title + caption + alt, /NaN|undefined|null|\[object/, name);
      for (const fact of facts[name as keyof typeof facts]) {
        assert.ok(`${title} ${caption} ${alt}`.includes(fact), `${name} does not say ${fact}: ${caption}`);
      }
      assert.ok(command.includes(`'figures.show=["${name}"]'`), command);
      assert.ok(files.every((file) => first.has(file)), name);
    }
    const written = [...first.keys()].filter((file) => file !== "figures.json").sort();
    assert.deepEqual(written, figures.flatMap(({ files }) => files).sort(), "all files are listed");

    const samples = decodePng(first.get("figures/prior-samples.png")!);
    // Three by three images of 28 pixels, with two gaps, enlarged.
    assert.equal(samples.width % (3 * 28 + 2), 0);
    assert.ok(samples.width >= 1000 && samples.width === samples.height);
    const scatter = figures.find(({ name }) => name === "latent-scatter")!;
    assert.match(
      scatter.caption,
      /first two principal components of the 3-dimensional means; they hold \d+\.\d %/,
    );

    await runStage(folder, "render", experiment);
    assert.deepEqual(await allFiles(join(folder, "render")), first);
  }));

Deno.test("only the figures asked for are drawn, in that order; two dimensions have a manifold", () =>
  withFolder(async (folder) => {
    const model: ExperimentInput["model"] = {
      architecture: "conv",
      latentSize: 2,
      encoder: { conv: [{ filters: 4, kernel: 4, stride: 4 }] },
      decoder: { reshape: [7, 7, 4], conv: [{ filters: 1, kernel: 4, stride: 4 }] },
    };
    const figures = { show: ["manifold", "architecture", "manifold"], manifoldSize: 3 } as const;
    const experiment = smallExperiment({
      model,
      training: TRAINING,
      figures: { ...figures, show: [...figures.show] },
    });
    await train(folder, experiment);
    await runStage(folder, "render", experiment);
    const files = await allFiles(join(folder, "render"));
    const list: FigureList = JSON.parse(new TextDecoder().decode(files.get("figures.json")));
    assert.deepEqual(list.figures.map(({ name }) => name), ["manifold", "architecture"]);
    assert.deepEqual(list.omitted, []);
    const svg = new TextDecoder().decode(files.get("figures/manifold.svg"));
    // The inverse normal CDF of 0.05, 0.5 and 0.95.
    for (const tick of ["−1.64", "0.00", "1.64"]) assert.ok(svg.includes(`>${tick}<`), tick);

    // A class that the test part lacks: the first 150 test digits hold all ten, class 12 is in none.
    const wrong = smallExperiment({
      model,
      training: TRAINING,
      figures: { show: ["interpolation"], interpolation: { from: 3, to: 12 } },
    });
    await assert.rejects(runStage(folder, "render", wrong), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /no example of class 12/);
      assert.match(error.notes.join(" "), /0, 1, 2, 3, 4, 5, 6, 7, 8, 9/);
      return true;
    });
  }));

Deno.test("a figure that stands outside the house is drawn by the same contract", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({
      training: TRAINING,
      figures: { show: ["architecture"] },
    });
    await train(folder, experiment);
    const outside: FigureModule<FigureData<FigureOptions>> = await import("../figures/largest_kl.ts");
    await runStage(folder, "render", experiment, (context) => {
      const slice = context.slice as unknown as RenderSlice;
      // Its declaration would give it its options: a slice has those of the figures that are shown.
      const figures = { ...slice.figures, samples: 5, show: [...slice.figures.show, "largest-kl"] };
      return {
        ...context,
        slice: { ...slice, figures } as unknown as Json,
        load: (role: string) => role === "figure/largest-kl" ? Promise.resolve(outside) : context.load(role),
      } as StageContext;
    });
    const text = await Deno.readTextFile(join(folder, "render/figures.json"));
    const { figures }: FigureList = JSON.parse(text);
    assert.deepEqual(figures.map(({ name }) => name), ["architecture", "largest-kl"]);
    assert.match(
      figures[1]!.caption,
      /^The largest of 3 latent dimensions has \d+\.\d\d nats\. There are 5 samples\.$/,
    );
    const svg = await Deno.readTextFile(join(folder, "render", figures[1]!.files[0]!));
    assert.ok(svg.includes(`>${figures[1]!.alt}</text>`));
  }));

/** What the words of each figure have to say, from what earlier stages wrote. */
async function factsOf(folder: string) {
  const read = (path: string) => Deno.readTextFile(join(folder, path));
  const metrics: EvaluationMetrics = JSON.parse(await read("evaluate/metrics.json"));
  const model = JSON.parse(await read("train/model.json"));
  const rows = (await read("train/metrics.csv")).trim().split("\n").map((line) => line.split(","));
  const last = (column: string) => nats(Number(rows.at(-1)![rows[0]!.indexOf(column)]));
  const { importance: { samples }, latent } = metrics;
  const bounds = (await read("evaluate/importance.csv")).trim().split("\n").map((line) => line.split(","));
  return {
    "architecture": [
      `all together ${count(metrics.parameters)}`,
      `encoder/mean ${latent.size}`,
      model.layers[0].name,
    ],
    "learning-curves": [
      "over 2 epochs",
      `train loss ${last("train_loss")}`,
      `test loss ${last("test_loss")}`,
      `test KL ${last("test_kl")}`,
    ],
    "prior-samples": ["9 images decoded", "the first 8 above the training image"],
    "latent-scatter": ["150 test examples", "3-dimensional means"],
    "posterior-evolution": ["150 test examples at 3 moments", "epochs 0, 1, 2"],
    "reconstructions": ["4 drawn at random", `the mean over the test set is ${nats(metrics.test.loss)}`],
    "interpolation": ["From 1 to 7", "9 decoded points", "4 rows"],
    "traversal": [
      `for dimensions ${
        [1, 2, 3].toSorted((a, b) => latent.klPerDimension[b - 1]! - latent.klPerDimension[a - 1]!).join(", ")
      }.`,
    ],
    "kl-per-dimension": [
      `${latent.activeUnits} of 3 dimensions are active`,
      `${latent.klPerDimension.map(nats).join(", ")} nats`,
    ],
    "importance-bound": [`With ${samples} it is ${nats(-Number(bounds.at(-1)![1]))} ± `],
  };
}

async function train(folder: string, experiment: ReturnType<typeof smallExperiment>): Promise<void> {
  await prepare(folder, experiment);
  await runStage(folder, "train", experiment);
  await runStage(folder, "evaluate", experiment);
}

async function allFiles(folder: string, prefix = ""): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for await (const { name, isDirectory } of Deno.readDir(join(folder, prefix))) {
    if (isDirectory) { for (const entry of await allFiles(folder, `${prefix}${name}/`)) files.set(...entry); }
    else files.set(prefix + name, await Deno.readFile(join(folder, prefix, name)));
  }
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}
