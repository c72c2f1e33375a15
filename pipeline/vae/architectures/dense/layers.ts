import { type Shape, sizeOf } from "../../../base/shape.ts";
import type { LayerShape } from "../architecture.ts";
import { denseLayer, denseLayers, posteriorLayers } from "../layers.ts";
import type { DenseModel } from "./schema.ts";

/** The layers of a dense model (`ArchitectureModule.describeLayers`). */
export function describeDenseLayers(
  { encoder, decoder, latentSize }: DenseModel,
  inputShape: Shape,
  outputs: number,
): LayerShape[] {
  const values = [sizeOf(inputShape)];
  const reading = denseLayers("encoder", encoder.activation, values, encoder.units);
  const writing = denseLayers("decoder", decoder.activation, [latentSize], decoder.units);
  return [
    ...reading,
    ...posteriorLayers(reading.at(-1)?.output ?? values, latentSize),
    ...writing,
    denseLayer("decoder/output", "linear", writing.at(-1)?.output ?? [latentSize], [
      outputs * sizeOf(inputShape),
    ]),
  ];
}
