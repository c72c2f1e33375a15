import { type Shape, sizeOf } from "../../../base/shape.ts";
import type { LayerShape } from "../architecture.ts";
import { posteriorLayers } from "../layers.ts";
import type { LstmModel } from "./schema.ts";

/**
 * The layers of a recurrent model (`ArchitectureModule.describeLayers`). The first axis of an example is time: an image
 * is read row by row.
 */
export function describeLstmLayers(
  { encoder, decoder, latentSize }: LstmModel,
  inputShape: Shape,
  outputs: number,
): LayerShape[] {
  const [steps, size] = [inputShape[0]!, sizeOf(inputShape.slice(1))];
  const directions = encoder.direction === "bidirectional" ? 2 : 1;
  const stack = (part: string, inputSize: number, units: number, layers: number, directions: number) =>
    Array.from({ length: layers }, (_, i): LayerShape => {
      const input = i === 0 ? inputSize : units * directions;
      const last = part === "encoder" && i === layers - 1; // only its final state goes on
      return {
        name: `${part}/lstm${i + 1}`,
        kind: "lstm",
        title: directions === 2 ? "LSTM, both directions" : "LSTM",
        input: [steps, input],
        output: last ? [units * directions] : [steps, units * directions],
        parameters: directions * 4 * units * (input + units + 1),
      };
    });
  const reading = stack("encoder", size, encoder.units, encoder.layers, directions);
  const written = latentSize + (decoder.autoregressive ? size : 0);
  const writing = stack("decoder", written, decoder.units, decoder.layers, 1);
  return [
    ...reading,
    ...posteriorLayers([encoder.units * directions], latentSize),
    ...writing,
    {
      name: "decoder/output",
      kind: "dense",
      title: "dense, linear",
      input: [steps, decoder.units],
      output: [steps, outputs * size],
      parameters: outputs * size * (decoder.units + 1),
    },
  ];
}
