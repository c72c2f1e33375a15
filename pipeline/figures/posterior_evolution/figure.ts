import { hasClasses } from "../../artifacts/dataset.ts";
import { count } from "../../base/words.ts";
import { evolutionOf } from "../drawing/evolution.ts";
import { circleWords } from "../drawing/latent_plane.ts";
import type { Drawn, FigureData } from "../figure.ts";
import type { ScatterOptions } from "../latent_scatter/spec.ts";
import { drawPosteriorEvolution } from "./draw.ts";

/** Dots of a panel: more would make a small panel no clearer, only the file larger. */
const POINTS = 1500;
/** The most panels: three rows of three. */
const PANELS = 9;

/** Draws the codes of test examples, a panel for each epoch. */
export function draw(data: FigureData<ScatterOptions>): Drawn {
  const { evolution, plane } = evolutionOf(data, POINTS, PANELS);
  const { snapshots, labels } = evolution;
  const title = "How the posterior evolves";
  const caption =
    `The same ${count(labels.length)} test examples at ${snapshots.length} moments of training, on one ` +
    `scale. ${plane} ${circleWords(data)} ` +
    (hasClasses(data.info)
      ? `In a good run the means start out close ` +
        `together whatever the class; then classes move apart while the whole stays close to the prior.`
      : "In a good run the means start out close together, then move apart while the whole stays close to the prior.");
  const alt = `Scatter plots of the latent codes at epochs ${
    snapshots.map(({ epoch }) => epoch).join(", ")
  }.`;
  return { title, caption, alt, svg: drawPosteriorEvolution(evolution, { title, description: alt }) };
}
