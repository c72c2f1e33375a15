/**
 * What the pages read of an experiment's spec with every default filled in; its other values are shown and compared
 * as they are.
 */
export interface ReportedSpec {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly seed: number;
  readonly dataset: { readonly name: string; readonly source?: unknown };
  readonly model: {
    readonly architecture: string;
    /** The file of the user's that it is. */
    readonly module?: string | undefined;
    readonly latentSize: number;
    readonly conditional?: boolean | undefined;
    readonly prior?: { readonly name: string } | undefined;
  };
  readonly objective?: object;
  readonly kl: { readonly freeBits: number };
  readonly training: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly weightDecay: number;
    readonly gradientClipNorm?: number | undefined;
  };
  readonly evaluation: object;
  /** How cells become notes, where the kind of data asks for it. */
  readonly generation?: { readonly threshold: number } | undefined;
  /** With the options of the figures that are shown. */
  readonly figures: { readonly reconstructions?: number };
}

/** The dataset's part of a spec without where the data come from, which changes no number. */
export function withoutSource({ source: _, ...dataset }: ReportedSpec["dataset"]): object {
  return dataset;
}
