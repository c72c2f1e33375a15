import { ARTIFACTS, bundleFiles } from "../../artifacts/artifacts.ts";
import type { Contents } from "../../artifacts/source_json.ts";
import { titleOfVariant } from "../../base/own_module.ts";
import type { Expectation, ExpectedOutput } from "../../store/expectation.ts";
import type { NpyType } from "./readers.ts";

/** What each stage writes, for the runner to hold results to. The readers are loaded when there is one to read. */

type Outputs = readonly ExpectedOutput[];

/** More than any such file has. */
const MOST = { text: 2 ** 30, picture: 2 ** 28, sound: 2 ** 24, network: 2 ** 33, array: 2 ** 35 };

const readers = () => import("./readers.ts");

/** What looking at the user's modules writes. */
export function inspectOutputs(): Outputs {
  return [json("inspection.json", "options")];
}

/** What the download writes: the files of the dataset, each held to its digest. */
export function downloadOutputs({ files, pack }: Contents): Outputs {
  const source = json("source.json", "name", "authors", "files");
  if (pack !== undefined) {
    const mostBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const read = async (bytes: Uint8Array) => (await readers()).readPack(bytes, files);
    return [source, { path: pack, mostBytes, read }];
  }
  return [
    source,
    ...files.map(({ name, bytes, sha256 }) => ({ path: name, mostBytes: bytes, sha256 })),
  ];
}

/** What preprocessing writes, whatever the kind of data. */
export function preprocessOutputs(): Omit<Expectation, "stage"> {
  const parts = ["train", "validation", "test"].flatMap((part) => [
    {
      path: `${part}.npy`,
      mostBytes: MOST.array,
      read: async (bytes: Uint8Array<ArrayBuffer>) => void (await readers()).readExamples(bytes),
    },
    npy(`${part}_labels.npy`, "uint8", [null]),
  ]);
  return {
    outputs: [
      json("dataset.json", "shape", "scale", "classes", "parts"),
      png("contact-sheet.png"),
      // What a kind of data says of its examples.
      { path: "*.csv", mostBytes: MOST.text, read: async (bytes) => (await readers()).readCsv(bytes) },
      ...parts,
    ],
    together: async (bytes) => (await readers()).readParts(bytes),
  };
}

/**
 * What training writes.
 *
 * @param manifoldSide of the decoded grid in the snapshots; undefined where there is none
 * @param mayLackOnnx whether the model may be one that cannot be exported
 */
export function trainOutputs(
  model: { readonly architecture: string; readonly module?: string | undefined; readonly latentSize: number },
  manifoldSide: number | undefined,
  mayLackOnnx: boolean,
): Omit<Expectation, "stage"> {
  const { latentSize } = model;
  const architecture = titleOfVariant(model, model.architecture);
  return {
    outputs: [
      {
        path: "weights.safetensors",
        mostBytes: MOST.network,
        read: async (bytes) => (await readers()).readWeights(bytes),
      },
      { ...network("encoder.onnx", ["x"], ["mean", "logVariance"]), optional: mayLackOnnx },
      { ...network("decoder.onnx", ["z"], ["mean"]), optional: mayLackOnnx },
      { ...network("decoder-step.onnx", ["z", "before"], ["mean"]), optional: true },
      { ...network("classifier.onnx", ["x"], ["logProbabilities"]), optional: true },
      { ...network("decoder-row.onnx", ["x"], ["mean"]), optional: true },
      { ...network("prior.onnx", ["noise", "choice"], ["z"]), optional: true },
      {
        ...json("model.json"),
        read: async (bytes) => (await readers()).readModel(bytes, architecture, latentSize),
      },
      {
        path: "metrics.csv",
        mostBytes: MOST.text,
        read: async (bytes) => (await readers()).readMetrics(bytes),
      },
      {
        path: "game.csv",
        optional: true,
        mostBytes: MOST.text,
        read: async (bytes) => (await readers()).readGame(bytes),
      },
      npy("latents.npy", "float32", [null, null, latentSize]),
      json("latents.json", "epochs", "examples", "decoded"),
      npy("decoded.npy", "uint8"),
      ...(manifoldSide === undefined
        ? []
        : [npy("manifolds.npy", "uint8", [null, manifoldSide, manifoldSide])]),
    ],
    together: async (bytes) => (await readers()).readSnapshots(bytes),
  };
}

