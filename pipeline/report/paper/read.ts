import { decodeCsv } from "../../formats/csv.ts";
import type { FigureEntry, FigureList } from "../../artifacts/figures_json.ts";
import { decodeNpy } from "../../formats/npy.ts";
import { type Spread, spreadOf } from "../../metrics/spread.ts";
import type { EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import type { PaperRun } from "./parts.ts";

export type Term = "loss" | "reconstruction" | "kl";
type Losses = Readonly<Record<Term, readonly number[]>>;

/** What the page needs of one finished run. */
export interface PaperResult extends PaperRun {
  readonly metrics: EvaluationMetrics;
  /** After each epoch, from the first on. */
  readonly epochs: readonly number[];
  readonly train: Losses;
  readonly test: Losses;
  /** Of the test examples' losses after training. */
  readonly testSpread: Spread;
  /** KL of the test examples before training. */
  readonly initialKl: number;
  readonly klWeight: readonly number[];
  readonly figures: readonly (FigureEntry & { readonly svg: string })[];
}

/** @throws {Error} where a finished run's files are not what its stages write */
export async function readPaperResult(run: PaperRun): Promise<PaperResult> {
  const bytes = async (output: string) => {
    const bytes = await run.outcome.read(output);
    if (!bytes) throw new Error(`${run.spec.name} has no ${output}`);
    return bytes;
  };
  const text = async (output: string) => new TextDecoder().decode(await bytes(output));
  const { columns, rows } = decodeCsv(await text("train/metrics.csv"), "metrics.csv");
  const column = (name: string) => {
    const index = columns.indexOf(name);
    if (index < 0) throw new Error(`Cannot find the column ${name} among ${columns.join(", ")}`);
    return rows.map((row) => Number(row[index]));
  };
  const losses = (part: string): Losses => ({
    loss: column(`${part}_loss`).slice(1),
    reconstruction: column(`${part}_reconstruction`).slice(1),
    kl: column(`${part}_kl`).slice(1),
  });
  const terms = decodeNpy(await bytes("evaluate/example-losses.npy"), "example-losses.npy");
  const testLosses = Array.from(
    { length: terms.shape[0]! },
    (_, i) => Number(terms.data[2 * i]) + Number(terms.data[2 * i + 1]),
  );
  const { figures }: FigureList = JSON.parse(await text("render/figures.json"));
  return {
    ...run,
    metrics: JSON.parse(await text("evaluate/metrics.json")),
    epochs: column("epoch").slice(1),
    train: losses("train"),
    test: losses("test"),
    testSpread: spreadOf(testLosses),
    initialKl: column("test_kl")[0]!,
    klWeight: column("kl_weight").slice(1),
    figures: await Promise.all(
      figures.map(async (figure) => ({ ...figure, svg: await text(`render/${figure.files[0]}`) })),
    ),
  };
}
