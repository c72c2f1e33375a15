import { readDatasetInfo } from "../artifacts/dataset.ts";
import { METRICS_CSV } from "../artifacts/metrics_csv.ts";
import { METRICS_JSON } from "../artifacts/metrics_json.ts";
import { UserError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { sizeOf } from "../base/shape.ts";
import { type BackendName, BACKENDS } from "../engine/backends.ts";
import type { EngineModule } from "../engine/engine.ts";
import { decodeCsv } from "../formats/csv.ts";
import { decodeNpy } from "../formats/npy.ts";
import type { Result } from "../graph/plan.ts";
import { compileDecoder } from "../inference/decoder.ts";
import { compileEncoder } from "../inference/encoder.ts";
import { samplePrior } from "../inference/prior.ts";
import { openTrained } from "../inference/trained.ts";
import type { Experiment } from "../spec/experiment.ts";
import type { Store } from "../store/store.ts";
import { architectureOf } from "../vae/architectures/architectures.ts";
import { likelihoodOf } from "../vae/likelihoods/likelihoods.ts";
import { priorOf } from "../vae/priors/priors.ts";
import type { FinishedRun, OpenModel } from "./contract.ts";
import { requireRows, requireSample } from "./requests.ts";

/** The results of a run, read from the store. */
export async function finishedRun(
  store: Store,
  spec: Experiment,
  engine: BackendName,
  results: ReadonlyMap<string, Result>,
  report: string,
): Promise<FinishedRun> {
  const paths = new Map(
    [...results].flatMap(([stage, { record }]) =>
      Object.entries(record.outputs).map(([path, { digest }]): [string, string] => [
        `${stage}/${path}`,
        store.blobPath(digest),
      ])
    ),
  );
  const pathOf = (name: string) => {
    const path = paths.get(name);
    if (path === undefined) throw unknownFile(name, [...paths.keys()]);
    return path;
  };
  const bytes = async (name: string) => await Deno.readFile(pathOf(name));
  return {
    report,
    files: [...paths.keys()],
    metrics: METRICS_JSON.decode(await bytes(METRICS_JSON.name)),
    curves: METRICS_CSV.decode(await bytes(METRICS_CSV.name)),
    bytes,
    array: async (name) => decodeNpy(await bytes(name), name),
    table: async (name) => rowsOf(new TextDecoder().decode(await bytes(name)), name),
    open: () => openModel(spec, engine, pathOf),
  };
}

function unknownFile(name: string, known: readonly string[]): UserError {
  const near = nearest(name, known);
  return new UserError(`Cannot read ${name}: no stage wrote it`, {
    notes: [...(near ? [`Did you mean ${near}?`] : []), "`files` has the names of all."],
  });
}

function rowsOf(text: string, file: string): Record<string, string>[] {
  const { columns, rows } = decodeCsv(text, file);
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]!])));
}

async function openModel(
  { model, seed }: Experiment,
  engineName: BackendName,
  pathOf: (name: string) => string,
): Promise<OpenModel> {
  const info = await readDatasetInfo(pathOf("preprocess/dataset.json"));
  const modules = {
    architecture: await import(architectureOf(model).module.href),
    likelihood: await import(likelihoodOf(model.likelihood).module.href),
    prior: await import(priorOf(model).module.href),
  };
  const { open }: EngineModule = await import(BACKENDS[engineName].module.href);
  const weights = await Deno.readFile(pathOf("train/weights.safetensors"));
  const engine = await open();
  const trained = openTrained(engine, model, modules, info, weights);
  const { parameters, vae } = trained;
  const { shape, classes } = info;
  const encoder = compileEncoder(engine, parameters, vae, sizeOf(shape));
  const decoder = compileDecoder(engine, parameters, vae, shape);
  const requests = { widths: { example: sizeOf(shape), code: model.latentSize }, classes: vae.classes };
  const decode: OpenModel["decode"] = (codes, labels) => {
    requireRows(requests, "code", codes, labels);
    return decoder.decode(codes, labels).values;
  };
  return {
    shape,
    latentSize: model.latentSize,
    encode: (examples, labels) => {
      requireRows(requests, "example", examples, labels);
      return encoder.encode(examples, labels);
    },
    decode,
    classes,
    sample: (count, from = seed, label) => {
      requireSample(requests, count, label);
      return decode(
        samplePrior(trained, from, "sample/prior", count),
        label === undefined ? undefined : new Uint32Array(count).fill(label),
      );
    },
    [Symbol.dispose]() {
      encoder.dispose();
      decoder.dispose();
      trained[Symbol.dispose]();
      engine.dispose();
    },
  };
}
