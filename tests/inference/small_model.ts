import type { ModelSpec } from "../../pipeline/spec/schema.ts";

/** Dimensions of z. */
export const LATENT = 2;

/** A dense model of a few units. */
export const MODEL: ModelSpec = {
  architecture: "dense",
  latentSize: LATENT,
  likelihood: { family: "bernoulli" },
  encoder: { units: [5], activation: "tanh" },
  decoder: { units: [5], activation: "tanh" },
};
