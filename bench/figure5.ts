import { parseArgs } from "node:util";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { experiment, type ExperimentOptions } from "../pipeline/mod.ts";
import { type PlotDistance, plotDistance, shownValues } from "../pipeline/report/paper/distance.ts";
import { PLOTS } from "../pipeline/report/paper/verdicts.ts";

/**
 * Which protocol comes nearest to the paper's Figure 5? Trains the paper's model of music with rates, decays, KL
 * weights that rise, and initial weights of a grid, and prints how far the curves lie from the plot, nearest first;
 * once for each number of our epochs that one of the paper's may have been. What was trained is in the store.
 *
 *     deno run -A bench/figure5.ts --mirror ../lute-files [--passes 4] [--only "1e-4"] [--engine webgpu]
 *
 * Each training takes some 100 seconds for each pass on 2 cores.
 */
const { values: options } = parseArgs({
  options: {
    mirror: { type: "string" },
    passes: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    engine: { type: "string" },
  },
});
const passes = Number(options.passes);
const plot = PLOTS.music;

interface Candidate {
  readonly name: string;
  readonly set: NonNullable<ExperimentOptions["set"]>;
}

/** All combinations, by names that say what they are. */
function candidates(): Candidate[] {
  const rates = [
    ...[1e-4, 2e-4, 3e-4, 1e-3].map((rate) => ({
      name: `rate ${rate.toExponential()}`,
      learningRate: { schedule: "constant", rate },
    })),
    // So slow at first that the KL is where the plot begins, then as far as the plot ends.
    ...[3e-4, 4e-4].map((rate) => ({
      name: `rate 1e-4, from epoch 12 ${rate.toExponential()}`,
      learningRate: {
        schedule: "piecewise",
        rate: 1e-4,
        changes: [{ epoch: 11 * passes + 1, rate }],
      },
    })),
    ...[4e-4, 5e-4].map((rate) => ({
      name: `rate 1e-4, from epoch 12 ${rate.toExponential()}, falling`,
      learningRate: {
        schedule: "piecewise",
        rate: 1e-4,
        changes: [[12, rate], [31, 2e-4], [41, 5e-5]].map(([epoch, rate]) => ({
          epoch: (epoch! - 1) * passes + 1,
          rate: rate!,
        })),
      },
    })),
  ];
  const decays = [0, 5e-4];
  const weights = [
    { name: "full weight", kl: { schedule: "constant", weight: 1 } },
    ...[10, 20].map((end) => ({
      name: `weight to 1 over ${end}`,
      kl: { schedule: "linear", end: end * passes },
    })),
  ];
  const initialisations = ["glorot-uniform", "lecun-normal"];
  return rates.flatMap(({ name: rate, learningRate }) =>
    decays.flatMap((weightDecay) =>
      weights.flatMap(({ name, kl }) =>
        initialisations.map((initialisation) => ({
          name: `${rate}, decay ${weightDecay}, ${name}, ${initialisation}`,
          set: {
            "training.learningRate": learningRate,
            "training.weightDecay": weightDecay,
            kl,
            "model.initialisation": initialisation,
          },
        }))
      )
    )
  );
}

const found: { readonly name: string; readonly passes: number; readonly distance: PlotDistance }[] = [];
const root = fileURLToPath(new URL("..", import.meta.url));
const numbered = candidates().map((candidate, i) => ({ ...candidate, number: i + 1 }));
for (const { name, number, set } of numbered.filter(({ name }) => name.includes(options.only))) {
  const protocol = await experiment(new URL("../experiments/paper/music.json", import.meta.url), {
    root,
    reports: `${root}/reports/bench-figure5`,
    ...(options.engine === undefined ? {} : { engine: options.engine }),
    set: {
      ...set,
      name: `figure5-${number}-${passes}`,
      "training.epochs": plot.lastEpoch * passes,
      evaluation: { importanceSamples: 10, importanceExamples: 10, probe: false },
      figures: { show: ["learning-curves"] },
      ...(options.mirror === undefined
        ? {}
        : { "dataset.source": { type: "folder", path: resolve(options.mirror) } }),
    },
  });
  const { curves } = await protocol.run();
  const epochs = curves.slice(1);
  const of = (part: "train" | "test") => ({
    loss: epochs.map((row) => row[part]!.loss),
    kl: epochs.map((row) => row[part]!.kl),
  });
  for (let each = 1; each <= passes; each++) {
    const distance = plotDistance(plot, shownValues(plot, { train: of("train"), test: of("test") }, each));
    found.push({ name, passes: each, distance });
    console.error(`${name}, ${each} of ours in one of the paper's: ${distance.all.toFixed(3)}`);
  }
}
console.log("| protocol | our epochs in one | all | starts | least KL | ends |");
console.log("| --- | --: | --: | --: | --: | --: |");
for (const { name, passes, distance } of found.sort((a, b) => a.distance.all - b.distance.all)) {
  const { all, starts, minima, ends } = distance;
  console.log(
    `| ${name} | ${passes} | ${[all, starts, minima, ends].map((value) => value.toFixed(3)).join(" | ")} |`,
  );
}
