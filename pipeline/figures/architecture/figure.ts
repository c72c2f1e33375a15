import { count } from "../../base/words.ts";
import type { Drawn, FigureData } from "../figure.ts";
import { drawArchitecture } from "./draw.ts";

/** Draws the diagram of the model. */
export function draw(
  { model: { architecture: name, latentSize }, likelihood, layers, info }: FigureData,
): Drawn {
  const total = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const title = "The model";
  const caption =
    "Data flow down the encoder on the left, through z at the bottom, and up the decoder on the " +
    `right. Each box names a layer, the shape of what it puts out and how many parameters it learns; all ` +
    `together ${count(total)}.`;
  const alt = `Diagram of the ${name} encoder and decoder around ${latentSize} latent ` +
    `dimensions: ${layers.map((layer) => `${layer.name} ${layer.output.join("x")}`).join(", ")}.`;
  const svg = drawArchitecture(
    { latentSize, likelihood, layers, inputShape: info.shape },
    { title, description: alt },
  );
  return { title, caption, alt, svg };
}
