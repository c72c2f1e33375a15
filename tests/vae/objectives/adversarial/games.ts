import type { GanSpec } from "../../../../pipeline/vae/objectives/adversarial/gan.spec.ts";
import type { VaeGanSpec } from "../../../../pipeline/vae/objectives/adversarial/vae_gan.spec.ts";
import type { ObjectiveBase } from "../../../../pipeline/vae/objectives/objective.ts";

const vaeGan: VaeGanSpec = { name: "vae-gan", gamma: 0.3, rate: 1, gradientPenalty: 2 };
const gan: GanSpec = { name: "gan", rate: 1, gradientPenalty: 2 };

/** The objectives with a discriminator, with settings that no term vanishes at. */
export const GAMES: Readonly<Record<string, ObjectiveBase>> = { "vae-gan": vaeGan, gan };
