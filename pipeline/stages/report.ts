import { Buffer } from "node:buffer";
import { readArtifact } from "../artifacts/artifact.ts";
import { bundleFiles, descriptionOf } from "../artifacts/artifacts.ts";
import { PARTS, readDataset, readDatasetInfo } from "../artifacts/dataset.ts";
import { EXAMPLE_LOSSES } from "../artifacts/example_losses.ts";
import { FIGURES_JSON } from "../artifacts/figures_json.ts";
import { DECODED, LATENTS, LATENTS_JSON } from "../artifacts/latents.ts";
import { METRICS_CSV } from "../artifacts/metrics_csv.ts";
import { METRICS_JSON } from "../artifacts/metrics_json.ts";
import { MODEL_JSON } from "../artifacts/model_json.ts";
import { POSTERIOR } from "../artifacts/posterior.ts";
import { SOURCE_JSON } from "../artifacts/source_json.ts";
import type { Release } from "../base/release.ts";
import { classBalance } from "../figures/charts/class_balance.ts";
import { decodePng } from "../formats/png.ts";
import type { Provenance, StageContext } from "../graph/stage.ts";
import type { DatasetFacts, Download, ReportData, VariantWords } from "../report/data.ts";
import { bundleScript } from "../report/bundle.ts";
import { executionOf } from "../report/execution.ts";
import { explorerData } from "../report/explorer/explorer.ts";
import { samplesOf } from "../report/samples.ts";
import { latentOf, likelihoodCaveat, modelOf, quantitiesOf, statusOf, verdictOf } from "../report/facts.ts";
import { installedPackage } from "../report/installed_package.ts";
import type { KindReport } from "../report/kind.ts";
import { renderPage } from "../report/page.ts";
import type { ReportedSpec } from "../report/reported_spec.ts";
import { type CrateFile, runCrate } from "../report/crate/run_crate.ts";

/** The part of a spec that can change the report: all of it, where the data come from included. */
export interface ReportSlice {
  readonly spec: ReportedSpec;
  readonly words: VariantWords;
  readonly engine: string;
}

/** What reaches the page and the RO-Crate and no other file. */
export interface ReportPassthrough {
  readonly provenance: Provenance;
  readonly release: Release;
}

/** What is particular to the kind of data. */
export type ReportModules = { readonly kind: KindReport };

type Context = StageContext<ReportSlice, ReportPassthrough, ReportModules>;

const STYLES = [
  new URL("../report/style.css", import.meta.url),
  new URL("../report/explorer/explorer.css", import.meta.url),
];

/**
 * Writes the bundle: the page, and beside it every artifact that it links to. Times, machine and versions come in
 * passthrough and reach the page and the RO-Crate alone; all other files are the same on every machine.
 */
export async function run(context: Context): Promise<void> {
  const { spec, words } = context.slice;
  const kind = await context.load("kind");
  const { figures, omitted } = await readArtifact(context, FIGURES_JSON);
  const script = await bundleScript(kind.script);
  const copied: (Download & CrateFile)[] = [];
  for (const file of bundleFiles(context.inputs, kind.artifacts)) {
    context.signal.throwIfAborted();
    await Deno.copyFile(context.input(file.input), context.output(file.path));
    const { size } = await Deno.stat(context.input(file.input));
    copied.push({ ...file, bytes: size });
  }
  const written = await writeText(context, "spec.json", JSON.stringify(spec, null, 2) + "\n");
  const page = descriptionOf("report/index.html");
  const crate = await writeText(
    context,
    "ro-crate-metadata.json",
    await crateOf(context, [
      { path: "index.html", what: page.what, packages: script.packages },
      written,
      ...copied,
    ]),
  );

  const metrics = await readArtifact(context, METRICS_JSON);
  const trained = await readArtifact(context, MODEL_JSON);
  const dataset = await describeData(context);
  const report: ReportData = {
    spec,
    status: statusOf(spec, trained),
    verdict: verdictOf(metrics),
    quantities: quantitiesOf(metrics, words),
    caveat: [words.objectiveCaveat, kind.caveat(metrics) ?? likelihoodCaveat(words, dataset.binarisation)]
      .filter((sentence) => sentence != null).join(" ") || null,
    latent: latentOf(metrics),
    samples: samplesOf(metrics),
    probe: metrics.probe,
    explorer: await describeExplorer(context, kind),
    kindSections: kind.sections(metrics, words),
    figures: await Promise.all(figures.map(async (figure) => ({
      ...figure,
      svg: await Deno.readTextFile(context.input(`render/${figure.files[0]}`)),
    }))),
    omitted,
    dataset,
    model: modelOf(spec, words, trained),
    words,
    execution: executionOf(context.passthrough.provenance),
    release: context.passthrough.release,
    downloads: [written, crate, ...copied],
  };
  const style = await Promise.all(STYLES.map((url) => Deno.readTextFile(url)));
  await Deno.writeTextFile(
    context.output("index.html"),
    renderPage(report, style.join("\n"), script.text),
  );
}

/** Writes one of the stage's own files. */
async function writeText(context: Context, path: string, text: string): Promise<Download> {
  await Deno.writeTextFile(context.output(path), text);
  const { group = "", what, holds } = descriptionOf(`report/${path}`);
  return { path, bytes: new TextEncoder().encode(text).length, group, what, holds };
}

async function describeExplorer(context: Context, kind: KindReport): Promise<ReportData["explorer"]> {
  const { spec: { seed, model, generation }, words } = context.slice;
  if (!context.inputs.includes("train/decoder.onnx")) {
    return { reason: "It has an operation that is not exported as ONNX, which the page runs." };
  }
  const { info, train, test } = await readDataset((name) => context.input(`preprocess/${name}`));
  const network = (name: string) => Deno.readFile(context.input(`train/${name}.onnx`));
  return explorerData({
    seed,
    latentSize: model.latentSize,
    info,
    nouns: words.nouns,
    train,
    test,
    posterior: await readArtifact(context, POSTERIOR),
    losses: await readArtifact(context, EXAMPLE_LOSSES),
    networks: {
      encoder: await network("encoder"),
      decoder: await network("decoder"),
      ...(context.inputs.includes("train/decoder-step.onnx") ? { step: await network("decoder-step") } : {}),
      ...(context.inputs.includes("train/decoder-row.onnx") ? { row: await network("decoder-row") } : {}),
    },
    training: {
      snapshots: await readArtifact(context, LATENTS_JSON),
      latents: (await readArtifact(context, LATENTS)).data,
      decoded: (await readArtifact(context, DECODED)).data,
      rows: await readArtifact(context, METRICS_CSV),
    },
    kind: kind.explorerFacts(info, generation),
    standardNormalPrior: words.standardNormalPrior,
  });
}

async function crateOf(context: Context, files: readonly CrateFile[]): Promise<string> {
  const { spec } = context.slice;
  const { title } = await readDatasetInfo(context.input("preprocess/dataset.json"));
  const source = await readArtifact(context, SOURCE_JSON);
  return runCrate({
    title: spec.title ?? spec.name,
    description: spec.description || `Report of the experiment ${spec.name}`,
    dataset: { ...source, title },
    provenance: context.passthrough.provenance,
    files,
    installed: installedPackage,
  });
}

async function describeData(context: Context): Promise<DatasetFacts> {
  const info = await readDatasetInfo(context.input("preprocess/dataset.json"));
  const source = await readArtifact(context, SOURCE_JSON);
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
