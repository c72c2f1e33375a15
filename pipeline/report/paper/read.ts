import { EXAMPLE_LOSSES, totalLosses } from "../../artifacts/example_losses.ts";
import { type FigureEntry, FIGURES_JSON } from "../../artifacts/figures_json.ts";
import { lossCurve, type LossTerm, METRICS_CSV } from "../../artifacts/metrics_csv.ts";
import { type EvaluationMetrics, METRICS_JSON } from "../../artifacts/metrics_json.ts";
import { textArtifact } from "../../artifacts/artifact.ts";
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

function svgArtifact(name: string) {
  return textArtifact<string>(name, { encode: (svg) => svg, decode: (svg) => svg });
}
