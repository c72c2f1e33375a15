import { z } from "zod";
import { moduleUrl } from "../../../base/module_url.ts";
import type { ArchitectureSpec } from "../architecture.ts";
import { activation, modelFields, widths } from "../model_fields.ts";
import { describeLayers } from "./layers.ts";

const schema = z.strictObject({
  architecture: z.literal("dense"),
  ...modelFields,
  encoder: z.strictObject({
    units: widths().min(1).describe("Width of each hidden layer, input side first."),
    activation: activation.default("relu"),
  }),
  decoder: z.strictObject({
    units: widths().min(1).describe("Width of each hidden layer, latent side first."),
    activation: activation.default("relu"),
  }),
});

export type DenseModel = z.output<typeof schema>;

/** A multi-layer perceptron on each side (Kingma and Welling, 2014, appendix C). */
export const dense = {
  schema,
  module: moduleUrl<typeof import("./model.ts")>(new URL("./model.ts", import.meta.url)),
  describeLayers,
  problems: () => [],
  fillDefaults: (model) => model,
  isAutoregressive: () => false,
} satisfies ArchitectureSpec<DenseModel>;
