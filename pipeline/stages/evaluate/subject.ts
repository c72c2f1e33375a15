import type { EvaluationSpec, GenerationSpec, ModelSpec, StudyName } from "../../spec/schema.ts";
import type { Subject } from "../../inference/subject.ts";

export interface EvaluateSlice {
  readonly seed: number;
  readonly model: ModelSpec;
  readonly engine: string;
  readonly evaluation: EvaluationSpec;
  /** Of music alone. */
  readonly generation?: GenerationSpec;
  /** Of images alone. */
  readonly studies: readonly StudyName[];
  readonly inputNoise?: number;
}

/** What is measured, as the spec asks for it. */
export interface Evaluated extends Subject {
  readonly slice: EvaluateSlice;
}
