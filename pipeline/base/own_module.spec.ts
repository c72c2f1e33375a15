import { z } from "zod";

/** The keys of a module of a user's: a fragment of the schema. */
export const moduleFields = {
  module: z.string().min(1).describe(
    "The file of a module of your own, relative to the spec (docs/own-model.md).",
  ),
  options: z.record(z.string(), z.json()).default({}).describe("What the module's own schema asks for."),
};
