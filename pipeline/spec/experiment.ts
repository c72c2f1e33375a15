import type { z } from "zod";
import { fillDefaults } from "./defaults.ts";
import { writtenSchema } from "./schema.ts";

/** A complete experiment: what is written, with every default filled in. */
export const experimentSchema = writtenSchema.transform(fillDefaults);

/** A spec as a user writes it. */
export type ExperimentInput = z.input<typeof experimentSchema>;
/** A spec with every default filled in. */
export type Experiment = z.output<typeof experimentSchema>;
/** How the model is trained. */
export type TrainingSpec = Experiment["training"];
/** How it is measured. */
export type EvaluationSpec = Experiment["evaluation"];
