import { z } from "zod";
import type { Problem } from "../../../base/problem.ts";
import type { Activation } from "../../activation_names.ts";
import { smallestBatch } from "../comparing.spec.ts";
import type { ObjectiveConditions } from "../objective.ts";

/** What a spec says of a discriminator, whatever it is trained for. */
export const discriminatorFields = {
  rate: z.number().positive().max(100).default(1).describe(
    "How many times the learning rate the discriminator's is.",
  ),
  gradientPenalty: z.number().min(0).default(1).describe(
    "Weight of the discriminator's squared gradient at real examples (R1: Mescheder et al., 2018); 0 is none.",
  ),
};

/**
 * tfjs differentiates a derivative right where that is made of what the activation read. Of tanh, sigmoid and ELU it is
 * made of what they put out, and that path is lost without a word.
 */
const DIFFERENTIABLE_TWICE: readonly Activation[] = ["relu", "softplus", "linear"];

/**
 * Where no discriminator can be played against, or would have nothing to learn.
 *
 * @param what begins sentences: "A GAN"
 */
export function gameProblems(
  what: string,
  { gradientPenalty }: { readonly gradientPenalty: number },
  conditions: ObjectiveConditions,
): Problem[] {
  const problems = smallestBatch("How the game stands", conditions);
  const refuse = (path: string[], message: string, next: string) =>
    problems.push({ path, message, notes: [`Next: ${next}`] });
  if (conditions.readsPast) {
    refuse(
      ["model"],
      `${what} needs a decoder that makes an example of z alone: this one reads its own steps`,
      "another architecture, or one that does not read its own steps.",
    );
  }
  if (conditions.conditional) {
    refuse(
      ["model", "conditional"],
      `${what} has a discriminator that is told no class, so the decoder could pass over its own`,
      "leave model.conditional out.",
    );
  }
  if (!conditions.intensities) {
    refuse(
      ["objective"],
      `${what} needs examples with values between 0 and 1: of 0 and 1 alone, a discriminator tells what is made by its ` +
        "means, whatever it shows",
      "pictures whose dataset.binarisation is none.",
    );
  }
  if (conditions.outputsPerValue > 1) {
    refuse(
      ["model", "likelihood"],
      `${what} trains the mean of p(x|z), and nothing would train the deviations that this decoder puts out`,
      "a likelihood with one output for each value.",
    );
  }
  if (gradientPenalty > 0 && !DIFFERENTIABLE_TWICE.some((name) => name === conditions.activation)) {
    refuse(
      ["objective", "gradientPenalty"],
      "The gradient penalty needs a discriminator of layers whose activation can be differentiated twice here: " +
        DIFFERENTIABLE_TWICE.join(", "),
      "one of these as model.encoder.activation, or objective.gradientPenalty 0.",
    );
  }
  if (conditions.stopsEarly) {
    refuse(
      ["training", "earlyStopping"],
      `${what} is a game in which no loss falls to its end, and the likelihood is not what is played for`,
      "leave training.earlyStopping out.",
    );
  }
  if (conditions.freeBits > 0) {
    refuse(["kl", "freeBits"], `${what} has no KL term that free bits could spare`, "leave kl.freeBits out.");
  }
  return problems;
}
