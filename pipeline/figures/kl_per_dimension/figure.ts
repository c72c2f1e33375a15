import { nats } from "../../base/words.ts";
import type { Drawn, FigureData, NotDrawn } from "../figure.ts";
import { drawKlPerDimension } from "./draw.ts";

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
    (active < kl.kl.length ? " Empty, dashed bars are dimensions that the model leaves at the prior." : "");
  const alt = `Bar chart of the KL per dimension: ${kl.kl.map((value) => nats(value)).join(", ")} nats.`;
  return { title, caption, alt, svg: drawKlPerDimension(kl, { title, description: alt }) };
}
