import { z } from "zod";
import { fileUrl } from "../../base/module_url.ts";
import { moduleFields } from "../../base/own_module.spec.ts";
import { lastName, type OwnModule } from "../../base/own_module.ts";
import type { ObjectiveSpec } from "./objective.ts";

const schema = z.strictObject({ name: z.literal("module"), ...moduleFields });

/** The spec part of an objective that stands in a module of the user's. */
export const ownGoal = { schema };

/** An objective of the user's in a spec, with what is known of its module once that was looked at. */
export type OwnObjectiveSpec = OwnModule & { readonly about?: { readonly words: string } };

/** The variant that a module of the user's is. */
export function ownObjective({ module, about }: OwnObjectiveSpec): ObjectiveSpec {
  return {
    schema,
    module: fileUrl(module),
    words: () => about?.words ?? lastName(module),
    problems: () => [],
  };
}
