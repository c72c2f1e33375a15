import type { StudyName } from "../../spec/schema.ts";
import { type AttributesMetrics, studyAttributes } from "./attributes.ts";
import { type ClassSamplesMetrics, studyClassSamples } from "./class_samples.ts";
import { type CompletionMetrics, studyCompletion } from "./completion.ts";
import { type DenoisingMetrics, studyDenoising } from "./denoising.ts";
import type { StudyContext, StudyResult } from "./study.ts";

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
