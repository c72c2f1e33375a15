import type { Dataset } from "../../artifacts/dataset.ts";
import type { StudyRole } from "../../figures/figures.ts";
import type { StudyModule } from "../../figures/study.ts";
import type { StageContext } from "../../graph/stage.ts";
import type { Subject } from "../../inference/subject.ts";
import type { KindEvaluation } from "../../kinds/kind.ts";
import type { Generation } from "../../kinds/music/schema.ts";
import type { ModelSpec } from "../../spec/schema.ts";
import type { EvaluationSpec } from "../../spec/experiment.ts";
import type { ClassPosterior } from "../../vae/class_posterior.ts";
import type { ModelRoles } from "../roles.ts";

/** The part of a spec that can change a measurement. */
export interface EvaluateSlice {
  readonly seed: number;
  readonly model: ModelSpec;
  readonly engine: string;
  readonly evaluation: EvaluationSpec;
  /** How probabilities of cells become notes, where the data are music. */
  readonly generation?: Generation;
  /** Names of the figures that have a study. */
  readonly studies: readonly string[];
  /** Those of the figures to show that need classes to tell apart. */
  readonly comparingClasses: readonly string[];
  /** Whether a classifier is to judge pictures; absent where none is. */
  readonly classifies?: true;
  /** Standard deviation of the noise that the model was trained against. */
  readonly inputNoise?: number;
}

/** The role that loads what judges pictures, where somebody is to. */
export type JudgeRole = `judge/${string}`;

/** The model, the kind of data, and a module for each of the studies. */
export type EvaluateModules =
  & ModelRoles
  & { readonly kind: KindEvaluation }
  & Readonly<Record<JudgeRole, typeof import("../../inference/classifier.ts")>>
  & Readonly<Record<StudyRole, StudyModule>>;

/** What the stage is given. */
export type EvaluateContext = StageContext<EvaluateSlice, null, EvaluateModules>;

/** What is measured, as the spec asks for it. */
export interface Evaluated extends Subject {
  readonly slice: EvaluateSlice;
  /** What tells classes, where it was trained with few labels. */
  readonly classPosterior: ClassPosterior | undefined;
}

/** The same without the data themselves. */
export type Measured = Omit<Evaluated, "dataset"> & { readonly dataset: Pick<Dataset, "info"> };
