import type { StudyName } from "../../spec/schema.ts";
import { type AttributesMetrics, studyAttributes } from "../../figures/attributes/study.ts";
import { type ClassSamplesMetrics, studyClassSamples } from "../../figures/class_samples/study.ts";
import { type CompletionMetrics, studyCompletion } from "../../figures/completion/study.ts";
import { type DenoisingMetrics, studyDenoising } from "../../figures/denoising/study.ts";
import type { StudyContext, StudyResult } from "../../figures/study.ts";

export interface StudyMetrics {
  readonly completion?: CompletionMetrics;
  readonly denoising?: DenoisingMetrics;
  readonly attributes?: AttributesMetrics;
  readonly "class-samples"?: ClassSamplesMetrics;
}

export const STUDY: {
  readonly [Name in StudyName]: (context: StudyContext) => StudyResult<NonNullable<StudyMetrics[Name]>>;
} = {
  "completion": studyCompletion,
  "denoising": studyDenoising,
  "attributes": studyAttributes,
  "class-samples": studyClassSamples,
};
