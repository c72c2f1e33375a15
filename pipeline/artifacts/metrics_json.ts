import { jsonArtifact } from "./artifact.ts";

/**
 * Every number of the evaluation with what it depends on: nats per example, summed over dimensions. A kind of data
 * adds its own under its name (`MusicMetrics`).
 */
export interface EvaluationMetrics {
  /** As `dataset.json` has it. */
  readonly dataset: { readonly name: string; readonly split: string; readonly binarisation: string };
  /** As the spec has it. */
  readonly likelihood: { readonly family: string };
  /** How many numbers the model learns. */
  readonly parameters: number;
  /** On all test examples. */
  readonly test: ElboMetrics;
  /** On all validation examples, which models are chosen by; null where there is no such part. */
  readonly validation: ElboMetrics | null;
  /** On training examples drawn at random. */
  readonly train: ElboMetrics;
  /** test.loss - train.loss */
  readonly gap: number;
  /** Standard error of `gap`, whose parts are independent; null where a single example cannot show it. */
  readonly gapStandardError: number | null;
  /** The importance-weighted bound. */
  readonly importance: {
    /** Samples of z for each example. */
    readonly samples: number;
    /** Test examples, drawn at random, that the bound was computed on. */
    readonly examples: number;
    /**
     * The importance-weighted bound on log p(x) (Burda et al., 2016) over the whole test part: the ELBO of all
     * examples at one sample, as in `test`, plus the mean difference between bound and ELBO on those drawn, both
     * from the same `samples`.
     */
    readonly logLikelihood: number;
    /** Null where a single example cannot show it. */
    readonly standardError: number | null;
  };
  /**
   * The losses in bits for each dimension, as the literature has them: nats / (dimensions ln 2). Only where p(x|z) are
   * probabilities of the levels that the data have.
   */
  readonly bitsPerDimension?: {
    /** The negative ELBO on the test examples. */
    readonly test: number;
    /** The negative ELBO on the validation examples; absent where there are none. */
    readonly validation?: number;
    /** The negative ELBO on training examples. */
    readonly train: number;
    /** The importance-weighted bound on the test examples. */
    readonly importance: number;
  };
  /** Over the test examples. */
  readonly latent: {
    readonly size: number;
    readonly activeUnits: number;
    /** The variance of its posterior mean above which a unit is active. */
    readonly activeUnitThreshold: number;
    readonly klPerDimension: readonly number[];
    /** Between example and code (Hoffman and Johnson, 2016). */
    readonly mutualInformation: number;
    readonly mutualInformationSamples: number;
    /** log of the number of test examples: no estimate can be above it. */
    readonly mutualInformationCeiling: number;
    /**
     * From the Gaussian with the aggregate posterior's mean and covariance to N(0, I): a lower bound on its KL.
     * Corrected for the bias of a finite number of examples.
     */
    readonly momentMatchedKl: number;
  };
  /**
   * Squared error of test examples' reconstructions, beside that of PCA with as many components as z has dimensions.
   * An autoregressive decoder reconstructs from the code alone: it reads the means that it wrote.
   */
  readonly squaredError: {
    readonly examples: number;
    readonly vae: number;
    readonly pca: number;
    /** Training examples that PCA was fitted to. */
    readonly pcaExamples: number;
  };
  /** How well classes are told from representations; null where it was not asked for. */
  readonly probe: ProbeMetrics | null;
  /** How well a network that was trained with few labels tells the class; absent where there is none. */
  readonly classifier?: {
    /** Share of the test examples that it is right about. */
    readonly accuracy: number;
    /** Test examples. */
    readonly examples: number;
  };
  /** What was measured for figures that have numbers of their own, by figure. */
  readonly studies?: Readonly<Record<string, unknown>>;
}

/** The negative ELBO at KL weight 1, and its two terms. */
export interface ElboMetrics {
  /** How many it is the mean of. */
  readonly examples: number;
  /** Samples of z for each example. */
  readonly samples: number;
  /** -ELBO: `reconstruction` + `kl`. */
  readonly loss: number;
  /** Standard error of `loss` over the examples; null where a single one cannot show it. */
  readonly standardError: number | null;
  /** -log p(x|z), nats per example. */
  readonly reconstruction: number;
  /** KL(q(z|x) || p(z)), nats per example; estimated at one sample of z where the prior is not N(0, I). */
  readonly kl: number;
}

/** Accuracies in [0, 1]. */
export interface ProbeMetrics {
  /** k of k-NN. */
  readonly neighbours: number;
  /** Training examples that the probe is fitted to and that neighbours are found among. */
  readonly referenceExamples: number;
  /** Test examples that are judged. */
  readonly testExamples: number;
  /** A row for each representation: of posterior means, PCA and raw inputs. */
  readonly rows: readonly {
    readonly representation: string;
    readonly dimensions: number;
    readonly linear: number;
    readonly nearest: number;
  }[];
}

/** All numbers of the evaluation. */
export const METRICS_JSON = jsonArtifact<EvaluationMetrics>("evaluate/metrics.json");
