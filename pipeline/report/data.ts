import type { FigureEntry } from "../artifacts/figures_json.ts";
import type { ProbeMetrics } from "../artifacts/metrics_json.ts";
import type { Release } from "../base/release.ts";
import type { Nouns } from "../base/words.ts";
import type { ExplorerData } from "./explorer/explorer.ts";
import type { Unpackable } from "./explorer/pack.ts";
import type { PageSection } from "./kind.ts";
import type { ReportedSpec } from "./reported_spec.ts";

/** All that the page shows. The report stage makes it; the page reads no file. */
export interface ReportData {
  /** As the report's folder has it: paths of the user's relative to that, and no passwords. */
  readonly spec: ReportedSpec;
  /** How the run ended, in a sentence. */
  readonly status: string;
  readonly verdict: readonly Verdict[];
  readonly quantities: readonly Quantity[];
  /** What readers must know before they compare the quantities with published ones. */
  readonly caveat: string | null;
  readonly latent: readonly Fact[];
  /** How good samples are; none where that was not measured. */
  readonly samples: readonly Fact[];
  readonly probe: ProbeMetrics | null;
  /** The model itself, for the page to run. */
  readonly explorer: ExplorerData | Unpackable;
  /** What is shown of this kind of data alone. */
  readonly kindSections: readonly PageSection[];
  readonly figures: readonly (FigureEntry & { readonly svg: string })[];
  readonly omitted: readonly { readonly name: string; readonly reason: string }[];
  readonly dataset: DatasetFacts;
  readonly model: readonly Fact[];
  readonly words: VariantWords;
  readonly execution: Execution;
  /** The Reparam that made the page. */
  readonly release: Release;
  readonly downloads: readonly Download[];
}

/** One of the few numbers at the head of the page. */
export interface Verdict {
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly note: string;
}

/** A measured number with all that it depends on beside it. */
export interface Quantity {
  readonly name: string;
  readonly value: number;
  readonly standardError: number | null;
  readonly split: string;
  readonly examples: number;
  readonly likelihood: string;
  readonly binarisation: string;
  readonly note: string;
  /** A part of the quantity above it. */
  readonly part?: boolean;
}

/** A line of a list of settings or measurements. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

/** The data, with their source and their parts. */
export interface DatasetFacts {
  readonly title: string;
  readonly authors: string;
  readonly licence: { readonly name: string; readonly url: string };
  readonly url: string;
  /** The split in words. */
  readonly split: string;
  readonly binarisation: string;
  /** As downloaded. */
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  readonly shape: readonly number[];
  readonly classes: readonly string[];
  readonly splits: readonly { readonly name: string; readonly perClass: readonly number[] }[];
  readonly balanceSvg: string;
  /** A data URL. */
  readonly contactSheet: { readonly url: string; readonly width: number; readonly height: number };
}

/**
 * What the variants that a spec names say of themselves. It is part of the report's slice, so that its key holds the
 * words of no other variant.
 */
export interface VariantWords {
  /** What one example is called, and several. */
  readonly nouns: Nouns;
  /**
   * Where data lie that no other machine has, and the option that says where they lie there; null for published data.
   */
  readonly elsewhere: { readonly place: string; readonly option: string } | null;
  /** `Gaussian, σ learned` */
  readonly likelihood: string;
  /** The title of a likelihood of 0s and 1s; null for any other. */
  readonly binaryLikelihood: string | null;
  /** The title of a likelihood that is a density; null for any other. */
  readonly density: string | null;
  /** `VampPrior, 500 components` */
  readonly prior: string;
  /** Whether the prior is N(0, I), to which every KL is known in closed form. */
  readonly standardNormalPrior: boolean;
  /** `importance-weighted bound, 5 samples` */
  readonly objective: string;
  /** What is trained, where that is no variational autoencoder. */
  readonly trains?: string;
  /** What the objective has to say of likelihoods; absent where it has nothing. */
  readonly objectiveCaveat?: string;
  /** `linear from 0 to 1, epochs 0 to 5` */
  readonly klWeight: string;
  /** `cosine from 0.001 to 0` */
  readonly learningRate: string;
  /** `Adam, β 0.9 and 0.999` */
  readonly optimiser: string;
  /** Whether the decoder reads an example besides z, each step one late. */
  readonly readsPast: boolean;
  /** How the weights lie in their file, a sentence for each kind of layer. */
  readonly weightLayouts: readonly string[];
}

/** What happened when, and where: the one part of the page that differs from machine to machine. */
export interface Execution {
  readonly machine: readonly Fact[];
  readonly versions: readonly Fact[];
  /** Every npm package behind the stages' code, with its version. */
  readonly packages: readonly string[];
  readonly stages: readonly StageRow[];
  /** Sentences that stages had for the user. */
  readonly notices: readonly string[];
}

/** When a stage ran, under which key. */
export interface StageRow {
  readonly stage: string;
  readonly key: string;
  readonly codeHash: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly bytes: number;
}

/** A file of the bundle that the page links to. */
export interface Download {
  /** Relative to the page. */
  readonly path: string;
  readonly bytes: number;
  readonly group: string;
  readonly what: string;
  /** Its format, with shape, type and units. */
  readonly holds: string;
}
