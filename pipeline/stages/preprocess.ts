import { type Binarisation, binariseExample, pixelScale } from "../datasets/binarise.ts";
import { contactSheet } from "../datasets/contact_sheet.ts";
import type { DatasetInfo, Part, PartInfo, PartName } from "../datasets/dataset.ts";
import { type DatasetName, DATASETS } from "../datasets/facts.ts";
import { type LabelledImages, parseLabelledImages } from "../datasets/idx.ts";
import { ORIGINS } from "../datasets/registry.ts";
import { describeSplit, type Split, splitIndices } from "../datasets/split.ts";
import { encodeNpy } from "../formats/npy.ts";
import { encodePng } from "../formats/png.ts";
import type { StageContext } from "../graph/stage.ts";

export interface PreprocessSlice {
  readonly dataset: DatasetName;
  readonly split: Split;
  readonly binarisation: Binarisation;
  readonly seed: number;
}

/** Turns the dataset's files into the arrays of each part, `dataset.json` and a contact sheet. */
export async function run(context: StageContext<PreprocessSlice>): Promise<void> {
  const { dataset, split, binarisation, seed } = context.slice;
  const { title, shape, classes } = DATASETS[dataset];
  const { authors, licence, url } = ORIGINS[dataset];
  const size = shape.reduce((a, b) => a * b, 1);
  const scale = pixelScale(binarisation);

  const files = {
    train: await readFiles(context, dataset, "train"),
    test: await readFiles(context, dataset, "test"),
  };
  const indices = splitIndices(split, { train: files.train.labels, test: files.test.labels }, seed);

  const parts = {} as Record<PartName, PartInfo>;
  let pixelMean: number[] = [];
  for (const [name, positions] of Object.entries(indices) as [PartName, Uint32Array][]) {
    context.signal.throwIfAborted();
    context.progress({ fraction: 0.2 + 0.8 * Object.keys(parts).length / 3, text: `writing ${name}.npy` });
    const file = name === "test" ? "test" : "train";
    const source = files[file];
    const images = new Uint8Array(positions.length * size);
    for (const [i, position] of positions.entries()) {
      const pixels = source.images.data.subarray(position * size, (position + 1) * size);
      images.set(binariseExample(pixels, binarisation, seed, file, position), i * size);
    }
    const labels = Uint8Array.from(positions, (position) => source.labels[position]!);
    const part: Part = { images, labels, examples: positions.length, size, scale };
    const means = pixelMeans(part);
    const array = encodeNpy({ shape: [positions.length, ...shape], data: images });
    await Deno.writeFile(context.output(`${name}.npy`), array);
    await Deno.writeFile(
      context.output(`${name}_labels.npy`),
      encodeNpy({ shape: [positions.length], data: labels }),
    );
    parts[name] = {
      examples: positions.length,
      perClass: classes.map((_, label) => labels.reduce((sum, other) => sum + Number(other === label), 0)),
      mean: positions.length === 0 ? null : means.reduce((a, b) => a + b, 0) / size,
      bytes: array.length,
    };
    if (name !== "train") continue;
    pixelMean = means;
    await Deno.writeFile(
      context.output("contact-sheet.png"),
      encodePng(contactSheet(part, shape, classes.length)),
    );
  }

  const info: DatasetInfo = {
    name: dataset,
    title,
    licence,
    authors,
    url,
    shape,
    scale,
    classes,
    binarisation,
    split: describeSplit(split),
    parts,
    pixelMean,
  };
  await Deno.writeTextFile(context.output("dataset.json"), JSON.stringify(info, null, 2) + "\n");
}

async function readFiles(
  context: StageContext<PreprocessSlice>,
  dataset: DatasetName,
  pair: "train" | "test",
): Promise<LabelledImages> {
  const read = async (file: string) => ({
    file,
    bytes: await Deno.readFile(context.input(`download/${file}`)),
  });
  const { images, labels } = ORIGINS[dataset].idx[pair];
  const { shape, classes } = DATASETS[dataset];
  return parseLabelledImages(await read(images), await read(labels), { shape, classes: classes.length });
}

/** Mean of each value over the examples of a part; sums are of whole numbers, so no rounding depends on order. */
function pixelMeans({ images, examples, size, scale }: Part): number[] {
  const sums = new Float64Array(size);
  for (let i = 0; i < images.length; i += size) {
    for (let j = 0; j < size; j++) sums[j]! += images[i + j]!;
  }
  return Array.from(sums, (sum) => examples === 0 ? 0 : sum * scale / examples);
}
