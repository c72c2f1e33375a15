import { EXAMPLE_LOSSES, totalLosses } from "../../artifacts/example_losses.ts";
import { type FigureEntry, FIGURES_JSON } from "../../artifacts/figures_json.ts";
import { lossCurve, type LossTerm, METRICS_CSV } from "../../artifacts/metrics_csv.ts";
import { type EvaluationMetrics, METRICS_JSON } from "../../artifacts/metrics_json.ts";
import { LATENTS, LATENTS_JSON } from "../../artifacts/latents.ts";
import { npyArtifact, textArtifact } from "../../artifacts/artifact.ts";
import { UserError } from "../../base/errors.ts";
import { plainProduct, rowsAt } from "../../metrics/matrix.ts";
import { nearestNeighbourAccuracy } from "../../metrics/probe.ts";
import { type Spread, spreadOf } from "../../metrics/spread.ts";
import { readOutcome } from "../compare/candidate.ts";
import type { PaperRun } from "./parts.ts";

/** A loss after each epoch, in nats per example. */
type LossCurves = Readonly<Record<Exclude<LossTerm, "objective">, readonly number[]>>;

/** What the page needs of one finished run. */
export interface PaperResult extends PaperRun {
  readonly metrics: EvaluationMetrics;
  /** From the first epoch on; all curves are as long. */
  readonly epochs: readonly number[];
  readonly train: LossCurves;
  readonly test: LossCurves;
  /** The spread of the test examples' losses after training. */
  readonly testSpread: Spread;
  /** KL of the test examples before training. */
  readonly initialKl: number;
  readonly klWeight: readonly number[];
  /** The schedule of the learning rate in words. */
  readonly learningRate: string;
  readonly figures: readonly (FigureEntry & { readonly svg: string })[];
}

/**
 * Reads what the page needs of a finished run.
 *
 * @param learningRate its schedule in words
 * @throws {UserError} where the run's files are not what its stages write
 */
export async function readPaperResult(run: PaperRun, learningRate: string): Promise<PaperResult> {
  const { outcome, spec: { name } } = run;
  const rows = await readOutcome(outcome, METRICS_CSV, name);
  const epochs = rows.slice(1);
  const curves = (part: "train" | "test"): LossCurves => ({
    loss: lossCurve(epochs, part, "loss"),
    reconstruction: lossCurve(epochs, part, "reconstruction"),
    kl: lossCurve(epochs, part, "kl"),
  });
  const { figures } = await readOutcome(outcome, FIGURES_JSON, name);
  return {
    ...run,
    learningRate,
    metrics: await readOutcome(outcome, METRICS_JSON, name),
    epochs: epochs.map(({ epoch }) => epoch),
    train: curves("train"),
    test: curves("test"),
    testSpread: spreadOf([...totalLosses(await readOutcome(outcome, EXAMPLE_LOSSES, name))]),
    initialKl: lossCurve(rows, "test", "kl")[0]!,
    klWeight: epochs.map(({ klWeight }) => klWeight),
    figures: await Promise.all(figures.map(async (figure) => ({
      ...figure,
      svg: await readOutcome(outcome, svgArtifact(`render/${figure.files[0]}`), name),
    }))),
  };
}

/** What a study of a run measured. @throws {UserError} where the run has no such study */
export function studyOf<Metrics>(
  { metrics, spec: { name } }: Pick<PaperResult, "metrics" | "spec">,
  study: string,
) {
  const measured = metrics.studies?.[study];
  if (measured !== undefined) return measured as Metrics;
  throw new UserError(`Cannot read the results of ${name}: nothing was measured for the figure "${study}"`, {
    notes: ["Next: name it in figures.show of the run's spec."],
  });
}

const TEST_LABELS = npyArtifact<Uint8Array>("preprocess/test_labels.npy", Uint8Array);

/** How well classes are told from codes before and after training. */
export interface Separation {
  /** Shares of `examples` whose nearest neighbours are of their class. */
  readonly before: number;
  readonly after: number;
  readonly examples: number;
}

/**
 * Has nearest neighbours among one half of a run's test codes tell the classes of the other half, before and after
 * training.
 *
 * @throws {UserError} where the run's files are not what its stages write
 */
export async function readSeparation({ outcome, spec: { name } }: PaperRun): Promise<Separation> {
  const { examples } = await readOutcome(outcome, LATENTS_JSON, name);
  const { shape: [snapshots, rows, columns], data } = await readOutcome(outcome, LATENTS, name);
  const labels = (await readOutcome(outcome, TEST_LABELS, name)).data;
  const half = (parity: number) => [...examples.keys()].filter((i) => i % 2 === parity);
  const accuracy = (snapshot: number) => {
    const codes = {
      rows: rows!,
      columns: columns!,
      data: data.subarray(snapshot * rows! * columns!, (snapshot + 1) * rows! * columns!),
    };
    const labelled = (positions: readonly number[]) => ({
      features: rowsAt(codes, positions),
      labels: Uint8Array.from(positions, (i) => labels[examples[i]!]!),
    });
    const classes = Math.max(...labels) + 1;
    return nearestNeighbourAccuracy(labelled(half(0)), labelled(half(1)), classes, NEIGHBOURS, plainProduct);
  };
  return { before: accuracy(0), after: accuracy(snapshots! - 1), examples: half(1).length };
}

const NEIGHBOURS = 5;

function svgArtifact(name: string) {
  return textArtifact<string>(name, { encode: (svg) => svg, decode: (svg) => svg });
}
