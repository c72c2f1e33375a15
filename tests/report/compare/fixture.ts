import { METRICS_CSV } from "../../../pipeline/artifacts/metrics_csv.ts";
import { KIND_MEASURES } from "../../../pipeline/kinds/measures.ts";
import { renderComparison } from "../../../pipeline/report/compare/comparison.ts";
import type { ActionRecord } from "../../../pipeline/store/record.ts";
import { randomStream } from "../../../pipeline/base/random.ts";
import type { Candidate, Comparison, Finished } from "../../../pipeline/report/compare/candidate.ts";
import type { ReportedSpec } from "../../../pipeline/report/reported_spec.ts";
import { type Experiment, experimentSchema } from "../../../pipeline/spec/experiment.ts";
import { combinations } from "../../../pipeline/spec/sweep_cells.ts";
import { type EvaluationMetrics, METRICS_JSON } from "../../../pipeline/artifacts/metrics_json.ts";

/** How one made-up group comes out. */
export interface Made {
  readonly name: string;
  readonly reconstruction: number;
  readonly kl: number;
  readonly active: number;
}

export const MADE: readonly Made[] = [
  { name: "constant", reconstruction: 205.8, kl: 0.02, active: 0 },
  { name: "linear", reconstruction: 84.2, kl: 22.1, active: 13 },
  { name: "free bits", reconstruction: 84.6, kl: 22.0, active: 16 },
];

export function experiment(name: string, seed: number, changes: object = {}): Experiment {
  return experimentSchema.parse({
    name: `${name.replaceAll(" ", "-")}-${seed}`,
    seed,
    dataset: { name: "mnist" },
    model: { architecture: "dense", latentSize: 16, encoder: { units: [256] }, decoder: { units: [256] } },
    training: { epochs: 8 },
    ...changes,
  });
}

export function metrics(made: Made, seed: number): EvaluationMetrics {
  const noise = randomStream(seed, made.name).fillNormal(new Float32Array(4));
  const elbo = {
    examples: 5000,
    samples: 1,
    loss: made.reconstruction + made.kl + 0.3 * noise[0]! + 0.1 * noise[1]!,
    standardError: 0.3,
    reconstruction: made.reconstruction + 0.3 * noise[0]!,
    kl: made.kl + 0.1 * noise[1]!,
  };
  return {
    dataset: { name: "mnist", split: "file", binarisation: "none" },
    likelihood: { family: "bernoulli" },
    parameters: 415_024,
    test: elbo,
    validation: null,
    train: { ...elbo, loss: elbo.loss - 1 },
    gap: 1,
    gapStandardError: null,
    importance: { samples: 100, examples: 500, logLikelihood: -elbo.loss + 3, standardError: 1.1 },
    latent: {
      size: 16,
      activeUnits: made.active,
      activeUnitThreshold: 0.01,
      klPerDimension: Array.from(
        { length: 16 },
        (_, i) => Math.max(0.001, made.kl / 8 * (1 - i / (made.active + 1))),
      ),
      mutualInformation: Math.min(8, made.kl),
      mutualInformationSamples: 2000,
      mutualInformationCeiling: 8.5,
      momentMatchedKl: 0.1,
    },
    squaredError: { examples: 5000, vae: 12, pca: 15, pcaExamples: 10_000 },
    probe: {
      neighbours: 5,
      referenceExamples: 10_000,
      testExamples: 5000,
      rows: [{
        representation: "posterior means",
        dimensions: 16,
        linear: 0.5 + made.active * 0.02 + 0.003 * noise[2]!,
        nearest: 0.6 + made.active * 0.02 + 0.003 * noise[3]!,
      }],
    },
  };
}

function curves(made: Made, seed: number, epochs: number): Uint8Array<ArrayBuffer> {
  const noise = randomStream(seed, "curves").fillNormal(new Float32Array(epochs + 1));
  return METRICS_CSV.encode(Array.from({ length: epochs + 1 }, (_, epoch) => {
    const reconstruction = made.reconstruction + 60 / (epoch + 1) ** 1.5 + 0.6 * noise[epoch]!;
    const kl = made.kl * (1 - Math.exp(-epoch));
    const klWeight = made.name === "linear" ? Math.min(1, epoch / 5) : 1;
    return {
      epoch,
      step: epoch * 156,
      learningRate: 0.001,
      klWeight,
      train: undefined,
      test: { loss: reconstruction + kl, reconstruction, kl, objective: reconstruction + klWeight * kl },
      validation: undefined,
    };
  }));
}

