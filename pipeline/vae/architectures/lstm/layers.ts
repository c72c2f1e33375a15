import { type Shape, sizeOf } from "../../../base/shape.ts";
import type { LayerShape } from "../architecture.ts";
import { posteriorLayers } from "../layers.ts";
import type { LstmModel } from "./schema.ts";

/** How an LSTM's weights lie in their file (`ArchitectureSpec.weightLayouts`). */
export const LSTM_LAYOUT = "The gates of an LSTM lie side by side: input, forget, candidate, output.";

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
  const reading = describeLstmEncoder(encoder, inputShape);
  const written = latentSize + (decoder.autoregressive ? size : 0);
  return [
    ...reading,
    ...posteriorLayers(reading.at(-1)!.output, latentSize),
    ...stack("decoder", [steps, written], decoder),
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

/** The layers of a recurrent encoder, of which the final state alone goes on. */
export function describeLstmEncoder(encoder: LstmModel["encoder"], inputShape: Shape): LayerShape[] {
  const layers = stack(
    "encoder",
    [inputShape[0]!, sizeOf(inputShape.slice(1))],
    encoder,
    encoder.direction === "bidirectional" ? 2 : 1,
  );
  const last = layers.pop()!;
  return [...layers, { ...last, output: last.output.slice(1) }];
}

function stack(
  part: string,
  [steps, size]: readonly [number, number],
  { units, layers }: { readonly units: number; readonly layers: number },
  directions = 1,
): LayerShape[] {
  return Array.from({ length: layers }, (_, i) => {
    const input = i === 0 ? size : units * directions;
    return {
      name: `${part}/lstm${i + 1}`,
      kind: "lstm",
      title: directions === 2 ? "LSTM, both directions" : "LSTM",
      input: [steps, input],
      output: [steps, units * directions],
      parameters: directions * 4 * units * (input + units + 1),
    };
  });
}
