import { type DatasetInfo, readDatasetInfo, readPart } from "../../artifacts/dataset.ts";
import { decodeWindows } from "../../kinds/music/music.ts";
import type { Curves, LearningCurvesData } from "../../figures/learning_curves.ts";
import { type CsvTable, decodeCsv } from "../../formats/csv.ts";
import { decodeNpy, type NpyArray } from "../../formats/npy.ts";
import type { StageContext } from "../../graph/stage.ts";
import type { Moments } from "../../metrics/latent.ts";
import type { EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import type { Manifolds, MusicData, RenderData, RenderSlice, Studies } from "./drawn.ts";

type Inputs = Pick<StageContext<RenderSlice>, "slice" | "input" | "inputs">;

/** Reads what earlier stages wrote; what is left is the decoder. */
export async function loadRenderData(
  context: Inputs,
): Promise<Omit<RenderData, "decode" | "decoder" | "layers">> {
  const preprocessed = (name: string) => context.input(`preprocess/${name}`);
  const info = await readDatasetInfo(preprocessed("dataset.json"));
  const [train, test] = [
    await readPart("train", info, preprocessed),
    await readPart("test", info, preprocessed),
  ];
  const snapshots = JSON.parse(await Deno.readTextFile(context.input("train/latents.json")));
  const kl = await readTable(context.input("evaluate/kl-per-dimension.csv"));
  const importance = await readTable(context.input("evaluate/importance.csv"));
  const losses = await readFloats(context.input("evaluate/example-losses.npy"));
  const { latentSize } = context.slice.model;
  const posterior = await readFloats(context.input("evaluate/posterior.npy"));
  const means = new Float32Array(test.examples * latentSize);
  for (let i = 0; i < test.examples; i++) {
    // [examples, 2, latent size]: the mean, then the logarithm of the variance.
    means.set(posterior.subarray(2 * i * latentSize, (2 * i + 1) * latentSize), i * latentSize);
  }
  return {
    slice: context.slice,
    info,
    regions: regionsOf(await readFloats(context.input("evaluate/class-regions.npy")), latentSize),
    music: await loadMusic(context, info),
    studies: await loadStudies(context),
    manifolds: await loadManifolds(context),
    train,
    test,
    curves: learningCurves(await readTable(context.input("train/metrics.csv"))),
    snapshots: { ...snapshots, means: await readFloats(context.input("train/latents.npy")) },
    means,
    losses: Float64Array.from({ length: test.examples }, (_, i) => losses[2 * i]! + losses[2 * i + 1]!),
    importance: {
      samples: column(importance, "samples"),
      bound: column(importance, "log_likelihood").map((value) => -value),
      standardError: column(importance, "standard_error").map((value) => Number.isNaN(value) ? null : value),
    },
    kl: { kl: column(kl, "kl"), active: texts(kl, "active").map((value) => value === "true") },
  };
}

async function loadMusic(
  context: Inputs,
  { music: info }: DatasetInfo,
): Promise<MusicData | undefined> {
  if (!info) return undefined;
  const metrics: EvaluationMetrics = JSON.parse(
    await Deno.readTextFile(context.input("evaluate/metrics.json")),
  );
  return {
    info,
    generation: context.slice.generation!,
    windows: decodeWindows(await Deno.readTextFile(context.input("preprocess/windows.csv"))),
    metrics: metrics.music!,
  };
}

async function loadStudies(context: Inputs): Promise<Studies> {
  const { studies = {} }: EvaluationMetrics = JSON.parse(
    await Deno.readTextFile(context.input("evaluate/metrics.json")),
  );
  const entries = await Promise.all(
    Object.entries(studies).map(async ([name, metrics]) => {
      const { shape: [rows, columns], data } = await readArray(context.input(`evaluate/${name}.npy`));
      return [name, { metrics, pictures: { rows, columns, values: data } }] as const;
    }),
  );
  return Object.fromEntries(entries) as Studies;
}

async function loadManifolds(context: Inputs): Promise<Manifolds | undefined> {
  if (!context.inputs.includes("train/manifolds.npy")) return undefined;
  const { shape: [, side], data } = await readArray(context.input("train/manifolds.npy"));
  return { side: side!, values: data as Uint8Array };
}

/** From `class-regions.npy`, [classes, latent size + 1, latent size]. */
export function regionsOf(data: Float32Array, latentSize: number): (Moments | undefined)[] {
  const size = (latentSize + 1) * latentSize;
  return Array.from({ length: data.length / size }, (_, label) => {
    const region = Float64Array.from(data.subarray(label * size, (label + 1) * size));
    if (Number.isNaN(region[0])) return undefined;
    return { centre: region.subarray(0, latentSize), matrix: region.subarray(latentSize) };
  });
}

/** The epochs of `metrics.csv` after the first row, which is the model before training. */
function learningCurves(table: CsvTable<string>): LearningCurvesData {
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

async function readArray(path: string): Promise<NpyArray> {
  return decodeNpy(await Deno.readFile(path), path);
}

async function readFloats(path: string): Promise<Float32Array> {
  const { data } = await readArray(path);
  if (!(data instanceof Float32Array)) throw new Error(`Cannot read ${path}: its values are not float32`);
  return data;
}
