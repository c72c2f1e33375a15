import { decodeSafetensors, encodeSafetensors, type Safetensors } from "../formats/safetensors.ts";
import type { Artifact } from "./artifact.ts";

/** The trained weights by name; the metadata hold the model and the shape of an example as JSON. */
export const WEIGHTS: Artifact<Safetensors> = {
  name: "train/weights.safetensors",
  encode: ({ tensors, metadata }) => encodeSafetensors(tensors, metadata),
  decode: (bytes) => decodeSafetensors(bytes, "weights.safetensors"),
};
