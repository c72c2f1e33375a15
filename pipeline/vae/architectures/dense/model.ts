import { type Shape, sizeOf } from "../../../base/shape.ts";
import { ACTIVATIONS, chain, dense, denseStack } from "../../layer.ts";
import type { Variables } from "../../variables.ts";
import type { Decoder, Encoder } from "../architecture.ts";
import type { DenseModel } from "./schema.ts";

export { describeDenseLayers as describeLayers } from "./layers.ts";

/** Dense layers from the input on; without any, the two heads read the input itself. */
export function createEncoder(variables: Variables, model: DenseModel, inputShape: Shape): Encoder {
  const { units, activation } = model.encoder;
  const size = sizeOf(inputShape);
  return {
    hidden: denseStack(variables, "encoder", size, units, ACTIVATIONS[activation]),
    width: units.at(-1) ?? size,
  };
}

/** Dense layers from z on; the last one has no activation. */
export function createDecoder(
  variables: Variables,
  model: DenseModel,
  inputShape: Shape,
  outputs: number,
): Decoder {
  const { units, activation } = model.decoder;
  return {
    decode: chain([
      denseStack(variables, "decoder", model.latentSize, units, ACTIVATIONS[activation]),
      dense(variables, "decoder/output", units.at(-1) ?? model.latentSize, outputs * sizeOf(inputShape)),
    ]),
  };
}
