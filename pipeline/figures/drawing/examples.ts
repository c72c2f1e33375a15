import { gather, type Part } from "../../artifacts/dataset.ts";
import { rowsAt } from "../../metrics/matrix.ts";
import type { FigureData } from "../figure.ts";
import { type Images, imagesOf } from "./image.ts";

/** The examples of a part at `indices`, as pictures. */
export function imagesAt({ info }: FigureData, part: Part, indices: readonly number[]): Images {
  return imagesOf(info.shape, gather(part, indices, new Float32Array(indices.length * part.size)));
}

/** Posterior means of the test examples at `indices`, [indices, latent size]. */
export function codesAt({ model, means }: FigureData, indices: readonly number[]): Float32Array {
  return rowsAt({ columns: model.latentSize, data: means }, indices).data;
}
