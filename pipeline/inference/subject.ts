import type { Dataset, PartName } from "../artifacts/dataset.ts";
import type { Engine, Parameters } from "../engine/engine.ts";
import type { Labelled } from "../metrics/probe.ts";
import type { Vae } from "../vae/vae.ts";
import { measuredExamples, type MeasuredPart } from "./example_losses.ts";

/** A trained model and the data that it is measured on. */
export interface Subject {
  /** The experiment's. */
  readonly seed: number;
  /** All parts. */
  readonly dataset: Dataset;
  /** Runs functions over the model. */
  readonly engine: Engine;
  /** Written in `tf.*`, over `parameters`. */
  readonly vae: Vae;
  /** The trained values. */
  readonly parameters: Parameters;
  /** Says what is being measured. */
  readonly report: (fraction: number, text: string) => void;
  /** Called between two pieces of work, so that an interruption is heard. */
  readonly pause: () => Promise<void>;
}

/** A part of the subject's data, as its losses are measured. */
export function measuredPart({ seed, dataset }: Subject, name: PartName): MeasuredPart {
  return { part: dataset[name], name, seed, dynamic: dataset.info.binarisation === "dynamic" };
}

/** The examples at `indices` as values in [0, 1], with their labels. */
export function labelled(subject: Subject, name: "train" | "test", indices: Uint32Array): Labelled {
  const source = measuredPart(subject, name);
  const { size, labels } = subject.dataset[name];
  const data = measuredExamples(source, indices, new Float32Array(indices.length * size));
  return {
    features: { rows: indices.length, columns: size, data },
    labels: Uint8Array.from(indices, (index) => labels[index]!),
  };
}
