import { z } from "zod";
import { lstmEncoderSchema } from "../lstm/schema.ts";
import { atLeastOne, modelFields } from "../model_fields.ts";

/** A recurrent model whose decoder has two levels, as a spec writes it. */
export const hierarchicalSchema = z.strictObject({
  architecture: z.literal("hierarchical"),
  ...modelFields,
  encoder: lstmEncoderSchema,
  conductor: z.strictObject({
    units: atLeastOne().describe("Width of the LSTM that takes one step for each segment."),
    embedding: atLeastOne().describe("Numbers that a segment's steps are told of it."),
  }),
  segment: atLeastOne().default(16).describe(
    "Steps that one embedding stands for; a bar of sixteenths has 16. The steps of an example must be a multiple.",
  ),
  decoder: z.strictObject({
    units: atLeastOne().describe("Width of the LSTM that takes one step for each step of the example."),
    wordDropout: z.number().min(0).max(1).default(0.3).describe(
      "Share of the steps that training hides from the decoder, so that it needs z (Bowman et al., 2016).",
    ),
  }),
});

/** A recurrent model with two levels and its defaults. */
export type HierarchicalModel = z.output<typeof hierarchicalSchema>;
