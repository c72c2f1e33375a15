import { Buffer } from "node:buffer";
import type { DatasetInfo } from "../artifacts/dataset.ts";
import { PARTS } from "../artifacts/dataset.ts";
import { classBalance } from "../figures/class_balance.ts";
import type { FigureList } from "../artifacts/figures_json.ts";
import { decodePng } from "../formats/png.ts";
import type { Provenance, StageContext } from "../graph/stage.ts";
import type { DatasetPart, Download, ReportData, ReportSpec } from "../report/data.ts";
import { renderPage } from "../report/page.ts";
import { type CrateFile, runCrate } from "../report/crate/run_crate.ts";
import { installedPackage } from "../report/installed_package.ts";
import { bundlePlayer } from "../report/player/bundle.ts";
import type { EvaluationMetrics } from "../artifacts/metrics_json.ts";
import { executionOf } from "./report/execution.ts";
import {
  caveatOf,
  latentOf,
  modelOf,
  quantitiesOf,
  statusOf,
  type TrainedModel,
  verdictOf,
} from "./report/facts.ts";
import { bundleFiles } from "./report/files.ts";
import { musicOf } from "../kinds/music/report.ts";

export interface ReportSlice {
  readonly spec: ReportSpec;
  readonly engine: string;
}

type Context = StageContext<ReportSlice, { readonly provenance: Provenance }>;

const STYLE = new URL("../report/style.css", import.meta.url);

/**
 * Writes the bundle: the page, and beside it every artifact that it links to. Times, machine and versions come in
 * passthrough and reach the page and the RO-Crate alone; all other files are the same on every machine.
 */
export async function run(context: Context): Promise<void> {
  const { spec } = context.slice;
  const { figures, omitted }: FigureList = await readJson(context, "render/figures.json");
  const player = figures.some(({ sounds }) => sounds !== undefined) ? await bundlePlayer() : undefined;
  const downloads: Download[] = [await writeSpec(context)];
  const crateFiles: CrateFile[] = [
    { path: "index.html", what: "the report", packages: player?.packages ?? [] },
    { path: "spec.json", what: downloads[0]!.what },
  ];
  for (const { input, path, group, what } of bundleFiles(context.inputs)) {
    context.signal.throwIfAborted();
    await Deno.copyFile(context.input(input), context.output(path));
    const { size } = await Deno.stat(context.input(input));
    downloads.push({ path, bytes: size, group, what });
    crateFiles.push({ path, input, what });
  }
  downloads.splice(1, 0, await writeCrate(context, crateFiles));

  const metrics: EvaluationMetrics = await readJson(context, "evaluate/metrics.json");
  const trained: TrainedModel = await readJson(context, "train/model.json");
  const report: ReportData = {
    spec,
    status: statusOf(spec, trained),
    verdict: verdictOf(metrics),
    quantities: quantitiesOf(metrics),
    caveat: caveatOf(metrics),
    latent: latentOf(metrics),
    probe: metrics.probe,
    music: metrics.music && musicOf(metrics.music, spec.model),
    figures: await Promise.all(figures.map(async (figure) => ({
      ...figure,
      svg: await Deno.readTextFile(context.input(`render/${figure.files[0]}`)),
    }))),
    omitted,
    dataset: await describeData(context),
    model: modelOf(spec, trained),
    execution: executionOf(context.passthrough.provenance),
    downloads,
  };
  const page = renderPage(report, await Deno.readTextFile(STYLE), player?.text);
  await Deno.writeTextFile(context.output("index.html"), page);
}

async function writeSpec(context: Context): Promise<Download> {
  const text = JSON.stringify(context.slice.spec, null, 2) + "\n";
  await Deno.writeTextFile(context.output("spec.json"), text);
  const what = "the spec, with every default filled in";
  return { path: "spec.json", bytes: new TextEncoder().encode(text).length, group: "Run", what };
}

async function writeCrate(context: Context, files: readonly CrateFile[]): Promise<Download> {
  const { spec } = context.slice;
  const { title }: DatasetInfo = await readJson(context, "preprocess/dataset.json");
  const source: Source = await readJson(context, "download/source.json");
  const text = runCrate({
    title: spec.title ?? spec.name,
    description: spec.description || `Report of the experiment ${spec.name}`,
    dataset: { ...source, title },
    provenance: context.passthrough.provenance,
    files,
    installed: installedPackage,
  });
  const path = "ro-crate-metadata.json";
  await Deno.writeTextFile(context.output(path), text);
  const what = "which stage made which file from what, as an RO-Crate";
  return { path, bytes: new TextEncoder().encode(text).length, group: "Run", what };
}

interface Source {
  readonly authors: readonly string[];
  readonly licence: { readonly name: string; readonly url: string };
  readonly url: string;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

async function describeData(context: Context): Promise<DatasetPart> {
  const info: DatasetInfo = await readJson(context, "preprocess/dataset.json");
  const source: Source = await readJson(context, "download/source.json");
  const sheet = await Deno.readFile(context.input("preprocess/contact-sheet.png"));
  const { width, height } = decodePng(sheet, "contact-sheet.png");
  const splits = PARTS.map((name) => ({ name, perClass: info.parts[name].perClass }))
    .filter(({ name }) => info.parts[name].examples > 0);
  const words = splits.map(({ name, perClass }) => `${name}: ${perClass.join(", ")}`).join("; ");
  return {
    title: info.title,
    authors: source.authors.join(", "),
    licence: source.licence,
    url: source.url,
    split: info.split,
    binarisation: info.binarisation,
    files: source.files,
    shape: info.shape,
    classes: info.classes,
    splits,
    balanceSvg: classBalance({ classes: info.classes, splits }, {
      title: "Class balance",
      description: `Examples of classes ${info.classes.join(", ")} in ${words}.`,
    }),
    contactSheet: {
      url: `data:image/png;base64,${Buffer.from(sheet).toString("base64")}`,
      width,
      height,
    },
  };
}

async function readJson<Value>(context: Context, name: string): Promise<Value> {
  return JSON.parse(await Deno.readTextFile(context.input(name)));
}
