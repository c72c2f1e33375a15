import assert from "node:assert/strict";
import { join } from "node:path";
import { listFiles } from "../../pipeline/store/disk.ts";
import { type Experiment, type ExperimentInput, experimentSchema } from "../../pipeline/spec/experiment.ts";
import { ROOT } from "../graph/toy_project.ts";
import { reportOfChorales, SMALL_CHORALES } from "../stages/small_chorales.ts";
import { prepare, runStage, withFolder } from "../stages/small_mnist.ts";
import { fences } from "../support/markdown.ts";
import { hasPython, python } from "../support/python.ts";

const PAGE = Deno.readTextFileSync(join(ROOT, "docs/files.md"));

const EVALUATION = { importanceSamples: 10, importanceExamples: 5, probe: false };

/** Images with every file that their reports can hold. */
const IMAGES: ExperimentInput = {
  name: "quick",
  dataset: { name: "mnist", split: { train: { count: 60 }, test: { count: 30 } } },
  model: { architecture: "dense", latentSize: 2, encoder: { units: [16] }, decoder: { units: [16] } },
  training: { epochs: 1, batchSize: 20, inputNoise: 0.2, manifoldSnapshots: 3 },
  evaluation: EVALUATION,
  figures: {
    show: [
      "learning-curves",
      "prior-samples",
      "completion",
      "denoising",
      "attributes",
      "class-samples",
      "few-labels",
      "linear-subspace",
      "prediction-error",
    ],
    samples: 4,
  },
};

/** Music with every file that its reports can hold. */
const MUSIC: ExperimentInput = {
  name: "music-dense",
  dataset: {
    name: "piano-genres",
    representation: { stepsPerQuarter: 1, lowestPitch: 60, pitches: 12 },
    windows: { length: 8, hop: 32 },
  },
  model: { architecture: "dense", latentSize: 2, encoder: { units: [8] }, decoder: { units: [8] } },
  training: { epochs: 1, batchSize: 32 },
  evaluation: EVALUATION,
  figures: { show: ["prior-samples"], samples: 2 },
};

/** Music whose decoder reads what it has written: that is exported as one step, too; and so is a learned prior. */
const STEPS: ExperimentInput = {
  ...MUSIC,
  name: "music-lstm",
  model: {
    architecture: "lstm",
    latentSize: 2,
    encoder: { units: 2 },
    decoder: { units: 2, autoregressive: { wordDropout: 0.5 } },
    prior: { name: "vamp", components: 3 },
  },
};

/** A game, which has a table of its own. */
const GAME: ExperimentInput = {
  ...IMAGES,
  name: "digits-gan",
  objective: { name: "gan", gradientPenalty: 0 },
  figures: { show: ["prior-samples"], samples: 2 },
};

/** Voices that hear each other: what draws them in turn is a network of its own. */
const CHORALES = {
  ...SMALL_CHORALES,
  dataset: { ...SMALL_CHORALES.dataset, windows: { length: 4, hop: 16, transpositions: [0] } },
  model: { ...SMALL_CHORALES.model, likelihood: { family: "categorical", autoregressive: { units: 4 } } },
} as Experiment;

/** Few labels, and so a network that tells classes. */
const LABELS: ExperimentInput = {
  ...IMAGES,
  name: "digits-m2",
  model: {
    architecture: "dense",
    conditional: true,
    latentSize: 2,
    encoder: { units: [8] },
    decoder: { units: [8] },
  },
  objective: { name: "m2", labelsPerClass: 1 },
  training: { epochs: 1, batchSize: 50 },
  figures: { show: ["prior-samples"], samples: 2 },
};

/** Runs all stages in folders of their own below `folder`. @returns the files of the report */
async function makeReport(folder: string, input: ExperimentInput): Promise<string[]> {
  const spec: Experiment = experimentSchema.parse(input);
  await prepare(folder, spec);
  for (const stage of ["train", "evaluate", "render"]) await runStage(folder, stage, spec);
  const inputs = listFiles(folder).filter((file) => !file.includes(".scratch/"));
  await runStage(folder, "report", spec, (context) => ({ ...context, inputs: inputs.sort() }));
  return listFiles(join(folder, "report"));
}

/** The files that a page's tables name in their first column, as patterns: `<row>` is any word. */
function namedFiles(page: string): Map<string, RegExp> {
  const names = Array.from(page.matchAll(/^\| `([^`]+\.[a-z0-9]+)` /gm), ([, name]) => name!);
  const pattern = (name: string) => name.replaceAll(".", "\\.").replaceAll(/<[a-z]+>/g, "[a-z0-9-]+");
  return new Map(names.map((name) => [name, new RegExp(`^${pattern(name)}$`)]));
}

Deno.test("docs/files.md names every file of a report and no other, and its Python reads them", async (t) => {
  await withFolder(async (folder) => {
    const files = new Set<string>();
    await Deno.mkdir(join(folder, "reports"));
    for (const input of [IMAGES, MUSIC, STEPS, GAME, LABELS]) {
      const stages = join(folder, input.name);
      for (const file of await makeReport(stages, input)) files.add(file);
      await Deno.symlink(join(stages, "report"), join(folder, "reports", input.name));
    }
    for (const file of await reportOfChorales(join(folder, "small-chorales"), CHORALES)) files.add(file);
    const named = namedFiles(PAGE);
    const isNamed = (file: string) => named.values().some((pattern) => pattern.test(file));
    assert.deepEqual([...files].filter((file) => !isNamed(file)), []);
    const isThere = (pattern: RegExp) => files.values().some((file) => pattern.test(file));
    assert.deepEqual([...named].filter(([, pattern]) => !isThere(pattern)).map(([name]) => name), []);

    const snippets = fences(PAGE).filter(({ language, marks }) =>
      language === "python" && marks.length === 0
    );
    for (const { lead, text } of snippets) {
      await t.step({
        name: lead,
        ignore: !hasPython("numpy", "safetensors", "onnxruntime", "mido"),
        fn() {
          const { success, stderr } = python(["-c", text], folder);
          assert.ok(success, new TextDecoder().decode(stderr));
        },
      });
    }
  });
});
