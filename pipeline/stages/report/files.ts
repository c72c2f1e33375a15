/** A file of the bundle that is copied as it is. */
export interface BundleFile {
  readonly input: string;
  readonly path: string;
  readonly group: string;
  readonly what: string;
}

/** An array that the evaluation keeps; those that are not among the files below are the pictures of a study. */
const EVALUATED = /^evaluate\/(.+\.npy)$/;

const MODEL = "Model";
const TABLES = "Tables";
const ARRAYS = "Arrays";
const DATA = "Data";

/** In the order of the page's downloads; a stage that did not write one leaves it out. */
const FILES: readonly BundleFile[] = [
  { input: "evaluate/metrics.json", path: "metrics.json", group: "Run", what: "all numbers of this page" },
  {
    input: "train/weights.safetensors",
    path: "model/weights.safetensors",
    group: MODEL,
    what: "trained weights, for NumPy, PyTorch and JAX",
  },
  {
    input: "train/encoder.onnx",
    path: "model/encoder.onnx",
    group: MODEL,
    what: "example → mean, log variance",
  },
  { input: "train/decoder.onnx", path: "model/decoder.onnx", group: MODEL, what: "z → example" },
  { input: "train/model.json", path: "model/model.json", group: MODEL, what: "layers, shapes, parameters" },
  { input: "train/metrics.csv", path: "tables/metrics.csv", group: TABLES, what: "one row per epoch" },
  {
    input: "evaluate/importance.csv",
    path: "tables/importance.csv",
    group: TABLES,
    what: "importance-weighted bound by number of samples",
  },
  {
    input: "evaluate/kl-per-dimension.csv",
    path: "tables/kl-per-dimension.csv",
    group: TABLES,
    what: "KL and activity of each latent dimension",
  },
  {
    input: "evaluate/posterior.npy",
    path: "arrays/posterior.npy",
    group: ARRAYS,
    what: "mean and log variance of each test example",
  },
  {
    input: "evaluate/example-losses.npy",
    path: "arrays/example-losses.npy",
    group: ARRAYS,
    what: "reconstruction and KL of each test example",
  },
  {
    input: "train/latents.npy",
    path: "arrays/latents.npy",
    group: ARRAYS,
    what: "posterior means of test examples over the epochs",
  },
  {
    input: "train/latents.json",
    path: "arrays/latents.json",
    group: ARRAYS,
    what: "which epochs, which test examples",
  },
  {
    input: "train/manifolds.npy",
    path: "arrays/manifolds.npy",
    group: ARRAYS,
    what: "decoded grid of z at the same epochs, in 256 levels",
  },
  {
    input: "evaluate/class-regions.npy",
    path: "arrays/class-regions.npy",
    group: ARRAYS,
    what: "mean and covariance of each class's posteriors",
  },
  { input: "download/source.json", path: "data/source.json", group: DATA, what: "authors, licence, digests" },
  {
    input: "preprocess/dataset.json",
    path: "data/dataset.json",
    group: DATA,
    what: "shapes, split, class counts",
  },
  {
    input: "preprocess/windows.csv",
    path: "data/windows.csv",
    group: DATA,
    what: "where each window was cut",
  },
  {
    input: "preprocess/contact-sheet.png",
    path: "data/contact-sheet.png",
    group: DATA,
    what: "the first training examples",
  },
];

/** What is copied into the bundle, of the inputs that there are. */
export function bundleFiles(inputs: readonly string[]): BundleFile[] {
  const figures = inputs.filter((input) => input.startsWith("render/figures/")).map((input) => {
    const path = input.slice("render/".length);
    return { input, path, group: "Figures", what: "" };
  });
  const sounds = inputs.filter((input) => input.startsWith("render/midi/")).map((input) => {
    const path = input.slice("render/".length);
    return { input, path, group: "MIDI", what: "" };
  });
  const known = new Set(FILES.map(({ input }) => input));
  const studies = inputs.filter((input) => EVALUATED.test(input) && !known.has(input)).map((input) => {
    const path = input.replace(EVALUATED, "arrays/$1");
    return { input, path, group: ARRAYS, what: "the pictures of this figure, row by row" };
  });
  return [...FILES.filter(({ input }) => inputs.includes(input)), ...studies, ...figures, ...sounds];
}
