import { hasClasses } from "../../artifacts/dataset.ts";
import { count } from "../../base/words.ts";
import { chooseExamples, circleWords, latentPlane } from "../drawing/latent_plane.ts";
import type { Drawn, FigureData } from "../figure.ts";
import { drawLatentScatter } from "./draw.ts";
import type { ScatterOptions } from "./spec.ts";

/** Draws the codes of test examples in a plane. */
export function draw(data: FigureData<ScatterOptions>): Drawn {
  const { seed, options, info, test } = data;
  const chosen = chooseExamples(seed, test.examples, options.scatterPoints);
  const plane = latentPlane(data);
  const labels = chosen.map((i) => test.labels[i]!);
  const coordinates = plane.project(data.means, chosen);
  const title = "Latent space";
  const means = `Posterior means of ${count(chosen.length)} test examples`;
  const caption = hasClasses(info)
    ? `${means}, coloured by class; the large figures ` +
      `stand at each class's median. ${plane.words} ${circleWords(data)} ${
        data.model.conditional
          ? "The model is told the class, so z need not say it: where classes lie on one another, z is what they have in common."
          : "Classes that lie apart can be told apart from z alone, although the model never saw a label."
      }`
    : `${means}. ${plane.words} ${circleWords(data)}`;
  const coloured = hasClasses(info) ? ", coloured by class" : "";
  const alt = `Scatter plot of ${chosen.length} test examples in two latent dimensions${coloured}.`;
  const points = { coordinates, labels: Uint8Array.from(labels), classes: info.classes };
  const svg = drawLatentScatter(
    { points, axes: plane.axes, circles: data.prior.standardNormal },
    { title, description: alt },
  );
  return { title, caption, alt, svg };
}
