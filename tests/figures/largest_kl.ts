import { addText, createFigure } from "../../pipeline/figures/drawing/svg.ts";
import type { Drawn, FigureData } from "../../pipeline/figures/figure.ts";

/** A figure as a user would write it, who knows nothing but the contract. */
export function draw({ kl: { kl }, options }: FigureData<{ readonly samples: number }>): Drawn {
  const title = "The largest KL";
  const alt = `The largest of ${kl.length} latent dimensions has ${Math.max(...kl).toFixed(2)} nats.`;
  const figure = createFigure("largest-kl", 320, 20, { title, description: alt });
  addText(figure.root, 0, 14, alt);
  return { title, caption: `${alt} There are ${options.samples} samples.`, alt, svg: figure.toString() };
}
