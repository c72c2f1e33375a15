import { binariseExample, storesIntensities } from "./binarise.ts";
import { contactSheet } from "../contact_sheet.ts";
import { type DatasetInfo, type PartName, PARTS } from "../../artifacts/dataset.ts";
import { sizeOf } from "../../base/shape.ts";
import { type LabelledImages, parseLabelledImages } from "./idx.ts";
import type { Prepared } from "../prepared.ts";
import type { PrepareSlice, Preparing } from "../preparation.ts";
import type { Binarisation, ImageFacts, ImagePair, Split } from "./schema.ts";
import { describeSplit, splitIndices } from "./split.ts";

/** The byte that stands for 1. */
const MOST = 255;

/** What the preparation of images depends on. */
export interface ImagesSlice extends PrepareSlice, ImageFacts {
  readonly split: Split;
  readonly binarisation: Binarisation;
}

/** What `dataset.json` says of images. */
export interface ImageInfo extends DatasetInfo {
  /** The mean over the training part of each value in [0, 1], in the order of an example's values. */
  readonly pixelMean: readonly number[];
}

/** Cuts the parts out of IDX files. @throws {FormatError} where a file is not what it should be */
export async function prepare(slice: ImagesSlice, stage: Preparing): Promise<Prepared> {
  const { title, shape, classes, parts: pairs, split, binarisation, seed } = slice;
  const size = sizeOf(shape);
  const scale = storesIntensities(binarisation) ? 1 / MOST : 1;
  const files = {
    train: await readPair(slice, pairs.train, stage),
    test: await readPair(slice, pairs.test, stage),
  };
  const indices = splitIndices(split, { train: files.train.labels, test: files.test.labels }, seed);
  const cut = (name: PartName) => {
    const file = name === "test" ? "test" : "train";
    const source = files[file];
    const images = new Uint8Array(indices[name].length * size);
    for (const [i, position] of indices[name].entries()) {
      const pixels = source.images.data.subarray(position * size, (position + 1) * size);
      images.set(binariseExample(pixels, MOST, binarisation, seed, file, position), i * size);
    }
    return { images, labels: Uint8Array.from(indices[name], (position) => source.labels[position]!) };
  };
  const parts = { train: cut("train"), validation: cut("validation"), test: cut("test") };
  for (const name of PARTS) {
    stage.part(name, { shape, type: "uint8" }).add(parts[name].images, parts[name].labels);
  }
  const train = { ...parts.train, examples: parts.train.labels.length, size, scale };
  return {
    about: {
      title,
      shape,
      scale,
      classes,
      binarisation,
      split: describeSplit(split),
      pixelMean: pixelMeans(train.images, size, scale),
    },
    contactSheet: contactSheet(train, shape, classes.length),
    texts: {},
    notices: [],
  };
}

async function readPair(
  { shape, classes }: ImageFacts,
  { images, labels }: ImagePair,
  stage: Preparing,
): Promise<LabelledImages> {
  const named = async (file: string) => ({ file, bytes: await stage.read(file) });
  return parseLabelledImages(await named(images), await named(labels), { shape, classes: classes.length });
}

/** Mean of each value over the examples; sums are of whole numbers, so no rounding depends on order. */
function pixelMeans(images: Uint8Array, size: number, scale: number): number[] {
  const sums = new Float64Array(size);
  for (let i = 0; i < images.length; i += size) {
    for (let j = 0; j < size; j++) sums[j]! += images[i + j]!;
  }
  const examples = images.length / size;
  return Array.from(sums, (sum) => examples === 0 ? 0 : sum * scale / examples);
}
