/** The datasets that a spec can name. */
export const DATASET_NAMES = ["mnist"] as const;
export type DatasetName = typeof DATASET_NAMES[number];

/** What is known of a dataset before it is downloaded; specs are checked against it. */
export interface DatasetFacts {
  readonly title: string;
  /** Of one example: [height, width]. */
  readonly shape: readonly number[];
  /** What each label stands for, by label. */
  readonly classes: readonly string[];
  /** Validation examples are taken from the training file. */
  readonly files: { readonly train: FileFacts; readonly test: FileFacts };
}

export interface FileFacts {
  readonly examples: number;
  /** Examples of each class, by label; they sum to `examples`. */
  readonly perClass: readonly number[];
}

export const DATASETS: Readonly<Record<DatasetName, DatasetFacts>> = {
  // LeCun, Cortes and Burges, "The MNIST database of handwritten digits", 1998; counted in the label files.
  mnist: {
    title: "MNIST",
    shape: [28, 28],
    classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    files: {
      train: { examples: 60000, perClass: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949] },
      test: { examples: 10000, perClass: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009] },
    },
  },
};
