import { nats } from "../../base/words.ts";
import type { Drawn, FigureData, NotDrawn } from "../figure.ts";
import { drawKlPerDimension } from "./draw.ts";

/** A posterior of less KL than this, in nats, is the prior. */
const AT_PRIOR = 0.1;

/** Draws the KL of each dimension. */
export function draw({ kl, prior }: FigureData): Drawn | NotDrawn {
  if (!prior.standardNormal) {
    return { reason: `The KL to this prior, ${prior.words}, is not a sum over dimensions.` };
  }
  const active = kl.active.filter(Boolean).length;
  const title = "What each latent dimension carries";
  const caption =
    `KL of each dimension's posterior to the prior, averaged over the test set, the largest first. ` +
    `${active} of ${kl.kl.length} dimensions are active: their posterior mean varies with the input.` +
    wordsOfIdle(kl.kl.filter((_, i) => !kl.active[i]));
  const alt = `Bar chart of the KL per dimension: ${kl.kl.map((value) => nats(value)).join(", ")} nats.`;
  return { title, caption, alt, svg: drawKlPerDimension(kl, { title, description: alt }) };
}

/** What the empty bars are. @param kl of the dimensions that are not active */
function wordsOfIdle(kl: readonly number[]): string {
  if (kl.length === 0) return "";
  return kl.every((nats) => nats < AT_PRIOR)
    ? " Empty, dashed bars are dimensions that the model leaves at the prior."
    : " Empty, dashed bars are dimensions whose posterior mean does not, so that they tell no examples apart.";
}
