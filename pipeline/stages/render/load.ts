import { readDatasetInfo, readPart } from "../../artifacts/dataset.ts";
import type { EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import type { Curves, FigureData, LearningCurves } from "../../figures/figure.ts";
import type { Measured } from "../../figures/study.ts";
import { type CsvTable, decodeCsv } from "../../formats/csv.ts";
import { decodeNpy } from "../../formats/npy.ts";
import type { Moments } from "../../metrics/latent.ts";
import type { RenderContext } from "./context.ts";

/** Reads what earlier stages wrote of any data; what is left is the model. */
export async function readFigureData(context: RenderContext): Promise<Omit<FigureData, "decode" | "layers">> {
  const { seed, model, likelihood, nouns, figures: options } = context.slice;
  const preprocessed = (name: string) => context.input(`preprocess/${name}`);
  const info = await readDatasetInfo(preprocessed("dataset.json"));
  const [train, test] = [
    await readPart("train", info, preprocessed),
    await readPart("test", info, preprocessed),
  ];
  const snapshots = JSON.parse(await Deno.readTextFile(context.input("train/latents.json")));
  const kl = await readTable(context.input("evaluate/kl-per-dimension.csv"));
  const importance = await readTable(context.input("evaluate/importance.csv"));
  const { data: losses } = await readFloats(context.input("evaluate/example-losses.npy"));
  const { latentSize } = model;
  const { data: posterior } = await readFloats(context.input("evaluate/posterior.npy"));
  const { data: regions } = await readFloats(context.input("evaluate/class-regions.npy"));
  const means = new Float32Array(test.examples * latentSize);
  for (let i = 0; i < test.examples; i++) {
    // [examples, 2, latent size]: the mean, then the logarithm of the variance.
    means.set(posterior.subarray(2 * i * latentSize, (2 * i + 1) * latentSize), i * latentSize);
  }
  return {
    options,
    study: undefined,
    seed,
    model,
    likelihood,
    info,
    nouns,
    train,
    test,
    curves: learningCurves(await readTable(context.input("train/metrics.csv"))),
    snapshots: { ...snapshots, means: (await readFloats(context.input("train/latents.npy"))).data },
    means,
    losses: Float64Array.from({ length: test.examples }, (_, i) => losses[2 * i]! + losses[2 * i + 1]!),
    importance: {
      samples: column(importance, "samples"),
      bound: column(importance, "log_likelihood").map((value) => -value),
      standardError: column(importance, "standard_error").map((value) => Number.isNaN(value) ? null : value),
    },
    kl: { kl: column(kl, "kl"), active: texts(kl, "active").map((value) => value === "true") },
    regions: regionsOf(regions, latentSize),
  };
}

/** What the evaluation measured and kept for the figures that have a study, by name. */
export async function readStudies(context: RenderContext): Promise<ReadonlyMap<string, Measured<unknown>>> {
  const { studies = {} }: EvaluationMetrics = JSON.parse(
    await Deno.readTextFile(context.input("evaluate/metrics.json")),
  );
  const measured = new Map<string, Measured<unknown>>();
  for (const [name, metrics] of Object.entries(studies)) {
    const { shape: [rows, columns], data } = await readFloats(context.input(`evaluate/${name}.npy`));
    measured.set(name, { metrics, pictures: { rows: rows!, columns: columns!, values: data } });
  }
  return measured;
}

/** The regions in `class-regions.npy`, [classes, latent size + 1, latent size], by label. */
function regionsOf(data: Float32Array, latentSize: number): (Moments | undefined)[] {
  const size = (latentSize + 1) * latentSize;
  return Array.from({ length: data.length / size }, (_, label) => {
    const region = Float64Array.from(data.subarray(label * size, (label + 1) * size));
    if (Number.isNaN(region[0])) return undefined;
    return { mean: region.subarray(0, latentSize), covariance: region.subarray(latentSize) };
  });
}

/** The epochs of `metrics.csv` after the first row, which is the model before training. */
function learningCurves(table: CsvTable<string>): LearningCurves {
  const trained = { ...table, rows: table.rows.slice(1) };
  const curves = (part: string): Curves => ({
    loss: column(trained, `${part}_loss`),
    reconstruction: column(trained, `${part}_reconstruction`),
    kl: column(trained, `${part}_kl`),
  });
  return {
    epochs: column(trained, "epoch"),
    splits: { train: curves("train"), test: curves("test") },
    klWeight: column(trained, "kl_weight"),
  };
}

async function readTable(path: string): Promise<CsvTable<string>> {
  return decodeCsv(await Deno.readTextFile(path), path);
}

function column(table: CsvTable<string>, name: string): number[] {
  // An empty field is a value that does not exist; as a number it would be 0.
  return texts(table, name).map((text) => text === "" ? NaN : Number(text));
}

function texts({ columns, rows }: CsvTable<string>, name: string): string[] {
  const index = columns.indexOf(name);
  if (index < 0) throw new Error(`Cannot find the column ${name} among ${columns.join(", ")}`);
  return rows.map((row) => row[index]!);
}

async function readFloats(path: string): Promise<{ shape: readonly number[]; data: Float32Array }> {
  const { shape, data } = decodeNpy(await Deno.readFile(path), path);
  if (!(data instanceof Float32Array)) throw new Error(`Cannot read ${path}: its values are not float32`);
  return { shape, data };
}
