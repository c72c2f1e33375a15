import { globPattern } from "../base/glob.ts";

/**
 * Every kind of file that stages write, in words: what the report's downloads, its RO-Crate and `docs/files.md` say
 * of them, and where a report's folder has them. Only the report stage reads this table, so that a better word runs
 * no other stage again.
 */

/** One kind of file in words. */
export interface ArtifactDescription {
  /** `stage/path`; `*` stands for any name in a folder. */
  readonly output: string;
  /** What a reader finds in it. */
  readonly what: string;
  /** Its format, with shape, type and units. */
  readonly holds: string;
  /** Its place in a report's folder, where `*` is the same name again; the report has no copy where it is left out. */
  readonly path?: string;
  /** Heads the downloads that it stands among. */
  readonly group?: string;
}

const RUN = "Run";
const MODEL = "Model";
const TABLES = "Tables";
const ARRAYS = "Arrays";
const DATA = "Data";

/** All kinds of files, in the order of the page's downloads. An output is the first that it matches. */
export const ARTIFACTS: readonly ArtifactDescription[] = [
  {
    output: "report/index.html",
    what: "the report",
    holds: "HTML that loads nothing",
    path: "index.html",
  },
  {
    output: "report/spec.json",
    what: "the spec, with every default filled in",
    holds: "JSON",
    path: "spec.json",
    group: RUN,
  },
  {
    output: "report/ro-crate-metadata.json",
    what: "which stage made which file from what, as an RO-Crate",
    holds: "JSON-LD",
    path: "ro-crate-metadata.json",
    group: RUN,
  },
  {
    output: "evaluate/metrics.json",
    what: "all numbers of this page",
    holds: "JSON; losses in nats per example, accuracies in 0 to 1",
    path: "metrics.json",
    group: RUN,
  },
  {
    output: "train/weights.safetensors",
    what: "trained weights, for NumPy, PyTorch and JAX",
    holds: "float32 by name; in the metadata the model and the shape of an example",
    path: "model/weights.safetensors",
    group: MODEL,
  },
  {
    output: "train/encoder.onnx",
    what: "example → mean, log variance",
    holds: "x, float32 [n, values], to mean and logVariance, float32 [n, latent size]",
    path: "model/encoder.onnx",
    group: MODEL,
  },
  {
    output: "train/decoder.onnx",
    what: "z → example",
    holds: "z, float32 [n, latent size], to mean, float32 [n, values]; an autoregressive one reads x, too",
    path: "model/decoder.onnx",
    group: MODEL,
  },
  {
    output: "train/decoder-step.onnx",
    what: "z, the step before and the state → this step",
    holds:
      "z, float32 [n, latent size], before, float32 [n, features], and the state, to mean and the next state",
    path: "model/decoder-step.onnx",
    group: MODEL,
  },
  {
    output: "train/classifier.onnx",
    what: "example → class, of a model that was trained with few labels",
    holds: "x, float32 [n, values], to logProbabilities, float32 [n, classes]",
    path: "model/classifier.onnx",
    group: MODEL,
  },
  {
    output: "train/decoder-row.onnx",
    what: "the decoder's output for a step and what is drawn of it → means",
    holds:
      "of a model that draws the values of a step in turn: the output, float32 [n, features], and x, float32 [n, features], to the mean of each value given those before it",
    path: "model/decoder-row.onnx",
    group: MODEL,
  },
  {
    output: "train/prior.onnx",
    what: "random numbers → z of the prior",
    holds:
      "noise, standard normal float32 [n, latent size], and choice, float32 [n, 1] in [0, 1), to z, float32 [n, latent size]",
    path: "model/prior.onnx",
    group: MODEL,
  },
  {
    output: "train/model.json",
    what: "layers, shapes, parameters",
    holds: "JSON",
    path: "model/model.json",
    group: MODEL,
  },
  {
    output: "train/metrics.csv",
    what: "one row per epoch, the first before training",
    holds: "CSV; losses in nats per example, empty where nothing was measured",
    path: "tables/metrics.csv",
    group: TABLES,
  },
  {
    output: "train/game.csv",
    what: "how the game of a generator and a discriminator stood, one row per epoch",
    holds: "CSV; losses in nats per example, the discriminator's probabilities, variances as shares",
    path: "tables/game.csv",
    group: TABLES,
  },
  {
    output: "evaluate/importance.csv",
    what: "importance-weighted bound by number of samples",
    holds: "CSV; nats per example",
    path: "tables/importance.csv",
    group: TABLES,
  },
  {
    output: "evaluate/kl-per-dimension.csv",
    what: "KL and activity of each latent dimension",
    holds: "CSV; KL in nats",
    path: "tables/kl-per-dimension.csv",
    group: TABLES,
  },
  {
    output: "evaluate/posterior.npy",
    what: "mean and log variance of each test example",
    holds: "float32 [test examples, 2, latent size]",
    path: "arrays/posterior.npy",
    group: ARRAYS,
  },
  {
    output: "evaluate/example-losses.npy",
    what: "reconstruction and KL of each test example",
    holds: "float32 [test examples, 2], nats",
    path: "arrays/example-losses.npy",
    group: ARRAYS,
  },
  {
    output: "preprocess/test_labels.npy",
    what: "the class of each test example",
    holds: "uint8 [test examples]; classes in dataset.json names them",
    path: "arrays/test-labels.npy",
    group: ARRAYS,
  },
  {
    output: "train/latents.npy",
    what: "posterior means of test examples over the epochs",
    holds: "float32 [snapshots, examples, latent size]",
    path: "arrays/latents.npy",
    group: ARRAYS,
  },
  {
    output: "train/latents.json",
    what: "which epochs, which test examples",
    holds: "JSON",
    path: "arrays/latents.json",
    group: ARRAYS,
  },
  {
    output: "train/decoded.npy",
    what: "samples, reconstructions and a grid of z at the same epochs",
    holds:
      "uint8 [snapshots, rows, ...shape], 255 times the mean; decoded in latents.json says what the rows are",
    path: "arrays/decoded.npy",
    group: ARRAYS,
  },
  {
    output: "train/manifolds.npy",
    what: "decoded grid of z at the same epochs",
    holds: "uint8 [snapshots, side, side, ...shape], 255 times the mean",
    path: "arrays/manifolds.npy",
    group: ARRAYS,
  },
  {
    output: "evaluate/class-regions.npy",
    what: "mean and covariance of each class's posteriors",
    holds: "float32 [classes, 1 + latent size, latent size], NaN for a class without examples",
    path: "arrays/class-regions.npy",
    group: ARRAYS,
  },
  {
    output: "evaluate/*.npy",
    what: "the pictures of this figure, row by row",
    holds: "float32 [rows, images, ...shape]",
    path: "arrays/*.npy",
    group: ARRAYS,
  },
  {
    output: "download/source.json",
    what: "authors, licence, digests",
    holds: "JSON",
    path: "data/source.json",
    group: DATA,
  },
  {
    output: "preprocess/dataset.json",
    what: "shapes, split, class counts",
    holds: "JSON",
    path: "data/dataset.json",
    group: DATA,
  },
  {
    output: "preprocess/contact-sheet.png",
    what: "the first training examples",
    holds: "PNG",
    path: "data/contact-sheet.png",
    group: DATA,
  },
  {
    output: "render/figures/*",
    what: "the drawings of this page",
    holds: "SVG, and PNG of what is made of pictures",
    path: "figures/*",
    group: "Figures",
  },
  {
    output: "render/midi/*",
    what: "what the drawings of piano rolls sound like",
    holds: "Standard MIDI files",
    path: "midi/*",
    group: "MIDI",
  },
  {
    output: "render/scores/*",
    what: "the same as scores, where voices are told apart",
    holds: "MusicXML",
    path: "scores/*",
    group: "Scores",
  },
  {
    output: "render/figures.json",
    what: "order, titles, captions and alternative texts of the figures",
    holds: "JSON",
  },
  {
    output: "preprocess/*_labels.npy",
    what: "the class of each example of a part",
    holds: "uint8 [examples]",
  },
  {
    output: "preprocess/*.npy",
    what: "the examples of a part",
    holds: "uint8, uint16 or float32 [examples, ...shape]; times scale in dataset.json in 0 to 1",
  },
  {
    output: "download/*",
    what: "the dataset's files under their own names",
    holds: "as they were published",
  },
];

