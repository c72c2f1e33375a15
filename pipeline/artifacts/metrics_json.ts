import type { Leak } from "../kinds/music/music.ts";
import type { SplitMethod } from "../kinds/music/windows.ts";
import type { MusicDistances, MusicStatistics } from "../metrics/music.ts";
import type { NoteScores } from "../metrics/music_notes.ts";
import type { Likelihood } from "../spec/schema.ts";

/** `metrics.json`: every number with what it depends on. Nats, per example, summed over dimensions. */
export interface EvaluationMetrics {
  readonly dataset: { readonly name: string; readonly split: string; readonly binarisation: string };
  readonly likelihood: Likelihood;
  /** How many numbers the model learns. */
  readonly parameters: number;
  readonly test: ElboMetrics;
  /** On training examples drawn at random. */
  readonly train: ElboMetrics;
  /** test.loss - train.loss */
  readonly gap: number;
  readonly importance: {
    /** Of z, for each example. */
    readonly samples: number;
    /** Test examples, drawn at random, that the bound was computed on. */
    readonly examples: number;
    /**
     * The importance-weighted bound on log p(x) (Burda et al., 2016) over the whole test part: the ELBO of all
     * examples plus the mean difference between bound and ELBO on those drawn.
     */
    readonly logLikelihood: number;
    /** Null where a single example cannot show it. */
    readonly standardError: number | null;
  };
  /** Over the test examples. */
  readonly latent: {
    readonly size: number;
    readonly activeUnits: number;
    /** The variance of its posterior mean above which a unit is active. */
    readonly activeUnitThreshold: number;
    readonly klPerDimension: readonly number[];
    /** Of example and code (Hoffman and Johnson, 2016). */
    readonly mutualInformation: number;
    readonly mutualInformationSamples: number;
    /** log of the number of test examples: no estimate can be above it. */
    readonly mutualInformationCeiling: number;
    /** From the Gaussian with the aggregate posterior's mean and covariance to the prior: a lower bound on its KL. */
    readonly momentMatchedKl: number;
  };
  /** Of test examples' reconstructions, with PCA of as many components as z has dimensions. */
  readonly squaredError: {
    readonly examples: number;
    readonly vae: number;
    readonly pca: number;
    /** Training examples that PCA was fitted to. */
    readonly pcaExamples: number;
  };
  readonly probe: ProbeMetrics | null;
  readonly music?: MusicMetrics;
  /** By the name of the figure, where the spec asks for it: what its `study.ts` says. */
  readonly studies?: Readonly<Record<string, unknown>>;
}

/** What is measured of piano rolls alone. */
export interface MusicMetrics {
  /** How test windows were held out, and how much of them training saw. */
  readonly split: { readonly method: SplitMethod } & Leak;
  /** Nats per step, over all test windows: of the model at one sample of z, and of two baselines. */
  readonly frameNll: {
    readonly model: number;
    readonly previousFrame: number;
    readonly pitchFrequencies: number;
  };
  /** Test windows and their reconstructions that the rest is measured on; at most as many samples. */
  readonly rolls: number;
  readonly trainingRolls: number;
  /** Notes of reconstructions against those of test windows. */
  readonly reconstruction: NoteScores;
  readonly statistics: Readonly<Record<"train" | "test" | "reconstructions" | "samples", StatisticsMetrics>>;
  /** Of test windows and of samples to training windows, and of reconstructions to test windows. */
  readonly distances: Readonly<Record<"test" | "reconstructions" | "samples", MusicDistances>>;
  /** Of samples and, to compare, of test windows. */
  readonly copies: Readonly<Record<"samples" | "test", CopyMetrics>>;
}

/** Histograms without zeros at the end. */
export type StatisticsMetrics = {
  readonly [Name in keyof MusicStatistics]: MusicStatistics[Name] extends Float64Array ? readonly number[]
    : MusicStatistics[Name];
};

export interface CopyMetrics {
  /** Share that is a copy of its nearest training window: a dissimilarity of 0.1 at most. */
  readonly rate: number;
  /** To the nearest training window: 0 equal, 1 nothing in common. */
  readonly meanDissimilarity: number;
}

/** The negative ELBO at KL weight 1, and its two terms. */
export interface ElboMetrics {
  readonly examples: number;
  /** Of z, for each example. */
  readonly samples: number;
  readonly loss: number;
  /** Of `loss`, over the examples; null where a single one cannot show it. */
  readonly standardError: number | null;
  readonly reconstruction: number;
  readonly kl: number;
}

/** Accuracies in [0, 1]. */
export interface ProbeMetrics {
  /** k of k-NN. */
  readonly neighbours: number;
  /** Training examples that the probe is fitted to and that neighbours are found among. */
  readonly referenceExamples: number;
  readonly testExamples: number;
  readonly rows: readonly {
    readonly representation: string;
    readonly dimensions: number;
    readonly linear: number;
    readonly nearest: number;
  }[];
}
