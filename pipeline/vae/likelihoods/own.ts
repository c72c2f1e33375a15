import { z } from "zod";
import { fileUrl } from "../../base/module_url.ts";
import { moduleFields } from "../../base/own_module.spec.ts";
import { lastName, type OwnModule } from "../../base/own_module.ts";
import type { LikelihoodSpec, LikelihoodTraits } from "./likelihood.ts";

const schema = z.strictObject({ family: z.literal("module"), ...moduleFields });

/** The spec part of a likelihood that stands in a module of the user's. */
export const ownFamily = { schema };

/** What is found out of a likelihood of the user's by looking at its module. */
export interface AboutLikelihood extends Pick<LikelihoodSpec, "title" | "binary" | "density"> {
  readonly traits: LikelihoodTraits;
  readonly words: string;
}

/** A likelihood of the user's in a spec, with what is known of its module once that was looked at. */
export type OwnLikelihoodSpec = OwnModule & { readonly about?: AboutLikelihood };

/** What refuses nothing, until the module was looked at. */
const UNKNOWN = { output: "values", outputsPerValue: 1, exponentialFamily: true };

/** The variant that a module of the user's is. */
export function ownLikelihood({ module, about }: OwnLikelihoodSpec): LikelihoodSpec {
  const title = about?.title ?? lastName(module);
  return {
    schema,
    module: fileUrl(module),
    title,
    binary: about?.binary ?? true,
    density: about?.density ?? false,
    traits: () => about?.traits ?? UNKNOWN,
    words: () => about?.words ?? title,
  };
}
