import { z } from "zod";
import { activation, atLeastOne, modelFields, MOST_LAYERS, widths } from "../model_fields.ts";

const convLayer = z.strictObject({
  filters: atLeastOne(),
  kernel: atLeastOne().describe("Side of the square kernel, in pixels."),
  stride: atLeastOne().default(1),
  padding: z.enum(["same", "valid"]).default("same"),
});

/** A convolutional model, as a spec writes it. */
export const convSchema = z.strictObject({
  architecture: z.literal("conv"),
  ...modelFields,
  channels: atLeastOne().optional().describe(
    "Equal parts that lie side by side in each row of an example, read as channels. " +
      "Default: 2 for piano rolls with articulation (play and articulate), else 1.",
  ),
  encoder: z.strictObject({
    conv: z.array(convLayer).min(1).max(MOST_LAYERS).describe("Convolutions, input side first."),
    dense: widths().default([]).describe("Hidden layers between the convolutions and the posterior."),
    activation: activation.default("relu"),
  }),
  decoder: z.strictObject({
    dense: widths().default([]).describe("Hidden layers between z and the first feature map."),
    reshape: z.tuple([atLeastOne(), atLeastOne(), atLeastOne()]).describe(
      "First feature map: height, width, channels.",
    ),
    conv: z.array(convLayer).min(1).max(MOST_LAYERS).describe(
      "Transposed convolutions; the last one makes the output, so its filters are the example's channels, twice as " +
        "many where the likelihood takes its deviation or scale from the decoder.",
    ),
    activation: activation.default("relu"),
  }),
});

/** A convolutional model with its defaults. */
export type ConvModel = z.output<typeof convSchema>;
/** One convolution, or transposed convolution, of it. */
export type ConvLayer = z.output<typeof convLayer>;
