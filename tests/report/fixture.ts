import { Buffer } from "node:buffer";
import { classBalance } from "../../pipeline/figures/charts/class_balance.ts";
import { mosaic } from "../../pipeline/figures/drawing/image.ts";
import { encodePng } from "../../pipeline/formats/png.ts";
import type { ReportData } from "../../pipeline/report/data.ts";
import { experimentSchema } from "../../pipeline/spec/experiment.ts";
import { digitImages } from "../figures/fixture.ts";
import { CONV_MODEL, gallery, type GallerySize } from "../figures/gallery.ts";

export const SMALL: GallerySize = { points: 60, epochs: 4, images: 4, side: 6, model: CONV_MODEL };
export const LARGE: GallerySize = { points: 4000, epochs: 20, images: 9, side: 28, model: CONV_MODEL };

/** A report on a run that never was. `words` stands wherever a spec, a dataset or a machine names something. */
export function fixtureReport(size: GallerySize, words = "Convolutional VAE on MNIST"): ReportData {
  const spec = experimentSchema.parse({
    name: "mnist-conv",
    title: words.slice(0, 200),
    description: `${words}: two convolutions, sixteen latent dimensions, KL weight raised over five epochs.`,
    dataset: { name: "mnist" },
    model: CONV_MODEL,
  });
  const text = { title: words, description: words };
  const images = new Set(["prior-samples", "manifold", "reconstructions", "interpolation", "traversal"]);
  const classes = Array.from({ length: 10 }, (_, i) => String(i));
  const splits = [
    { name: "train", perClass: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949] },
    { name: "test", perClass: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009] },
  ];
  const sheet = mosaic(digitImages(Array.from({ length: 60 }, (_, i) => i % 10), size.side), 10, 1);
  const setting = { split: "test", examples: 10000, likelihood: "Bernoulli", binarisation: "none" };
  const [key, code] = ["6b1f0e9c2d44aa07".repeat(4), "c0ffee5eed5a17ed".repeat(4)];
  return {
    spec,
    status: `Training is complete: ${words}`,
    caveat: words,
    verdict: [
      { label: "Negative ELBO, test", value: "98.12", unit: "nats", note: "74.02 reconstruction + 24.10 KL" },
      { label: "Importance-weighted bound", value: "94.30", unit: "nats", note: "500 samples, ± 0.81" },
      {
        label: "Active units",
        value: "14",
        unit: "of 16",
        note: "variance of the posterior mean above 0.01",
      },
      { label: "Linear probe", value: "96.1 %", unit: "", note: "on posterior means; 93.0 % with PCA" },
    ],
    quantities: [
      { name: "Negative ELBO", value: 98.12, standardError: 0.27, note: "KL at weight 1", ...setting },
      {
        name: "Reconstruction",
        value: 74.02,
        standardError: 0.25,
        note: "−E[log p(x|z)]",
        part: true,
        ...setting,
      },
      {
        name: "KL(q(z|x) ‖ p(z))",
        value: 24.1,
        standardError: 0.05,
        note: "closed form",
        part: true,
        ...setting,
      },
      {
        ...setting,
        name: "Importance-weighted bound",
        value: 94.3,
        standardError: 0.81,
        examples: 1000,
        note: "on −log p(x), 500 samples",
      },
    ],
    samples: [{ label: "Variety", value: "62.8 %" }],
    latent: [
      { label: "Active units", value: "14 of 16", note: "variance of the posterior mean above 0.01" },
      { label: "Mutual information", value: "8.91 nats", note: "between x and z" },
    ],
    probe: {
      neighbours: 5,
      referenceExamples: 10000,
      testExamples: 10000,
      rows: [
        { representation: "posterior means", dimensions: 16, linear: 0.961, nearest: 0.972 },
        { representation: "PCA", dimensions: 16, linear: 0.88, nearest: 0.965 },
        { representation: "raw pixels", dimensions: 784, linear: 0.92, nearest: 0.9688 },
      ],
    },
    figures: Object.entries(gallery(size)).map(([name, draw]) => ({
      name,
      title: name.replace("-", " "),
      caption:
        `${words}. Train and test over 20 epochs; the numbers beside the names are those of the last epoch. ` +
        "A gap between the two lines that widens is overfitting.",
      alt: words,
      files: [`figures/${name}.svg`, ...(images.has(name) ? [`figures/${name}.png`] : [])],
      command: `deno task run spec.json --set figures.show='["${name}"]'`,
      svg: draw(text),
    })),
    omitted: [{ name: "manifold", reason: "It needs two latent dimensions, and this model has 16." }],
    dataset: {
      title: words,
      authors: "Yann LeCun, Corinna Cortes, Christopher J. C. Burges",
      licence: { name: words, url: "https://creativecommons.org/licenses/by-sa/3.0/" },
      url: "http://yann.lecun.com/exdb/mnist/",
      split: "60,000 train, 10,000 test, in file order",
      binarisation: "none",
      files: [{ name: words, bytes: 47040016, sha256: "ba891046".repeat(8) }],
      shape: [28, 28],
      classes,
      splits,
      balanceSvg: classBalance({ classes, splits }, text),
      contactSheet: {
        url: `data:image/png;base64,${Buffer.from(encodePng(sheet)).toString("base64")}`,
        width: sheet.width,
        height: sheet.height,
      },
    },
    model: [
      { label: "Architecture", value: "conv", note: "496,545 parameters" },
      { label: "Latent size", value: "16" },
      { label: "Optimiser", value: "Adam, 0.001", note: "batches of 128, 20 epochs" },
    ],
    kindSections: [],
    explorer: { reason: words },
    words: {
      nouns: { one: "digit", many: "digits" },
      elsewhere: null,
      likelihood: words,
      binaryLikelihood: null,
      density: null,
      prior: words,
      standardNormalPrior: true,
      objective: words,
      klWeight: words,
      learningRate: words,
      optimiser: words,
      readsPast: false,
      weightLayouts: [words],
    },
    release: { version: "0.2.0", commit: "c0ffee5eed".repeat(4) },
    execution: {
      machine: [{ label: "Processor", value: words }, { label: "Cores", value: "2" }],
      versions: [{ label: "Deno", value: "2.9.6" }, { label: "onnxruntime-node", value: "1.30.0" }],
      packages: ["d3 7.9.2", words],
      notices: [words],
      stages: ["download", "preprocess", "train", "evaluate", "render"].map((stage, i) => ({
        stage,
        key,
        codeHash: code,
        startedAt: "2026-11-23T06:42:38.123Z",
        seconds: 0.4 * 5 ** i,
        bytes: 54 * 7 ** (2 * i),
      })),
    },
    downloads: [
      {
        path: "spec.json",
        bytes: 1822,
        group: "Run",
        what: "the spec, with every default filled in",
        holds: "JSON",
      },
      { path: "metrics.json", bytes: 2822, group: "Run", what: "all numbers of this page", holds: "JSON" },
      {
        path: "model/decoder.onnx",
        bytes: 1651200,
        group: "Model",
        what: "the decoder",
        holds: "ONNX",
      },
      {
        path: "model/weights.safetensors",
        bytes: 1986180,
        group: "Model",
        what: "trained weights",
        holds: "float32 by name",
      },
      { path: "tables/metrics.csv", bytes: 3321, group: "Tables", what: "one row per epoch", holds: "CSV" },
    ],
  };
}

let report: ReportData | undefined;

/** A small report on a run that never was, whose figures the first of a file's tests draws. */
export function smallReport(): ReportData {
  return report ??= fixtureReport(SMALL);
}
