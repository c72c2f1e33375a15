import type { VariableGroup } from "../../engine/update/rule.ts";
import type { Adversary, Discriminator } from "../../vae/objectives/objective.ts";
import type { Vae } from "../../vae/vae.ts";

/** The parts that names of a model's variables begin with, and the loss that each minimises in a game. */
const ENCODER_LOSS = "loss", DECODER = /^decoder\//, DECODER_LOSS = "decoder";
const DISCRIMINATOR_LOSS = "discriminator";

/**
 * Who minimises what where a discriminator is trained against the model: encoder (and what the prior learns), decoder
 * (and what the likelihood learns), discriminator.
 */
export function playersOf(
  { variables }: Pick<Vae, "variables">,
  discriminator: Pick<Discriminator, "variables">,
  { rate }: Pick<Adversary, "rate">,
): VariableGroup[] {
  const names = variables.map(({ name }) => name);
  return [
    { loss: ENCODER_LOSS, variables: names.filter((name) => !DECODER.test(name)) },
    { loss: DECODER_LOSS, variables: names.filter((name) => DECODER.test(name)) },
    { loss: DISCRIMINATOR_LOSS, variables: discriminator.variables.map(({ name }) => name), rate },
  ];
}