/** @param studies names of those that the evaluation measures */
export function evaluateOutputs(latentSize: number, studies: readonly string[]): Outputs {
  return [
    json("metrics.json", "dataset", "parameters", "test", "train", "importance", "latent", "squaredError"),
    {
      path: "importance.csv",
      mostBytes: MOST.text,
      read: async (bytes) => (await readers()).readImportance(bytes),
    },
    {
      path: "kl-per-dimension.csv",
      mostBytes: MOST.text,
      read: async (bytes) => (await readers()).readKlPerDimension(bytes, latentSize),
    },
    npy("posterior.npy", "float32", [null, 2, latentSize]),
    npy("example-losses.npy", "float32", [null, 2]),
    npy("class-regions.npy", "float32", [null, 1 + latentSize, latentSize]),
    ...studies.map((study) => npy(`${study}.npy`, "float32")),
  ];
}

/** @param figures names of those that are drawn, where the data allow it */
export function renderOutputs(figures: readonly string[]): Outputs {
  return [
    json("figures.json", "figures", "omitted"),
    ...figures.flatMap((name): ExpectedOutput[] => [
      {
        path: `figures/${name}.svg`,
        optional: true,
        mostBytes: MOST.text,
        read: async (bytes) => (await readers()).readText(bytes, "<svg"),
      },
      { ...png(`figures/${name}.png`), optional: true },
      {
        path: `midi/${name}-*.mid`,
        mostBytes: MOST.sound,
        read: async (bytes) => (await readers()).readText(bytes, "MThd"),
      },
      {
        path: `scores/${name}-*.musicxml`,
        mostBytes: MOST.text,
        read: async (bytes) => (await readers()).readText(bytes, "<?xml"),
      },
    ]),
  ];
}

/** @param before what the stages before it write, by their names */
export function reportOutputs(before: Readonly<Record<string, Outputs>>): Outputs {
  const byName = new Map(
    Object.entries(before).flatMap(([stage, outputs]) =>
      outputs.map((output): [string, ExpectedOutput] => [`${stage}/${output.path}`, output])
    ),
  );
  // Tables that a kind of data adds to the dataset.
  const further = { ...ARTIFACTS[0]!, output: "preprocess/*.csv", path: "data/*.csv" };
  return [
    {
      path: "index.html",
      mostBytes: MOST.text,
      read: async (bytes) => (await readers()).readText(bytes, "<!doctype html>"),
    },
    json("spec.json", "name", "dataset", "model"),
    json("ro-crate-metadata.json", "@context", "@graph"),
    ...bundleFiles([...byName.keys()], [further]).map(({ input, path }) => ({ ...byName.get(input)!, path })),
  ];
}

function json(path: string, ...keys: string[]): ExpectedOutput {
  return { path, mostBytes: MOST.text, read: async (bytes) => (await readers()).readJson(bytes, keys) };
}

function png(path: string): ExpectedOutput {
  return { path, mostBytes: MOST.picture, read: async (bytes) => (await readers()).readPng(bytes) };
}

/** @param shape its first axes, null where a length is not known before */
function npy(path: string, type: NpyType, shape: readonly (number | null)[] = []): ExpectedOutput {
  return {
    path,
    mostBytes: MOST.array,
    read: async (bytes) => (await readers()).readNpy(bytes, type, shape),
  };
}

function network(path: string, inputs: readonly string[], outputs: readonly string[]): ExpectedOutput {
  return {
    path,
    mostBytes: MOST.network,
    read: async (bytes) => (await readers()).readNetwork(bytes, inputs, outputs),
  };
}
