import type { Dataset } from "../../artifacts/dataset.ts";
import type { Engine, Parameters } from "../../engine/engine.ts";
import type { StudyRole } from "../../figures/figures.ts";
import type { StudyModule } from "../../figures/study.ts";
import type { StageContext } from "../../graph/stage.ts";
import type { Labelled } from "../../metrics/probe.ts";
import type { EvaluationSpec, GenerationSpec, ModelSpec } from "../../spec/schema.ts";
import type { ModelRoles } from "../roles.ts";
import type { Vae } from "../../vae/vae.ts";
import { measuredExamples, type MeasuredPart } from "../../inference/example_losses.ts";

export interface EvaluateSlice {
  readonly seed: number;
  readonly model: ModelSpec;
  readonly engine: Engine["name"];
  readonly evaluation: EvaluationSpec;
  /** Of music alone. */
  readonly generation?: GenerationSpec;
  /** Names of the figures that have a study. */
  readonly studies: readonly string[];
  /** Standard deviation of the noise that the model was trained against. */
  readonly inputNoise?: number;
}

/** The model, and a module for each of the studies. */
export type EvaluateModules = ModelRoles & Readonly<Record<StudyRole, StudyModule>>;

export type EvaluateContext = StageContext<EvaluateSlice, null, EvaluateModules>;

/** A trained model and the data that it is measured on. */
export interface Subject {
  readonly slice: EvaluateSlice;
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly vae: Vae;
  readonly parameters: Parameters;
  /** Says what is being measured. */
  readonly report: (fraction: number, text: string) => void;
  /** Called between two pieces of work, so that an interruption is heard. */
  readonly pause: () => Promise<void>;
}

export function measuredPart({ slice: { seed }, dataset }: Subject, name: "train" | "test"): MeasuredPart {
  return { part: dataset[name], name, seed, dynamic: dataset.info.binarisation === "dynamic" };
}

/** Examples as values, with their labels. */
export function labelled(subject: Subject, name: "train" | "test", indices: Uint32Array): Labelled {
  const source = measuredPart(subject, name);
  const { size, labels } = subject.dataset[name];
  const data = measuredExamples(source, indices, new Float32Array(indices.length * size));
  return {
    features: { rows: indices.length, columns: size, data },
    labels: Uint8Array.from(indices, (index) => labels[index]!),
  };
}
