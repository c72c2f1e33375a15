import { z } from "zod";
import { activation, modelFields, widths } from "../model_fields.ts";

/** A dense model, as a spec writes it. */
export const denseSchema = z.strictObject({
  architecture: z.literal("dense"),
  ...modelFields,
  encoder: z.strictObject({
    units: widths().describe("Width of each hidden layer, input side first; [] for none: a linear encoder."),
    activation: activation.default("relu"),
  }),
  decoder: z.strictObject({
    units: widths().describe("Width of each hidden layer, latent side first; [] for none: a linear decoder."),
    activation: activation.default("relu"),
  }),
});

/** A dense model with its defaults. */
export type DenseModel = z.output<typeof denseSchema>;
