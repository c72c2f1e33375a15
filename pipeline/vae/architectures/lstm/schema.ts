import { z } from "zod";
import { atLeastOne, modelFields, MOST_LAYERS } from "../model_fields.ts";

const layerCount = () => atLeastOne().max(MOST_LAYERS);

/** An encoder of LSTM layers, as a spec writes it. */
export const lstmEncoderSchema = z.strictObject({
  units: atLeastOne().describe("Width of each layer, in each direction."),
  layers: layerCount().default(1).describe("Stacked layers."),
  direction: z.enum(["forward", "bidirectional"]).default("forward").describe(
    "bidirectional reads the time steps both ways and joins the two final states.",
  ),
});

/** A recurrent model, as a spec writes it. */
export const lstmSchema = z.strictObject({
  architecture: z.literal("lstm"),
  ...modelFields,
  encoder: lstmEncoderSchema,
  decoder: z.strictObject({
    units: atLeastOne().describe("Width of each layer."),
    layers: layerCount().default(1).describe("Stacked layers."),
    autoregressive: z.strictObject({
      wordDropout: z.number().min(0).max(1).default(0.5).describe(
        "Share of the steps that training hides from the decoder, so that it needs z (Bowman et al., 2016).",
      ),
    }).optional().describe(
      "At each step the decoder also reads the step before: the true one in training, its own when it generates.",
    ),
  }),
});

/** A recurrent model with its defaults. */
export type LstmModel = z.output<typeof lstmSchema>;
