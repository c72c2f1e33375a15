export type ImageDatasetName = "mnist";
export type MusicDatasetName = "piano-genres" | "bach-lute" | "midi";
/** The datasets that a spec can name. */
export type DatasetName = ImageDatasetName | MusicDatasetName;

/** What is known of a set of images before it is downloaded; specs are checked against it. */
export interface ImageFacts {
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

export const IMAGE_DATASETS: Readonly<Record<ImageDatasetName, ImageFacts>> = {
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

/** What is known of a set of pieces: their shape and number depend on how a spec cuts them. */
export interface MusicFacts {
  readonly title: string;
  /** Sub-folders of the files, by label; a user's own are not known before they are read. */
  readonly classes?: readonly string[];
}

export const MUSIC_DATASETS: Readonly<Record<MusicDatasetName, MusicFacts>> = {
  "piano-genres": { title: "Piano genres", classes: ["classical", "ragtime"] },
  "bach-lute": { title: "Bach's lute music", classes: ["c-minor", "e-flat-major"] },
  "midi": { title: "MIDI files" },
};

export function isMusicName(name: DatasetName): name is MusicDatasetName {
  return Object.hasOwn(MUSIC_DATASETS, name);
}
