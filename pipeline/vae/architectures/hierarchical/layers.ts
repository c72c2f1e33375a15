import { type Shape, sizeOf } from "../../../base/shape.ts";
import type { LayerShape } from "../architecture.ts";
import { denseLayer, posteriorLayers } from "../layers.ts";
import { describeLstmEncoder } from "../lstm/layers.ts";
import type { HierarchicalModel } from "./schema.ts";

/** The layers of a model with two levels (`ArchitectureModule.describeLayers`). The first axis of an example is time. */
export function describeHierarchicalLayers(
  { encoder, conductor, decoder, segment, latentSize }: HierarchicalModel,
  inputShape: Shape,
  outputs: number,
): LayerShape[] {
  const [steps, size] = [inputShape[0]!, sizeOf(inputShape.slice(1))];
  const segments = steps / segment, { embedding } = conductor;
  const reading = describeLstmEncoder(encoder, inputShape);
  const told = embedding + size;
  return [
    ...reading,
    ...posteriorLayers(reading.at(-1)!.output, latentSize),
    {
      name: "decoder/conductor",
      kind: "lstm",
      title: "LSTM, a step a segment",
      input: [segments, latentSize],
      output: [segments, conductor.units],
      parameters: 4 * conductor.units * (latentSize + conductor.units + 1),
    },
    {
      ...denseLayer("decoder/embedding", "tanh", [conductor.units], [embedding]),
      input: [segments, conductor.units],
      output: [segments, embedding],
    },
    {
      name: "decoder/lstm",
      kind: "lstm",
      title: "LSTM, anew in each segment",
      input: [steps, told],
      output: [steps, decoder.units],
      parameters: 4 * decoder.units * (told + decoder.units + 1),
    },
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
