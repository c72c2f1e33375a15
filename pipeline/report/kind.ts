import type { ArtifactDescription } from "../artifacts/artifacts.ts";
import type { DatasetInfo } from "../artifacts/dataset.ts";
import type { EvaluationMetrics } from "../artifacts/metrics_json.ts";
import type { Markup } from "./markup.ts";

/** A part of the page under a heading of its own. */
export interface PageSection {
  /** Its place in the page: `#music`. */
  readonly id: string;
  /** The heading: "Music". */
  readonly title: string;
  /** What stands under the title. */
  readonly body: Markup;
}

/**
 * What the report on a kind of data has beyond that of any other: the exports of `kinds/<name>/report.ts`. The report
 * stage loads those of its dataset's kind.
 */
export interface KindReport {
  /** Sections that follow the numbers. */
  sections(metrics: EvaluationMetrics, model: ModelTraits): readonly PageSection[];
  /** What readers must know before they compare the numbers with published ones; null where there is nothing. */
  caveat(metrics: EvaluationMetrics): string | null;
  /** Files that stages write for data of this kind alone. */
  readonly artifacts: readonly ArtifactDescription[];
  /** Where the page's script begins: it starts the explorer, and what else this kind of data has that moves. */
  readonly script: URL;
  /** What the script is told of these data and of how the spec would have them generated. */
  explorerFacts(info: DatasetInfo, generation: unknown): unknown;
}

/** What a kind of data may ask of the model. */
export interface ModelTraits {
  /** Whether the decoder reads an example besides z, each step one late. */
  readonly readsPast: boolean;
}
