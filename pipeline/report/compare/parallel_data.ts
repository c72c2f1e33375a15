/** Every finished run as a point on axes: what `parallel.js` draws, brushes and scatters. */
export interface ParallelData {
  readonly axes: readonly ParallelAxis[];
  readonly runs: readonly { readonly name: string; readonly group: number; readonly row: number }[];
  /** The colour of each group, on a light page. */
  readonly colours: readonly string[];
}

/** One axis: what a run was set to, or what came out. */
export interface ParallelAxis {
  readonly name: string;
  readonly unit: string;
  /** In order, where the axis has names and no numbers; values are then positions in it. */
  readonly names: readonly string[] | null;
  /** One of each run; null where it was not measured. */
  readonly values: readonly (number | null)[];
}