function record(
  stage: string,
  seconds: number,
  recorded: ActionRecord["recorded"] = {},
): [string, ActionRecord] {
  return [stage, {
    key: "0".repeat(64),
    stage,
    outputs: {},
    started: "2026-11-23T06:42:38.123Z",
    seconds,
    machine: {},
    recorded,
    notices: [],
  }];
}

/** @param pictures further outputs, by `stage/path` */
export function finished(
  made: Made,
  spec: ReportedSpec,
  link: string | null,
  pictures: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {},
): Finished {
  const files: Record<string, Uint8Array<ArrayBuffer>> = {
    "evaluate/metrics.json": METRICS_JSON.encode(metrics(made, spec.seed)),
    "train/metrics.csv": curves(made, spec.seed, spec.training.epochs),
    ...pictures,
  };
  return {
    status: "done",
    read: (output) => Promise.resolve(files[output]),
    records: new Map([
      record("train", 21.4, { training: { seconds: 20, steps: 1248 } }),
      record("evaluate", 6.1),
    ]),
    link,
  };
}

/** A sweep of three schedules and three seeds, one of which diverged. `words` stands wherever names may. */
export function fixtureComparison(words = "Posterior collapse and its cure"): Comparison {
  const cells = combinations([{ name: "case", values: MADE.map(({ name }) => name) }, {
    name: "seed",
    values: [1, 2, 3],
  }]);
  const candidates = cells.map((coordinates): Candidate => {
    const made = MADE[coordinates[0]!.index]!;
    const seed = coordinates[1]!.value as number;
    const kl = made.name === "linear"
      ? { schedule: "linear", end: 5 }
      : { schedule: "constant", freeBits: made.name === "free bits" ? 0.5 : 0 };
    const spec = experiment(made.name, seed, { kl });
    return {
      name: spec.name,
      origin: "compare-kl-schedules",
      coordinates,
      spec,
      outcome: made.name === "linear" && seed === 3
        ? {
          status: "failed",
          reason: `Training diverged: loss NaN at epoch 3, step 17 ${words}`,
          notes: ["Try: --set training.learningRate.rate=0.0001"],
        }
        : finished(made, spec, `${spec.name}/index.html`),
    };
  });
  return {
    title: words,
    description: words,
    candidates,
    command: "deno task sweep experiments/compare-kl-schedules.json",
  };
}

/** A grid of `count` cells. */
export function largeComparison(count: number): Comparison {
  const seeds = 3;
  const cells = combinations([
    {
      name: "kl.weight",
      values: Array.from({ length: Math.ceil(count / seeds / 10) }, (_, i) => (i + 1) / 10),
    },
    { name: "model.latentSize", values: [2, 4, 6, 8, 10, 12, 14, 16, 18, 20] },
    { name: "seed", values: Array.from({ length: seeds }, (_, i) => i + 1) },
  ]).slice(0, count);
  const candidates = cells.map((coordinates): Candidate => {
    const [weight, size, seed] = coordinates.map(({ value }) => value as number) as [number, number, number];
    const spec = experiment("grid", seed, {
      kl: { schedule: "constant", weight },
      training: { epochs: 20 },
      model: {
        architecture: "dense",
        latentSize: size,
        encoder: { units: [256] },
        decoder: { units: [256] },
      },
    });
    const made = {
      name: `${weight}-${size}`,
      reconstruction: 80 + 20 * weight + 40 / size,
      kl: 25 / (1 + weight),
      active: 8,
    };
    return {
      name: `${spec.name}-${weight}-${size}`,
      origin: "grid",
      coordinates,
      spec,
      outcome: finished(made, spec, "x/index.html"),
    };
  });
  return { title: "A grid", description: "", candidates, command: "deno task sweep grid.json" };
}

export function renderFixture(comparison: Comparison) {
  return renderComparison(comparison, {
    kindMeasures: Object.values(KIND_MEASURES).flat(),
    otherPrior: ({ model }) => model.prior?.name === "vamp" ? "VampPrior, 100 components" : undefined,
  });
}