/** A file of a report's folder that is a copy of an output. */
export interface BundleFile {
  /** `stage/path` of the output. */
  readonly input: string;
  readonly path: string;
  readonly group: string;
  readonly what: string;
  readonly holds: string;
}

/**
 * What of these outputs is copied into a report's folder, in the order of the table.
 * @param further what a kind of data says of its own outputs: before the table, but after it on the page
 */
export function bundleFiles(
  outputs: readonly string[],
  further: readonly ArtifactDescription[] = [],
): BundleFile[] {
  const byArtifact = Map.groupBy(outputs, (output) => find(output, [...further, ...ARTIFACTS]));
  return [...ARTIFACTS, ...further].flatMap((artifact) => {
    const { output, path, group = "", what, holds } = artifact;
    if (path === undefined) return [];
    return (byArtifact.get(artifact) ?? []).map((input) => {
      const [, name = ""] = globPattern(output).exec(input)!;
      return { input, path: path.replace("*", () => name), group, what, holds };
    });
  });
}

/** Where a report's folder has an output; undefined where it has no copy of it. */
export function pathInBundle(output: string): string | undefined {
  return bundleFiles([output])[0]?.path;
}

/** The words for one output. @throws {RangeError} where the table has none */
export function descriptionOf(output: string): ArtifactDescription {
  const found = find(output, ARTIFACTS);
  if (!found) throw new RangeError(`Cannot describe ${output}: artifacts.ts has no entry for it`);
  return found;
}

function find(output: string, table: readonly ArtifactDescription[]): ArtifactDescription | undefined {
  return table.find((artifact) => globPattern(artifact.output).test(output));
}
