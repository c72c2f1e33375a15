import { count } from "../../base/words.ts";
import type { Drawn, FigureData } from "../figure.ts";
import { drawArchitecture } from "./draw.ts";

/** Draws the diagram of the model. */
export function draw(
  { model: { architecture: name, latentSize }, likelihood, layers, parameters, info }: FigureData,
): Drawn {
  const ofLayers = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const title = "The model";
  const caption =
    "Data flow down the encoder on the left, through z at the bottom, and up the decoder on the " +
    `right. Each box names a layer, the shape of what it puts out and how many parameters it learns; all ` +
    `together ${count(parameters)}` +
    (parameters > ofLayers
      ? `, of which the likelihood or the prior learns ${count(parameters - ofLayers)}.`
      : ".");
  const alt = `Diagram of the ${name} encoder and decoder around ${latentSize} latent ` +
    `dimensions: ${layers.map((layer) => `${layer.name} ${layer.output.join("x")}`).join(", ")}.`;
  const svg = drawArchitecture(
    { latentSize, likelihood, layers, parameters, inputShape: info.shape },
    { title, description: alt },
  );
  return { title, caption, alt, svg };
}
